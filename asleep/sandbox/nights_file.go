package sandbox

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// longestLine bounds one line of a file of nights, in bytes.
const longestLine = 256 << 10

// wallClock is how a file of nights writes a local time.
const wallClock = "2006-01-02T15:04:05"

// byteOrderMark is what some editors begin a file with; one within it was joined.
var byteOrderMark = []byte("\xef\xbb\xbf")

// nightLine is one line of a file of nights.
type nightLine struct {
	User     string  `json:"user"`
	Session  string  `json:"session_id"`
	Start    string  `json:"start"`
	End      string  `json:"end"`
	Timezone string  `json:"timezone"`
	Stages   string  `json:"stages"`
	Snoring  *string `json:"snoring"`
	State    string  `json:"state"`
}

// ReadNights reads people from newline-delimited JSON, one recording per line:
//
//	{"user":"G-1","start":"2026-09-01T22:46:43","timezone":"Europe/Paris","stages":"0011223.10","snoring":"0001100000"}
//
// start is the local time in timezone, an IANA name, optionally followed by the offset
// from UTC; without it, a time that occurs twice means the first occurrence. Each
// character of stages is 30 s: 0 wake, 1 light, 2 deep, 3 REM, "." unknown. These are
// optional: snoring, with a 0 or 1 for each stage; state, one of OPEN, CLOSED and
// COMPLETE; end, written like start; and session_id. Other members and blank lines are
// ignored. So are lines with a session_id but no stages, which asleep-mcp export writes
// if it does not know them. People and their recordings are returned in the order of
// the file.
//
// A byte order mark is ignored, and one of UTF-16 understood. Errors name the line and say
// what is wrong with it. A line is at most 256 KiB long.
func ReadNights(r io.Reader) ([]Person, error) {
	lines := bufio.NewScanner(transform.NewReader(r, unicode.BOMOverride(encoding.Nop.NewDecoder())))
	lines.Buffer(nil, longestLine)
	var people []Person
	index := map[string]int{}
	starts := map[string]int{}
	n := 0
	for lines.Scan() {
		n++
		line := bytes.TrimSpace(bytes.TrimPrefix(lines.Bytes(), byteOrderMark))
		if len(line) == 0 {
			continue
		}
		user, recording, err := readNight(line)
		if errors.Is(err, errNoStages) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
		start := user + recording.Start.UTC().String()
		if before, taken := starts[start]; taken {
			return nil, fmt.Errorf("line %d: the user already has a recording with this start, on line %d", n, before)
		}
		starts[start] = n
		if _, known := index[user]; !known {
			index[user] = len(people)
			people = append(people, Person{ID: user})
		}
		p := &people[index[user]]
		p.Recordings = append(p.Recordings, recording)
	}
	switch err := lines.Err(); {
	case errors.Is(err, bufio.ErrTooLong):
		return nil, fmt.Errorf("line %d: longer than %d bytes", n+1, longestLine)
	case err != nil:
		return nil, fmt.Errorf("line %d: %w", n+1, err)
	case len(people) == 0:
		return nil, errors.New("no nights in the file")
	}
	return people, nil
}

// errNoStages marks a recording that cannot be replayed.
var errNoStages = errors.New("no stages")

func readNight(line []byte) (string, Recording, error) {
	var in nightLine
	if err := json.Unmarshal(line, &in); err != nil {
		if wrong, is := errors.AsType[*json.UnmarshalTypeError](err); is && wrong.Field != "" {
			return "", Recording{}, fmt.Errorf("%s must be text, not %s", wrong.Field, wrong.Value)
		}
		return "", Recording{}, fmt.Errorf("not a JSON object: %w", err)
	}
	r := Recording{ID: in.Session, Zone: in.Timezone, State: State(in.State)}
	if !isUserID(in.User) {
		return "", r, fmt.Errorf("user %.40q: 1 to 128 letters, digits, _ and - are wanted", in.User)
	}
	if in.Session != "" && in.Stages == "" {
		return "", r, errNoStages
	}
	var err error
	if r.Start, err = readInstant("start", in.Start, in.Timezone); err != nil {
		return "", r, err
	}
	if in.End != "" {
		if r.End, err = readInstant("end", in.End, in.Timezone); err != nil {
			return "", r, err
		}
		if r.End.Before(r.Start) {
			return "", r, fmt.Errorf("end %q is before start", in.End)
		}
	}
	if r.Stages, err = readEpochs("stages", in.Stages, "0123."); err != nil {
		return "", r, err
	}
	if in.Snoring != nil {
		if r.Snoring, err = readEpochs("snoring", *in.Snoring, "01"); err != nil {
			return "", r, err
		}
		if len(r.Snoring) != len(r.Stages) {
			return "", r, fmt.Errorf("snoring has %d values for %d stages", len(r.Snoring), len(r.Stages))
		}
	}
	switch r.State {
	case "", Open, Closed, Complete:
		return in.User, r, nil
	}
	return "", r, fmt.Errorf("state %.40q: OPEN, CLOSED or COMPLETE is wanted", in.State)
}

// readInstant refuses a time that a clock change skipped: reading it as another time would be
// a guess. For a time that happens twice package time may return either; the first one has
// the offset of the day before.
func readInstant(field, text, timezone string) (time.Time, error) {
	zone, err := time.LoadLocation(timezone)
	if err != nil || timezone == "" || timezone == "Local" {
		return time.Time{}, fmt.Errorf("timezone %.40q: an IANA name such as Europe/Paris is wanted", timezone)
	}
	if t, err := time.Parse(time.RFC3339, text); err == nil {
		return t.In(zone), nil
	}
	t, err := time.ParseInLocation(wallClock, text, zone)
	if err != nil {
		return time.Time{}, fmt.Errorf("%s %.40q: a local time such as 2026-09-01T22:46:43 is wanted", field, text)
	}
	if t.Format(wallClock) != text {
		return time.Time{}, fmt.Errorf("%s %q does not exist in %s", field, text, timezone)
	}
	_, offset := t.Zone()
	_, before := t.AddDate(0, 0, -1).Zone()
	if first := t.Add(time.Duration(offset-before) * time.Second); first.Format(wallClock) == text {
		return first, nil
	}
	return t, nil
}

// readEpochs turns characters into values; "." is unknown.
func readEpochs(field, text, alphabet string) ([]int8, error) {
	if text == "" {
		return nil, fmt.Errorf("%s is missing or empty", field)
	}
	values := make([]int8, len(text))
	for i, c := range text { // up to the first mistake, one byte each
		switch {
		case !strings.ContainsRune(alphabet, c):
			return nil, fmt.Errorf("%s has %q at position %d; characters of %q are wanted", field, c, i+1, alphabet)
		case c == '.':
			values[i] = unknown
		default:
			values[i] = int8(c - '0')
		}
	}
	return values, nil
}
