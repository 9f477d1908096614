package windows

import (
	"database/sql/driver"
	"fmt"
	"slices"
	"time"

	"cloud.google.com/go/civil"
	"github.com/go-json-experiment/json"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
)

// lengths are those of rolling windows.
var lengths = []int{7, 14, 30, 90, 180, 365}

// Lengths returns the lengths of rolling windows in days, ascending.
func Lengths() []int { return append([]int(nil), lengths...) }

// longestCompared is the longest window of which the one before it is kept, too: both
// together are no more than a year.
const longestCompared = 180

// Means are those of a person's nights in a window.
type Means struct {
	Nights                              int // with a main sleep
	Score, Efficiency, Asleep, Asleep24 *float64
}

func meansOf(all []analytics.Night) Means {
	p := analytics.PersonOf(all, analytics.AdultRecommendation())
	return Means{p.Nights, p.Score.Value, p.Efficiency.Value, p.Asleep.Value, p.Asleep24.Value}
}

// Person returns the means as analytics takes them. They are valid as long as m is not
// changed.
func (m *Means) Person() analytics.Person {
	of := func(value *float64) analytics.Estimate { return analytics.Estimate{Value: value, N: m.Nights} }
	return analytics.Person{Nights: m.Nights, Score: of(m.Score), Efficiency: of(m.Efficiency), Asleep: of(m.Asleep), Asleep24: of(m.Asleep24)}
}

// A Row is what is kept of one person's nights in one window.
type Row struct {
	Means

	Before   *Means           // of the window before it; nil: its nights were not read
	Sessions int              // slept recordings, used or not
	First    civil.Date       // of the nights; zero: there are none
	Why      analytics.Reason // why there are no means although the nights were read; "": there are
	Read     time.Time        // when the newest of the nights were read; zero: all were imported
	Imported Sources          // of a rolling window with imported nights; nil: there are none
}

// Sources count the nights of each tracker.
type Sources []nights.SourceNights

// Sources returns how many nights are of which tracker.
func (r Row) Sources() Sources {
	if r.Imported == nil && r.Nights > 0 {
		return Sources{{Tracker: nights.Service, Nights: r.Nights}}
	}
	return r.Imported
}

// Scan implements [sql.Scanner].
func (s *Sources) Scan(from any) error {
	switch v := from.(type) {
	case nil:
		return nil
	case string:
		return json.Unmarshal([]byte(v), s)
	}
	return fmt.Errorf("%T does not say where nights come from", from)
}

// Value implements [driver.Valuer].
func (s Sources) Value() (driver.Value, error) {
	if s == nil {
		return nil, nil
	}
	text, err := json.Marshal(s)
	return string(text), err
}

// Old reports whether the nights were read more than [FreshFor] ago.
func (r Row) Old(now time.Time) bool { return !r.Read.IsZero() && now.Sub(r.Read) > FreshFor }

// noNightlyNumbers is why there are no means where the service lists recordings without
// their numbers.
const noNightlyNumbers analytics.Reason = "no_nightly_numbers"

// rowOf reduces a part of a window of nights.
func rowOf(w *nights.Window, d nights.Days) Row {
	if w.Sparse {
		return Row{Why: noNightlyNumbers}
	}
	part := w.Within(d)
	r := Row{Means: meansOf(part.Nights), Sessions: part.Sessions()}
	if all := part.Sources(); slices.ContainsFunc(all, func(n nights.SourceNights) bool { return n.Tracker != nights.Service }) {
		r.Imported = all
	}
	if len(part.Nights) > 0 {
		r.First = part.Nights[0].Date
	}
	return r
}
