-- +goose Up

-- What digests are made with, so that they tell nothing to whoever guesses what was
-- digested and does not have this archive.
CREATE TABLE salts (
    one   SMALLINT NOT NULL PRIMARY KEY CHECK (one = 1),
    value BYTEA NOT NULL CHECK (length(value) = 32)
);

-- Whose nights are kept, once for each environment and tracker. Everything about a person
-- refers to this row and goes with it.
CREATE TABLE people (
    person      BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    environment TEXT COLLATE "C" NOT NULL, -- digest of what identifies it; '' for imported nights
    tracker     TEXT COLLATE "C" NOT NULL CHECK (tracker <> ''),
    user_id     TEXT COLLATE "C" NOT NULL CHECK (user_id <> ''),
    since       TIMESTAMPTZ NOT NULL,
    begins      DATE, -- date of the first recording, since all were read
    gone        TIMESTAMPTZ, -- since when the service does not know them
    due         TIMESTAMPTZ, -- what was read before is to be read again
    UNIQUE (user_id, tracker, environment)
);

-- The dates (UTC) that were read: of each chunk of 100 days one range, and when it was
-- last read.
CREATE TABLE spans (
    person    BIGINT NOT NULL REFERENCES people (person) ON DELETE CASCADE,
    what      TEXT COLLATE "C" NOT NULL CHECK (what IN ('nights', 'recordings')),
    chunk     INTEGER NOT NULL,
    first_day DATE NOT NULL,
    last_day  DATE NOT NULL,
    read_at   TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (person, what, chunk)
);

-- Sessions with an outcome. Durations and latencies are seconds, ratios run from 0 to 1.
-- Partitions are months of start; the program makes them.
CREATE TABLE nights (
    person           BIGINT NOT NULL REFERENCES people (person) ON DELETE CASCADE,
    start            TIMESTAMPTZ NOT NULL,
    session_id       TEXT COLLATE "C" NOT NULL CHECK (session_id <> ''),
    seen             TIMESTAMPTZ NOT NULL, -- when it was last listed; kept up to date for those that cross the dates of a reading
    slept            SMALLINT NOT NULL CHECK (slept IN (0, 1)),
    finish           TIMESTAMPTZ,
    completed        TIMESTAMPTZ,
    zone             TEXT NOT NULL,
    sleep_time       TIMESTAMPTZ,
    wake_time        TIMESTAMPTZ,
    sleep_index      DOUBLE PRECISION,
    sleep_latency    DOUBLE PRECISION,
    wakeup_latency   DOUBLE PRECISION,
    time_in_bed      DOUBLE PRECISION,
    time_in_sleep    DOUBLE PRECISION,
    time_in_wake     DOUBLE PRECISION,
    time_in_light    DOUBLE PRECISION,
    time_in_deep     DOUBLE PRECISION,
    time_in_rem      DOUBLE PRECISION,
    time_in_snoring  DOUBLE PRECISION,
    longest_waso     DOUBLE PRECISION,
    sleep_efficiency DOUBLE PRECISION,
    more             BYTEA, -- the rest of what the service says, compressed
    PRIMARY KEY (person, start, session_id)
) PARTITION BY RANGE (start);

CREATE TABLE nights_before PARTITION OF nights FOR VALUES FROM (MINVALUE) TO ('2000-01-01 00:00:00+00');
CREATE TABLE nights_after PARTITION OF nights FOR VALUES FROM ('2100-01-01 00:00:00+00') TO (MAXVALUE);

-- Sessions as they are listed, finished or not, and what was read of each.
CREATE TABLE recordings (
    person     BIGINT NOT NULL REFERENCES people (person) ON DELETE CASCADE,
    start      TIMESTAMPTZ NOT NULL,
    session_id TEXT COLLATE "C" NOT NULL CHECK (session_id <> ''),
    listed     BYTEA, -- the item of the list, compressed; NULL: it was never listed
    read_at    TIMESTAMPTZ, -- NULL: only the item is known
    settled    SMALLINT NOT NULL CHECK (settled IN (0, 1)), -- the session will hardly change
    body       BYTEA, -- the session with its stages, compressed
    PRIMARY KEY (person, start, session_id)
) PARTITION BY RANGE (start);

CREATE TABLE recordings_before PARTITION OF recordings FOR VALUES FROM (MINVALUE) TO ('2000-01-01 00:00:00+00');
CREATE TABLE recordings_after PARTITION OF recordings FOR VALUES FROM ('2100-01-01 00:00:00+00') TO (MAXVALUE);

-- Digests of users who were forgotten and are not kept until a sync names them.
CREATE TABLE forgotten (
    mark  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    since TIMESTAMPTZ NOT NULL
);
