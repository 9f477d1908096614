-- +goose Up

CREATE TABLE organizations (
    id       TEXT COLLATE "C" PRIMARY KEY CHECK (id ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    name     TEXT NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    settings JSONB NOT NULL,
    created  TIMESTAMPTZ NOT NULL
);

-- A row without a user is a reservation. address is the e-mail in lower case.
CREATE TABLE members (
    organization TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
    address      TEXT COLLATE "C" NOT NULL CHECK (octet_length(address) BETWEEN 3 AND 508),
    email        TEXT NOT NULL CHECK (octet_length(email) BETWEEN 3 AND 254),
    attempt      TEXT NOT NULL CHECK (attempt <> ''),
    user_id      TEXT COLLATE "C" CHECK (user_id ~ '^[A-Za-z0-9_-]{1,128}$'),
    role         TEXT NOT NULL CHECK (role IN ('user', 'coach', 'analyst')),
    metadata     JSONB NOT NULL,
    since        TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (organization, address),
    UNIQUE (organization, user_id)
);

CREATE INDEX members_user ON members (user_id);

-- Asleep users that are to be removed, and are not yet known to be.
CREATE TABLE deletions (
    user_id TEXT COLLATE "C" PRIMARY KEY CHECK (user_id ~ '^[A-Za-z0-9_-]{1,128}$'),
    cause   TEXT NOT NULL CHECK (cause IN ('deleting', 'orphaned')),
    since   TIMESTAMPTZ NOT NULL
);

-- Who counts as a member.
CREATE VIEW present_members AS
    SELECT organization, address, email, user_id, role, metadata, since
    FROM members m
    WHERE user_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM deletions d WHERE d.user_id = m.user_id);

CREATE TABLE subjects (
    issuer  TEXT COLLATE "C" NOT NULL CHECK (issuer <> ''),
    subject TEXT COLLATE "C" NOT NULL CHECK (subject <> ''),
    user_id TEXT COLLATE "C" NOT NULL CHECK (user_id ~ '^[A-Za-z0-9_-]{1,128}$'),
    since   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (issuer, subject)
);

CREATE INDEX subjects_user ON subjects (user_id);

-- Logins for which an Asleep user is being made.
CREATE TABLE signups (
    issuer  TEXT COLLATE "C" NOT NULL CHECK (issuer <> ''),
    subject TEXT COLLATE "C" NOT NULL CHECK (subject <> ''),
    attempt TEXT NOT NULL CHECK (attempt <> ''),
    since   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (issuer, subject)
);

-- Groups that a caller was told about: eight bytes of a salted hash a person.
CREATE TABLE answered_groups (
    salt         BYTEA PRIMARY KEY CHECK (octet_length(salt) = 16),
    organization TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
    caller       TEXT COLLATE "C" NOT NULL CHECK (caller <> ''),
    people       BYTEA NOT NULL CHECK (octet_length(people) % 8 = 0),
    answered     TIMESTAMPTZ NOT NULL
);

CREATE INDEX answered_groups_caller ON answered_groups (organization, caller, answered);
