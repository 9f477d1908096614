-- +goose Up

-- Groups told before are forgotten: it is not written down which nights they were
-- told about, and each has a salt of its own, so that three cannot be compared.
DROP TABLE answered_groups;

CREATE TABLE askers (
    caller TEXT NOT NULL PRIMARY KEY CHECK (caller <> ''),
    salt   BLOB NOT NULL CHECK (length(salt) = 16)
) STRICT;

-- Groups that a caller was told about: eight bytes of a salted hash a person. digest
-- is that of people, which may be too long for an index.
CREATE TABLE told_groups (
    caller     TEXT NOT NULL REFERENCES askers (caller),
    kind       TEXT NOT NULL CHECK (kind <> ''),
    digest     BLOB NOT NULL CHECK (length(digest) = 32),
    people     BLOB NOT NULL CHECK (length(people) % 8 = 0),
    last_night TEXT NOT NULL CHECK (last_night GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    PRIMARY KEY (caller, kind, digest)
) STRICT;
