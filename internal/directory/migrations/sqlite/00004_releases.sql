-- +goose Up

-- What each caller was told is no longer remembered: all are told the same.
DROP TABLE told_groups;
DROP TABLE askers;

-- Figures of a closed period, made once.
CREATE TABLE releases (
    organization TEXT NOT NULL REFERENCES organizations (id),
    period       TEXT NOT NULL CHECK (period <> ''),
    first_night  TEXT NOT NULL CHECK (first_night GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    last_night   TEXT NOT NULL CHECK (last_night GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'),
    made         TEXT NOT NULL,
    figures      TEXT NOT NULL CHECK (json_valid(figures)),
    PRIMARY KEY (organization, period)
) STRICT;

-- Who is behind the newest figures of an organization: eight bytes of a salted hash a person.
CREATE TABLE release_series (
    organization TEXT NOT NULL PRIMARY KEY REFERENCES organizations (id),
    people       BLOB NOT NULL CHECK (length(people) % 8 = 0)
) STRICT;

-- One row: everybody who was ever behind figures, in cells that no release divides, with
-- eight zero bytes between two.
CREATE TABLE release_cells (
    one   INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    salt  BLOB NOT NULL CHECK (length(salt) = 16),
    cells BLOB NOT NULL CHECK (length(cells) % 8 = 0)
) STRICT;
