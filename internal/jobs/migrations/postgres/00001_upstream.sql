-- +goose Up

-- What may still be asked of the service, for each environment. Times are the database's.
CREATE TABLE upstream (
    environment TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    day         DATE NOT NULL, -- UTC
    used        BIGINT NOT NULL, -- requests of that day
    next_at     TIMESTAMPTZ NOT NULL, -- when the next request may begin
    slow        DOUBLE PRECISION NOT NULL, -- how many times slower than allowed, when it was last said
    slowed_at   TIMESTAMPTZ NOT NULL,
    halted      TEXT COLLATE "C" NOT NULL, -- code of the error for which nothing is asked; '': none
    probe_at    TIMESTAMPTZ NOT NULL -- when one request may find out whether that is over
);
