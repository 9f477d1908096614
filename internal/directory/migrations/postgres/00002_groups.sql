-- +goose Up

-- Groups told before are forgotten: it is not written down which nights they were
-- told about, and each has a salt of its own, so that three cannot be compared.
DROP TABLE answered_groups;

CREATE TABLE askers (
    caller TEXT COLLATE "C" PRIMARY KEY CHECK (caller <> ''),
    salt   BYTEA NOT NULL CHECK (octet_length(salt) = 16)
);

-- Groups that a caller was told about: eight bytes of a salted hash a person. digest
-- is that of people, which may be too long for an index.
CREATE TABLE told_groups (
    caller     TEXT COLLATE "C" NOT NULL REFERENCES askers (caller),
    kind       TEXT COLLATE "C" NOT NULL CHECK (kind <> ''),
    digest     BYTEA NOT NULL CHECK (octet_length(digest) = 32),
    people     BYTEA NOT NULL CHECK (octet_length(people) % 8 = 0),
    last_night DATE NOT NULL,
    PRIMARY KEY (caller, kind, digest)
);
