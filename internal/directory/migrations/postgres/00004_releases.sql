-- +goose Up

-- What each caller was told is no longer remembered: all are told the same.
DROP TABLE told_groups;
DROP TABLE askers;

-- Figures of a closed period, made once.
CREATE TABLE releases (
    organization TEXT COLLATE "C" NOT NULL REFERENCES organizations (id),
    period       TEXT COLLATE "C" NOT NULL CHECK (period <> ''),
    first_night  DATE NOT NULL,
    last_night   DATE NOT NULL,
    made         TIMESTAMPTZ NOT NULL,
    figures      JSONB NOT NULL,
    PRIMARY KEY (organization, period)
);

-- Who is behind the newest figures of an organization: eight bytes of a salted hash a person.
CREATE TABLE release_series (
    organization TEXT COLLATE "C" PRIMARY KEY REFERENCES organizations (id),
    people       BYTEA NOT NULL CHECK (octet_length(people) % 8 = 0)
);

-- One row: everybody who was ever behind figures, in cells that no release divides, with
-- eight zero bytes between two.
CREATE TABLE release_cells (
    one   INTEGER PRIMARY KEY CHECK (one = 1),
    salt  BYTEA NOT NULL CHECK (octet_length(salt) = 16),
    cells BYTEA NOT NULL CHECK (octet_length(cells) % 8 = 0)
);
