-- +goose Up

-- Who was reduced by which method, and from what.
CREATE TABLE reduced (
    person   BIGINT NOT NULL REFERENCES people (person) ON DELETE CASCADE,
    method   TEXT COLLATE "C" NOT NULL CHECK (method <> ''),
    at       TIMESTAMPTZ NOT NULL,
    last_day DATE NOT NULL, -- of the newest window
    read_at  TIMESTAMPTZ, -- when the newest of the nights were read
    PRIMARY KEY (person, method)
);

-- Rolling windows: so many days up to the last one. Durations are seconds, shares run from
-- 0 to 1; the columns that begin with before_ are about the as many days before.
CREATE TABLE rolling_windows (
    person            BIGINT NOT NULL REFERENCES people (person) ON DELETE CASCADE,
    days              SMALLINT NOT NULL,
    last_day          DATE NOT NULL,
    method            TEXT COLLATE "C" NOT NULL CHECK (method <> ''),
    why               TEXT, -- why there are no means although the nights were read
    read_at           TIMESTAMPTZ, -- NULL: all nights were imported
    first_night       DATE,
    nights            INTEGER NOT NULL,
    sessions          INTEGER NOT NULL,
    score             DOUBLE PRECISION,
    efficiency        DOUBLE PRECISION,
    asleep            DOUBLE PRECISION,
    asleep_24h        DOUBLE PRECISION,
    before_nights     INTEGER, -- NULL: they were not read
    before_score      DOUBLE PRECISION,
    before_efficiency DOUBLE PRECISION,
    before_asleep     DOUBLE PRECISION,
    before_asleep_24h DOUBLE PRECISION,
    PRIMARY KEY (person, days, last_day, method)
) PARTITION BY LIST (days);

CREATE TABLE rolling_windows_7 PARTITION OF rolling_windows FOR VALUES IN (7);
CREATE TABLE rolling_windows_14 PARTITION OF rolling_windows FOR VALUES IN (14);
CREATE TABLE rolling_windows_30 PARTITION OF rolling_windows FOR VALUES IN (30);
CREATE TABLE rolling_windows_90 PARTITION OF rolling_windows FOR VALUES IN (90);
CREATE TABLE rolling_windows_180 PARTITION OF rolling_windows FOR VALUES IN (180);
CREATE TABLE rolling_windows_365 PARTITION OF rolling_windows FOR VALUES IN (365);

-- Weeks (2026-W45) and months (2026-10) that are over.
CREATE TABLE calendar_windows (
    period      TEXT COLLATE "C" NOT NULL CHECK (period ~ '^[0-9]{4}-(W[0-9]{2}|[0-9]{2})$'),
    person      BIGINT NOT NULL REFERENCES people (person) ON DELETE CASCADE,
    method      TEXT COLLATE "C" NOT NULL CHECK (method <> ''),
    why         TEXT,
    first_night DATE,
    nights      INTEGER NOT NULL,
    sessions    INTEGER NOT NULL,
    score       DOUBLE PRECISION,
    efficiency  DOUBLE PRECISION,
    asleep      DOUBLE PRECISION,
    asleep_24h  DOUBLE PRECISION,
    PRIMARY KEY (period, person, method)
);

CREATE INDEX calendar_windows_person ON calendar_windows (person);
