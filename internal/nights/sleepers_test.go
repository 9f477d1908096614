package nights

import (
	"context"
	"fmt"
	"testing"
	"time"

	"cloud.google.com/go/civil"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/sleepers"
)

// lifeSource has the recordings of a life in chunks of some days, read when they are asked
// for, and none that is unfinished.
type lifeSource struct {
	Source
	life  []asleep.SleptSession
	first civil.Date
	days  int // of a chunk
	read  map[civil.Date]*asleep.Chunk
}

func lifeOf(blocks []sleepers.Block, first civil.Date, days int) *lifeSource {
	s := &lifeSource{first: first.AddDays(-500), days: days, read: map[civil.Date]*asleep.Chunk{}}
	for i, b := range blocks {
		slept := b.Asleep().Seconds()
		s.life = append(s.life, asleep.SleptSession{
			ID: fmt.Sprint(i), CreatedTimezone: b.Zone.String(), Start: b.Start, End: b.End,
			Stat: asleep.Stat{
				SleepTime: &b.Onset, WakeTime: &b.Wake, TimeInBed: new(b.End.Sub(b.Start).Seconds()), TimeInSleep: &slept, TimeInWake: new(0.0),
			},
		})
	}
	return s
}

func (s *lifeSource) Chunks(_ context.Context, _ string, from, to civil.Date) ([]*asleep.Chunk, error) {
	var list []*asleep.Chunk
	for at := s.first.AddDays(from.DaysSince(s.first) / s.days * s.days); !at.After(to); at = at.AddDays(s.days) {
		if s.read[at] == nil {
			c := &asleep.Chunk{From: at, To: at.AddDays(s.days - 1), NeverSlept: []asleep.NeverSleptSession{}}
			for _, one := range s.life {
				if began := civil.DateOf(one.Start.UTC()); !began.Before(c.From) && !began.After(c.To) {
					c.Slept = append(c.Slept, one)
				}
			}
			s.read[at] = c
		}
		list = append(list, s.read[at])
	}
	return list, nil
}

func (s *lifeSource) RecentSessions(context.Context, string) ([]asleep.SessionInfo, error) {
	return nil, nil
}

// shapeOf tells nights by their dates, recordings and sleep.
func shapeOf(list []analytics.Night) string {
	text := ""
	for _, n := range list {
		text += fmt.Sprint(n.Date, n.Excluded, n.Asleep(), n.Asleep24())
		for _, s := range n.Main {
			text += " " + s.ID
		}
		for _, s := range n.Naps {
			text += " nap " + s.ID
		}
		text += "\n"
	}
	return text
}

// A window holds the same nights whatever was asked before it, however the source cuts
// time into chunks and wherever the home of people without a zone is; and the nights of
// windows one after the other add up to all that was slept.
func TestWindowsOfALifeAgree(t *testing.T) {
	t.Parallel()
	first := civil.Date{Year: 2025, Month: time.September, Day: 1}
	const days = 160
	rapid.Check(t, func(t *rapid.T) {
		who := rapid.SampledFrom(sleepers.All()).Draw(t, "sleeper")
		blocks := who.Life(rapid.Uint64().Draw(t, "seed"), first, days)
		slept := time.Duration(0)
		for _, b := range blocks {
			slept += b.Asleep()
		}
		now := blocks[len(blocks)-1].End.Add(30 * time.Hour)
		library := func() *Library {
			home := rapid.SampledFrom([]string{"", "Asia/Seoul", "Pacific/Honolulu"}).Draw(t, "home")
			zone, _ := asleep.Zone(home)
			return NewLibrary(lifeOf(blocks, first, rapid.IntRange(4, 100).Draw(t, "days of a chunk")), func() time.Time { return now }, zone)
		}
		window := func(l *Library, d Days) *Window {
			p, err := l.Person(t.Context(), "me")
			require.NoError(t, err)
			w, err := p.Window(t.Context(), d, rapid.SampledFrom([]int{0, 28}).Draw(t, "days before"))
			require.NoError(t, err)
			return w
		}
		whole := window(library(), Days{first.AddDays(-3), first.AddDays(days + 3)})

		sum := time.Duration(0)
		l := library()
		for from := whole.From; !from.After(whole.To); {
			d := Days{from, from.AddDays(rapid.IntRange(0, 90).Draw(t, "more days"))}
			w := window(l, d)
			require.Equal(t, shapeOf(whole.Within(d).Nights), shapeOf(w.Nights), "%s: %s to %s", who.Name, d.From, d.To)
			for _, n := range w.Nights {
				sum += n.Asleep24()
			}
			from = d.To.AddDays(1)
			if rapid.IntRange(0, 3).Draw(t, "restart") == 0 {
				l = library()
			}
		}
		require.Equal(t, slept, sum, who.Name)
	})
}
