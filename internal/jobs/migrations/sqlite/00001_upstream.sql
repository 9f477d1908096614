-- +goose Up

-- What may still be asked of the service, for each environment. Times are the database's.
CREATE TABLE upstream (
    environment TEXT NOT NULL PRIMARY KEY,
    day         TEXT NOT NULL, -- UTC
    used        INTEGER NOT NULL, -- requests of that day
    next_at     TEXT NOT NULL, -- when the next request may begin
    slow        REAL NOT NULL, -- how many times slower than allowed, when it was last said
    slowed_at   TEXT NOT NULL,
    halted      TEXT NOT NULL, -- code of the error for which nothing is asked; '': none
    probe_at    TEXT NOT NULL -- when one request may find out whether that is over
) STRICT;
