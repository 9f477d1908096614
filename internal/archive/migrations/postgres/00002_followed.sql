-- +goose Up

-- Who is kept up to date without being asked about.
ALTER TABLE people ADD COLUMN followed TIMESTAMPTZ; -- when it was last said that they are to be; NULL: they are not
ALTER TABLE people ADD COLUMN hinted   TIMESTAMPTZ; -- since when the service may have new nights
ALTER TABLE people ADD COLUMN failing  TEXT COLLATE "C"; -- code of the error of the last reading; NULL: it went well

CREATE INDEX people_followed ON people (environment, person) WHERE followed IS NOT NULL OR hinted IS NOT NULL;
