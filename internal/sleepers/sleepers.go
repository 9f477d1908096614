// Package sleepers invents people's sleep for tests that count nights and have to be
// right about all kinds of sleepers. No part of the program imports it.
package sleepers

import (
	"math/rand/v2"
	"slices"
	"time"
	_ "time/tzdata" // zones without midnight, wherever the tests run

	"cloud.google.com/go/civil"
)

// A Block is one recording with unbroken sleep from Onset to Wake, to the half minute.
type Block struct {
	Zone                    *time.Location
	Start, Onset, Wake, End time.Time
}

// Asleep returns the time between onset and awakening.
func (b Block) Asleep() time.Duration { return b.Wake.Sub(b.Onset) }

// Later returns the block moved by some time.
func (b Block) Later(by time.Duration) Block {
	b.Start, b.Onset, b.Wake, b.End = b.Start.Add(by), b.Onset.Add(by), b.Wake.Add(by), b.End.Add(by)
	return b
}

// A Sleeper is somebody with a way to sleep.
type Sleeper struct {
	Name string
	Zone string
	day  func(r *rand.Rand, day int, midnight time.Time) []Block
}

// Life returns the recordings of some days from a date on, by start; none begins before
// the one before has ended. Equal seeds make equal lives.
func (s Sleeper) Life(seed uint64, first civil.Date, days int) []Block {
	r := rand.New(rand.NewPCG(seed, 5))
	var all []Block
	for day := range days {
		all = append(all, s.day(r, day, first.AddDays(day).In(load(s.Zone)))...)
	}
	return apart(all)
}

// All returns the sleepers.
func All() []Sleeper {
	return []Sleeper{
		{"regular", "Europe/Paris", func(r *rand.Rand, _ int, midnight time.Time) []Block {
			list := []Block{sleeps(r, midnight, 23, 7)}
			if r.IntN(4) == 0 {
				list = append(list, sleeps(r, midnight, 14, 1))
			}
			return list
		}},
		{"night worker", "America/New_York", func(r *rand.Rand, _ int, midnight time.Time) []Block {
			return []Block{sleeps(r, midnight, 9, 6)}
		}},
		{"shift worker", "Europe/Berlin", func(r *rand.Rand, day int, midnight time.Time) []Block {
			return []Block{sleeps(r, midnight, []float64{22, 8, 15}[day/7%3], 5.5)}
		}},
		{"night work for weeks", "America/Halifax", func(r *rand.Rand, day int, midnight time.Time) []Block {
			if day/33%2 == 0 {
				return []Block{sleeps(r, midnight, 22.5, 7)}
			}
			return []Block{sleeps(r, midnight, 9, 2.5), sleeps(r, midnight, 13, 2.5)}
		}},
		{"evening sleeper", "UTC", func(r *rand.Rand, _ int, midnight time.Time) []Block {
			return []Block{sleeps(r, midnight, 16, 7.5)}
		}},
		{"evening sleeper past midnight", "America/Chicago", func(r *rand.Rand, _ int, midnight time.Time) []Block {
			return []Block{sleeps(r, midnight, 17.5, 7.5)}
		}},
		{"split sleeper", "Europe/Madrid", func(r *rand.Rand, _ int, midnight time.Time) []Block {
			return []Block{sleeps(r, midnight, 21, 3), sleeps(r, midnight, 27, 3)}
		}},
		{"polyphasic", "Asia/Tokyo", func(r *rand.Rand, _ int, midnight time.Time) []Block {
			var list []Block
			for hour := 1.0; hour < 24; hour += 6 {
				list = append(list, sleeps(r, midnight, hour, 1.5))
			}
			return list
		}},
		{"insomniac", "Australia/Adelaide", func(r *rand.Rand, _ int, midnight time.Time) []Block {
			one := sleeps(r, midnight, 22, 1+4*r.Float64())
			one = one.Later(time.Duration(r.IntN(180)) * time.Minute)
			if down := midnight.Add(22 * time.Hour); down.Before(one.Start) {
				one.Start = down
			}
			if up := midnight.Add(31 * time.Hour); up.After(one.End) {
				one.End = up
			}
			return []Block{one}
		}},
		{"over the date line", "Pacific/Auckland", func(r *rand.Rand, day int, midnight time.Time) []Block {
			place := load([]string{"Pacific/Auckland", "America/Los_Angeles"}[day/10%2])
			there := time.Date(midnight.Year(), midnight.Month(), midnight.Day(), 0, 0, 0, 0, place)
			return []Block{sleeps(r, there, 22.5, 7)}
		}},
		{"where midnight is left out", "America/Santiago", func(r *rand.Rand, _ int, midnight time.Time) []Block {
			return []Block{sleeps(r, midnight, 23, 7)}
		}},
		{"now and then", "Asia/Seoul", func(r *rand.Rand, _ int, midnight time.Time) []Block {
			if r.IntN(3) > 0 {
				return nil
			}
			return []Block{sleeps(r, midnight, 20+r.Float64()*8, 1+r.Float64()*8)}
		}},
	}
}

// sleeps returns a recording that begins at an hour of the day, up to an hour early or
// late, with some hours of sleep, up to half an hour more or less.
func sleeps(r *rand.Rand, midnight time.Time, hour, hours float64) Block {
	start := midnight.Add(time.Duration((hour + r.Float64()*2 - 1) * float64(time.Hour)).Round(30 * time.Second))
	asleep := time.Duration(max(20, int(60*hours)+r.IntN(60)-30)) * time.Minute
	onset := start.Add(10 * time.Minute)
	return Block{midnight.Location(), start, onset, onset.Add(asleep), onset.Add(asleep + 5*time.Minute)}
}

// apart leaves out recordings that begin before the last one has ended.
func apart(list []Block) []Block {
	slices.SortFunc(list, func(a, b Block) int { return a.Start.Compare(b.Start) })
	var kept []Block
	for _, one := range list {
		if len(kept) == 0 || !one.Start.Before(kept[len(kept)-1].End) {
			kept = append(kept, one)
		}
	}
	return kept
}

// load finds a time zone that is known to exist.
func load(name string) *time.Location {
	zone, err := time.LoadLocation(name)
	if err != nil {
		panic(err)
	}
	return zone
}
