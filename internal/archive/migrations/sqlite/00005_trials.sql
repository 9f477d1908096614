-- +goose Up

-- Trials of one change that people make on themselves.
CREATE TABLE trials (
    person  INTEGER NOT NULL REFERENCES people (person) ON DELETE CASCADE,
    first   TEXT NOT NULL,                        -- night
    last    TEXT NOT NULL,                        -- night; before that of the plan if it was stopped
    plan    TEXT NOT NULL CHECK (plan <> ''),     -- a digit for each night from the first on: 1 has the change
    change  TEXT NOT NULL CHECK (change <> ''),   -- the tag of nights on which it was made
    measure TEXT NOT NULL,
    PRIMARY KEY (person, first)
) STRICT, WITHOUT ROWID;
