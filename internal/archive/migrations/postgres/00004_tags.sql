-- +goose Up

-- What people wrote about their nights.
CREATE TABLE tags (
    person BIGINT NOT NULL REFERENCES people (person) ON DELETE CASCADE,
    night  DATE NOT NULL,
    tag    TEXT COLLATE "C" NOT NULL CHECK (tag <> ''),
    note   TEXT NOT NULL,
    PRIMARY KEY (person, night, tag)
);
