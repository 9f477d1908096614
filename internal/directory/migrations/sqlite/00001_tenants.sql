-- +goose Up

CREATE TABLE organizations (
    id       TEXT NOT NULL PRIMARY KEY
             CHECK (id GLOB '[a-z0-9]*' AND id NOT GLOB '*[^a-z0-9-]*' AND length(id) <= 63),
    name     TEXT NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    settings TEXT NOT NULL CHECK (json_valid(settings)),
    created  TEXT NOT NULL
) STRICT;

-- A row without a user is a reservation. address is the e-mail in lower case.
CREATE TABLE members (
    organization TEXT NOT NULL REFERENCES organizations (id),
    address      TEXT NOT NULL CHECK (octet_length(address) BETWEEN 3 AND 508),
    email        TEXT NOT NULL CHECK (octet_length(email) BETWEEN 3 AND 254),
    attempt      TEXT NOT NULL CHECK (attempt <> ''),
    user_id      TEXT CHECK (user_id NOT GLOB '*[^A-Za-z0-9_-]*' AND length(user_id) BETWEEN 1 AND 128),
    role         TEXT NOT NULL CHECK (role IN ('user', 'coach', 'analyst')),
    metadata     TEXT NOT NULL CHECK (json_valid(metadata)),
    since        TEXT NOT NULL,
    PRIMARY KEY (organization, address),
    UNIQUE (organization, user_id)
) STRICT;

CREATE INDEX members_user ON members (user_id);

-- Asleep users that are to be removed, and are not yet known to be.
CREATE TABLE deletions (
    user_id TEXT NOT NULL PRIMARY KEY
            CHECK (user_id NOT GLOB '*[^A-Za-z0-9_-]*' AND length(user_id) BETWEEN 1 AND 128),
    cause   TEXT NOT NULL CHECK (cause IN ('deleting', 'orphaned')),
    since   TEXT NOT NULL
) STRICT;

-- Who counts as a member.
CREATE VIEW present_members AS
    SELECT organization, address, email, user_id, role, metadata, since
    FROM members m
    WHERE user_id IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM deletions d WHERE d.user_id = m.user_id);

CREATE TABLE subjects (
    issuer  TEXT NOT NULL CHECK (issuer <> ''),
    subject TEXT NOT NULL CHECK (subject <> ''),
    user_id TEXT NOT NULL
            CHECK (user_id NOT GLOB '*[^A-Za-z0-9_-]*' AND length(user_id) BETWEEN 1 AND 128),
    since   TEXT NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT;

CREATE INDEX subjects_user ON subjects (user_id);

-- Logins for which an Asleep user is being made.
CREATE TABLE signups (
    issuer  TEXT NOT NULL CHECK (issuer <> ''),
    subject TEXT NOT NULL CHECK (subject <> ''),
    attempt TEXT NOT NULL CHECK (attempt <> ''),
    since   TEXT NOT NULL,
    PRIMARY KEY (issuer, subject)
) STRICT;

-- Groups that a caller was told about: eight bytes of a salted hash a person.
CREATE TABLE answered_groups (
    salt         BLOB NOT NULL PRIMARY KEY CHECK (length(salt) = 16),
    organization TEXT NOT NULL REFERENCES organizations (id),
    caller       TEXT NOT NULL CHECK (caller <> ''),
    people       BLOB NOT NULL CHECK (length(people) % 8 = 0),
    answered     TEXT NOT NULL
) STRICT;

CREATE INDEX answered_groups_caller ON answered_groups (organization, caller, answered);
