package disclosure

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"sort"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// Kinds of sets of people in a [directory.Release]. Figures over sets of different kinds
// have nothing in common that could be subtracted.
const (
	Behind  = "people"  // behind averages
	Reaches = "nights"  // the same with how far back their nights reach
	Short   = "short"   // those of them who are short of sleep
	Rested  = "rested"  // the others of them
	Members = "members" // behind counts
	Unused  = "unused"  // those of them who do not stand behind averages; with a reason after it, those for that reason
)

// Audit reports whether a release is allowed, and if so records it. It is not when
// differencing with earlier releases to this caller, about any of the same nights, could
// leave something about fewer than [MinimumPeople]; free is then the first night from
// which on nothing is in the way. Nor is it when differencing could leave none of some
// people whom a set is a part of: that tells about each of those. Releases about
// different organizations are compared too: they may share people. Deciding and
// recording are one step, so that two questions at once cannot slip past each other.
//
// The caller of r is any name; what is recorded is its hash.
//
// Only releases about some of the same nights are in the way. From other nights one
// person can be told a little better than by guessing. Say eleven people have
// a mean over a week, asked for every week, and twelve after somebody joined: twelve
// times the later means less eleven times the earlier is the twelfth's, give or take
// what the nights of the eleven differ by and what rounding took. Measured where
// people are about an hour apart, it misses by 0.65 h after one week on either side
// (guessing the mean misses by 0.86 h), by 0.53 h after four (0.63 h), by 0.38 to
// 0.48 h after eight (0.73 to 1.05 h) and by 0.28 h after half a year, if none of
// the eleven changes meanwhile. Only silence would help there.
func Audit(ctx context.Context, store *directory.Store, r directory.Release) (allowed bool, free civil.Date, err error) {
	r.Caller, free = hashedCaller(r.Caller), r.From
	allowed, err = store.RecordRelease(ctx, r, func(ctx context.Context, asked directory.PeopleSet, earlier []directory.PeopleSet) (bool, error) {
		from, err := freeFrom(ctx, asked, earlier, r.From)
		if from.After(free) {
			free = from
		}
		return from == r.From, err
	})
	if err != nil {
		return false, civil.Date{}, err
	}
	return allowed, free, nil
}

func hashedCaller(name string) string {
	hash := sha256.Sum256([]byte(name))
	return hex.EncodeToString(hash[:])
}

// freeFrom is the first night from which on asked may be released: from, or the one
// after the last of the earlier sets, the oldest first, that have to be out of the way.
func freeFrom(ctx context.Context, asked directory.PeopleSet, earlier []directory.PeopleSet, from civil.Date) (civil.Date, error) {
	nights := []civil.Date{from}
	for _, s := range earlier {
		if next := s.LastNight.AddDays(1); next != nights[len(nights)-1] {
			nights = append(nights, next)
		}
	}
	var failed error
	// The later the first night, the fewer sets are left, and what exposes nobody beside
	// some sets exposes nobody beside fewer: so the night can be searched for.
	first := sort.Search(len(nights), func(i int) bool {
		met := sort.Search(len(earlier), func(j int) bool { return !earlier[j].LastNight.Before(nights[i]) })
		found, err := exposes(ctx, append(slices.Clip(earlier[met:]), asked), MinimumPeople)
		if err != nil {
			failed = err
		}
		return !found
	})
	if first == len(nights) {
		return asked.LastNight.AddDays(1), failed // too small by itself
	}
	return nights[first], failed
}
