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
	Reaches = "nights"  // the same people, with how far back their nights reach
	Short   = "short"   // those among them who are short of sleep
	Rested  = "rested"  // the others among them
	Members = "members" // behind counts
	Unused  = "unused"  // those among them who are not behind averages; followed by a reason, those with that reason
)

// Audit reports whether a release is allowed, and if so records it. It is refused when
// differencing with earlier releases to this caller, about any of the same nights, could
// leave something about fewer than [MinimumPeople]; free is then the first night from
// which on nothing is in the way. It is also refused when a set is a part of other people
// and differencing could show that some of those are all outside the part: that tells
// something about each of them. Releases about different organizations are compared too,
// as they may share people. Deciding and recording are one step, so that two concurrent
// questions cannot slip past each other.
//
// The caller of r is any name; only its hash is recorded.
//
// Only releases about some of the same nights are in the way. With other nights, a
// single person's sleep can be estimated a little better than by guessing. Say a
// weekly mean is asked for of eleven people, and of twelve after somebody joined: twelve
// times the later means minus eleven times the earlier ones is the twelfth person's
// sleep, apart from what the nights of the eleven differ by and what rounding took.
// Measured where people are about an hour apart, the estimate is off by 0.65 h after one
// week on either side (guessing the mean is off by 0.86 h), by 0.53 h after four
// (0.63 h), by 0.38 to 0.48 h after eight (0.73 to 1.05 h) and by 0.28 h after half a
// year, if none of the eleven changes meanwhile. Only silence would prevent that.
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

// freeFrom returns the first night from which on asked may be released: from, or the
// night after the last of the earlier sets, which come oldest first, that must be out of
// the way.
func freeFrom(ctx context.Context, asked directory.PeopleSet, earlier []directory.PeopleSet, from civil.Date) (civil.Date, error) {
	nights := []civil.Date{from}
	for _, s := range earlier {
		if next := s.LastNight.AddDays(1); next != nights[len(nights)-1] {
			nights = append(nights, next)
		}
	}
	var failed error
	// The later the first night, the fewer sets are left, and what exposes nobody together
	// with some sets exposes nobody together with fewer: so a binary search finds the
	// night.
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
