-- +goose Up

-- Who was reduced by which method, and from what.
CREATE TABLE reduced (
    person   INTEGER NOT NULL REFERENCES people (person) ON DELETE CASCADE,
    method   TEXT NOT NULL CHECK (method <> ''),
    at       TEXT NOT NULL,
    last_day TEXT NOT NULL, -- of the newest window
    read_at  TEXT, -- when the newest of the nights were read
    PRIMARY KEY (person, method)
) STRICT, WITHOUT ROWID;

-- Rolling windows: so many days up to the last one. Durations are seconds, shares run from
-- 0 to 1; the columns that begin with before_ are about the as many days before.
CREATE TABLE rolling_windows (
    person            INTEGER NOT NULL REFERENCES people (person) ON DELETE CASCADE,
    days              INTEGER NOT NULL,
    last_day          TEXT NOT NULL,
    method            TEXT NOT NULL CHECK (method <> ''),
    why               TEXT, -- why there are no means although the nights were read
    read_at           TEXT, -- NULL: all nights were imported
    first_night       TEXT,
    nights            INTEGER NOT NULL,
    sessions          INTEGER NOT NULL,
    score             REAL,
    efficiency        REAL,
    asleep            REAL,
    asleep_24h        REAL,
    before_nights     INTEGER, -- NULL: they were not read
    before_score      REAL,
    before_efficiency REAL,
    before_asleep     REAL,
    before_asleep_24h REAL,
    PRIMARY KEY (days, last_day, method, person)
) STRICT, WITHOUT ROWID;

CREATE INDEX rolling_windows_person ON rolling_windows (person);

-- Weeks (2026-W45) and months (2026-10) that are over.
CREATE TABLE calendar_windows (
    period      TEXT NOT NULL CHECK (period GLOB '[0-9][0-9][0-9][0-9]-*'),
    person      INTEGER NOT NULL REFERENCES people (person) ON DELETE CASCADE,
    method      TEXT NOT NULL CHECK (method <> ''),
    why         TEXT,
    first_night TEXT,
    nights      INTEGER NOT NULL,
    sessions    INTEGER NOT NULL,
    score       REAL,
    efficiency  REAL,
    asleep      REAL,
    asleep_24h  REAL,
    PRIMARY KEY (period, person, method)
) STRICT, WITHOUT ROWID;

CREATE INDEX calendar_windows_person ON calendar_windows (person);
