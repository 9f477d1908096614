-- +goose Up

-- How many of the nights each tracker recorded, as JSON; NULL: the service recorded all.
ALTER TABLE rolling_windows ADD COLUMN sources TEXT;
