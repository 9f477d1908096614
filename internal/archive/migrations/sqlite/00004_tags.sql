-- +goose Up

-- What people wrote about their nights.
CREATE TABLE tags (
    person INTEGER NOT NULL REFERENCES people (person) ON DELETE CASCADE,
    night  TEXT NOT NULL,
    tag    TEXT NOT NULL CHECK (tag <> ''),
    note   TEXT NOT NULL,
    PRIMARY KEY (person, night, tag)
) STRICT, WITHOUT ROWID;
