-- +goose Up

-- Of each cell, in their order: which sets of people were behind figures and have them, and
-- how much figures tell about each of its people.
ALTER TABLE release_cells ADD COLUMN told JSONB NOT NULL DEFAULT '[]';
