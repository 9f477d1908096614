package asleep

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// Peculiarity is something that sets a session apart from others. Values unknown to
// this package are passed on as they are.
type Peculiarity string

// The documented peculiarities.
const (
	InProgress                  Peculiarity = "IN_PROGRESS"                      // open or closed; no Stat yet
	NeverSlept                  Peculiarity = "NEVER_SLEPT"                      // no sleep in the whole session
	TooShortForAnalysis         Peculiarity = "TOO_SHORT_FOR_ANALYSIS"           // no Stat
	TooLongForAnalysis          Peculiarity = "TOO_LONG_FOR_ANALYSIS"            // over 24 hours; hard to trust
	TooManyDefectsInSleepStages Peculiarity = "TOO_MANY_DEFECTS_IN_SLEEP_STAGES" // for example missing uploads; no Stat
	NoBreathingStability        Peculiarity = "NO_BREATHING_STABILITY"           // not part of the plan; says nothing about the sleeper
	NoRealtimePolling           Peculiarity = "NO_REALTIME_POLLING"              // not part of the plan; no Stat while recording
)

// Session is one session with everything the service knows about it.
type Session struct {
	Recording
	// The stages have one code for each 30 seconds from Start on; nil: not available.
	SleepStages      []int // 0 wake, 1 light (or asleep, in plans with two stages), 2 deep, 3 REM, -1 no data
	BreathStages     []int // the codes are not documented
	SnoringStages    []int // 0 none, 1 snoring
	Peculiarities    []Peculiarity
	MissingDataRatio *float64 // share of the analysis that was lost, 0 to 1; nil: unknown
	Stat             *Stat    // nil: see Peculiarities
}

const (
	getSession    = "GET /data/v3/sessions/{id}"
	deleteSession = "DELETE /ai/v1/sessions/{id}"
)

// Session returns one session with its stages. A complete session that ended more than
// two days ago is cached for 6 hours, any other for a minute. The result is shared by
// all callers: neither it nor anything it points to may be modified.
func (c *Client) Session(ctx context.Context, userID, sessionID string) (*Session, error) {
	if err := withOp(getSession, CheckUserID(userID), CheckSessionID(sessionID)); err != nil {
		return nil, err
	}
	return cached(ctx, c, getSession, cacheKey{user: userID, kind: sessionKind, session: sessionID},
		func(ctx context.Context) (*Session, error) {
			s, err := read(ctx, c, sessionCall(userID, sessionID), (*wireSession).session)
			return s.orError(sessionID, err)
		}, c.keepSession)
}

// sessionOnce sends one request, without retries and without a cache.
func (c *Client) sessionOnce(ctx context.Context, userID, sessionID string) (*Session, error) {
	ctx, cancel := bounded(ctx, getSession)
	defer cancel()
	s, err := once(ctx, c, sessionCall(userID, sessionID), (*wireSession).session)
	return s.orError(sessionID, err)
}

func sessionCall(userID, sessionID string) call {
	return call{op: getSession, id: sessionID, user: userID, zone: utc}
}

// orError returns a session that was read, or why it cannot be what was asked for.
func (s *Session) orError(sessionID string, err error) (*Session, error) {
	if err != nil {
		return nil, err
	}
	if s.ID != sessionID {
		return nil, unreadable(getSession, http.StatusOK, "it is about another session")
	}
	if err := checkTimes(s.ID, s.Start, s.End); err != nil {
		return nil, unreadable(getSession, http.StatusOK, "%w", err)
	}
	return s, nil
}

func (c *Client) keepSession(s *Session) (life time.Duration, weight int) {
	const epochsPerKilobyte = 128
	weight = (len(s.SleepStages) + len(s.BreathStages) + len(s.SnoringStages)) / epochsPerKilobyte
	if s.State == Complete && s.End != nil && c.now().Sub(*s.End) > settled {
		return longLife, weight
	}
	return shortLife, weight
}

// DeleteSession permanently removes a session with its audio, and forgets what is
// cached about its user. The request is sent once and never retried; [Unchanged] tells
// what a failure means.
func (c *Client) DeleteSession(ctx context.Context, userID, sessionID string) error {
	if err := withOp(deleteSession, CheckUserID(userID), CheckSessionID(sessionID)); err != nil {
		return err
	}
	// Also after a failure: it is then unknown what the service still has.
	defer c.Forget(userID)
	return remove(ctx, c, call{op: deleteSession, id: sessionID, user: userID})
}

type wireSession struct {
	Session *struct {
		wireIdentity
		State           word         `json:"state"`
		UnexpectedEnd   *instant     `json:"unexpected_end_time"`
		CreatedTimezone zoneName     `json:"created_timezone"`
		SleepStages     list[*whole] `json:"sleep_stages"`
		BreathStages    list[*whole] `json:"breath_stages"`
		SnoringStages   list[*whole] `json:"snoring_stages"`
	} `json:"session"`
	Peculiarities    list[word] `json:"peculiarities"`
	MissingDataRatio *float64   `json:"missing_data_ratio"`
	Stat             *wireStat  `json:"stat"`
}

func peculiarities(texts list[word]) []Peculiarity {
	if texts == nil {
		return nil
	}
	out := make([]Peculiarity, len(texts))
	for i, text := range texts {
		out[i] = Peculiarity(text)
	}
	return out
}

func (w *wireSession) check() error {
	if w.Session == nil {
		return errors.New("session is missing")
	}
	return w.Session.check("session")
}

func (w *wireSession) session() *Session {
	in := w.Session
	s := &Session{
		Recording: Recording{
			ID: in.id(), State: State(in.State), Start: in.start(), End: in.end(),
			UnexpectedEnd: (*time.Time)(in.UnexpectedEnd), CreatedTimezone: string(in.CreatedTimezone),
		},
		SleepStages: epochs(in.SleepStages), BreathStages: epochs(in.BreathStages), SnoringStages: epochs(in.SnoringStages),
		Peculiarities: peculiarities(w.Peculiarities), MissingDataRatio: within(w.MissingDataRatio, 0, 1),
	}
	if w.Stat != nil {
		s.Stat = new(w.Stat.stat())
	}
	return s
}
