-- +goose Up

-- Trials of one change that people make on themselves.
CREATE TABLE trials (
    person  BIGINT NOT NULL REFERENCES people (person) ON DELETE CASCADE,
    first   DATE NOT NULL,                                    -- night
    last    DATE NOT NULL,                                    -- night; before that of the plan if it was stopped
    plan    TEXT COLLATE "C" NOT NULL CHECK (plan <> ''),     -- a digit for each night from the first on: 1 has the change
    change  TEXT COLLATE "C" NOT NULL CHECK (change <> ''),   -- the tag of nights on which it was made
    measure TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (person, first)
);
