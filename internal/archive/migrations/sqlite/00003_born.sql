-- +goose Up

-- What the service says of a date of birth, so that a score without the service is that of
-- the same age: a year, or a date; '' if it does not say.
ALTER TABLE people ADD COLUMN born TEXT;
ALTER TABLE people ADD COLUMN born_at TEXT; -- when the service said so
