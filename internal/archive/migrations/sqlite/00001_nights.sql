-- +goose Up

-- What digests are made with, so that they tell nothing to whoever guesses what was
-- digested and does not have this archive.
CREATE TABLE salts (
    one   INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    value BLOB NOT NULL CHECK (length(value) = 32)
) STRICT;

-- Whose nights are kept, once for each environment and tracker. Everything about a person
-- refers to this row and goes with it.
CREATE TABLE people (
    person      INTEGER NOT NULL PRIMARY KEY,
    environment TEXT NOT NULL, -- digest of what identifies it; '' for imported nights
    tracker     TEXT NOT NULL CHECK (tracker <> ''),
    user_id     TEXT NOT NULL CHECK (user_id <> ''),
    since       TEXT NOT NULL,
    begins      TEXT, -- date of the first recording, since all were read
    gone        TEXT, -- since when the service does not know them
    due         TEXT, -- what was read before is to be read again
    UNIQUE (user_id, tracker, environment)
) STRICT;

-- The dates (UTC) that were read: of each chunk of 100 days one range, and when it was
-- last read.
CREATE TABLE spans (
    person    INTEGER NOT NULL REFERENCES people (person) ON DELETE CASCADE,
    what      TEXT NOT NULL CHECK (what IN ('nights', 'recordings')),
    chunk     INTEGER NOT NULL,
    first_day TEXT NOT NULL,
    last_day  TEXT NOT NULL,
    read_at   TEXT NOT NULL,
    PRIMARY KEY (person, what, chunk)
) STRICT, WITHOUT ROWID;

-- Sessions with an outcome. Durations and latencies are seconds, ratios run from 0 to 1.
CREATE TABLE nights (
    person           INTEGER NOT NULL REFERENCES people (person) ON DELETE CASCADE,
    start            TEXT NOT NULL,
    session_id       TEXT NOT NULL CHECK (session_id <> ''),
    seen             TEXT NOT NULL, -- when it was last listed; kept up to date for those that cross the dates of a reading
    slept            INTEGER NOT NULL CHECK (slept IN (0, 1)),
    finish           TEXT,
    completed        TEXT,
    zone             TEXT NOT NULL,
    sleep_time       TEXT,
    wake_time        TEXT,
    sleep_index      REAL,
    sleep_latency    REAL,
    wakeup_latency   REAL,
    time_in_bed      REAL,
    time_in_sleep    REAL,
    time_in_wake     REAL,
    time_in_light    REAL,
    time_in_deep     REAL,
    time_in_rem      REAL,
    time_in_snoring  REAL,
    longest_waso     REAL,
    sleep_efficiency REAL,
    more             BLOB, -- the rest of what the service says, compressed
    PRIMARY KEY (person, start, session_id)
) STRICT, WITHOUT ROWID;

-- Sessions as they are listed, finished or not, and what was read of each.
CREATE TABLE recordings (
    person     INTEGER NOT NULL REFERENCES people (person) ON DELETE CASCADE,
    start      TEXT NOT NULL,
    session_id TEXT NOT NULL CHECK (session_id <> ''),
    listed     BLOB, -- the item of the list, compressed; NULL: it was never listed
    read_at    TEXT, -- NULL: only the item is known
    settled    INTEGER NOT NULL CHECK (settled IN (0, 1)), -- the session will hardly change
    body       BLOB, -- the session with its stages, compressed
    PRIMARY KEY (person, start, session_id)
) STRICT, WITHOUT ROWID;

-- Digests of users who were forgotten and are not kept until a sync names them.
CREATE TABLE forgotten (
    mark  TEXT NOT NULL PRIMARY KEY,
    since TEXT NOT NULL
) STRICT;
