-- +goose Up

-- How many of the nights came without numbers that can be read; NULL: none.
ALTER TABLE people ADD COLUMN unreadable INTEGER;
