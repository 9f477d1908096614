package cohort

import (
	"context"
	"slices"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/internal/windows"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// fewPeople is how many are read at once where none of them has a row of the day: by then
// somebody else should have made one.
const fewPeople = 1000

// fromRows is [group.gather] from the rows of an organization; nil where they cannot
// answer: there are none of periods of that length, or not yet of any member.
func (g *group) fromRows(ctx context.Context, period nights.Days, before *nights.Days, shown int) (*gathered, error) {
	if g.deps.Windows == nil || g.store == nil || period.To != g.today || !slices.Contains(windows.Lengths(), period.Len()) {
		return nil, nil
	}
	q := windows.Question{People: g.store.MemberIDs(g.allowed.ID()), Days: period.Len(), Last: period.To, Before: before != nil}
	found, err := g.deps.Windows.Group(ctx, q)
	if err != nil {
		return nil, err
	}
	if found.Rows == 0 {
		if found.People <= fewPeople {
			return nil, nil
		}
		if q.Last, err = g.deps.Windows.Newest(ctx, q.Days, q.Last); err != nil || q.Last.IsZero() {
			return nil, err
		}
		if found, err = g.deps.Windows.Group(ctx, q); err != nil || found.Rows == 0 {
			return nil, err
		}
	}
	got := g.told(q, found)
	got.readings, err = g.firstRows(ctx, q, min(shown, found.People))
	return got, err
}

// told puts what rows say into the words of an answer.
func (g *group) told(q windows.Question, found windows.Group) *gathered {
	got := &gathered{
		period: nights.LastDays(q.Days, q.Last), people: found.People, read: found.Rows - found.NoNumbers,
		cohort: found.Cohort, change: found.Change, sessions: found.Sessions, sources: found.Sources, oldest: g.now,
		excluded: tool.Counted(map[analytics.Reason]int{noNights: found.NoNights, analytics.FewNights: found.FewNights}),
		failures: tool.Counted(map[analytics.Reason]int{
			noNightlyNumbers: found.NoNumbers, stale: found.Stale, analytics.Reason(tool.NotFound): found.Gone, forgotten: found.Forgotten, neverRead: found.NeverRead,
		}),
		kept: &keptRows{found.Rows - found.Old, found.Old + found.Stale, found.Gone + found.Forgotten + found.NeverRead},
	}
	if q.Before {
		got.before = new(nights.LastDays(q.Days, got.period.From.AddDays(-1)))
	}
	if got.outdated = q.Last != g.today; got.outdated {
		got.kept.Fresh, got.kept.Stale = 0, found.Rows+found.Stale
	}
	if !found.Read.IsZero() && found.Read.Before(got.oldest) {
		got.oldest = found.Read
	}
	return got
}

// firstRows returns what rows say about the first members one by one.
func (g *group) firstRows(ctx context.Context, q windows.Question, shown int) ([]reading, error) {
	if shown == 0 {
		return nil, nil
	}
	members, err := g.store.FirstMembers(ctx, g.allowed.ID(), shown)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		if err := g.join(m); err != nil {
			return nil, err
		}
	}
	q.People = g.deps.Windows.Listed(idsOf(g.users))
	rows, err := g.deps.Windows.Rows(ctx, q)
	if err != nil {
		return nil, err
	}
	all := make([]reading, len(g.users))
	for i, u := range g.users {
		all[i] = reading{user: u, reason: neverRead}
		if at := slices.IndexFunc(rows, func(r windows.Person) bool { return r.UserID == u.ID() }); at >= 0 {
			all[i] = readingOf(u, &rows[at].Row)
		}
	}
	return all, nil
}

// listedRows returns what rows say about people whom the caller lists, and whom else to
// read: those without a fresh row.
func (g *group) listedRows(ctx context.Context, period nights.Days, before *nights.Days) (known []reading, rest []access.User, err error) {
	if g.deps.Windows == nil || g.store != nil || period.To != g.today || !slices.Contains(windows.Lengths(), period.Len()) {
		return nil, g.users, nil
	}
	rows, err := g.deps.Windows.Rows(ctx, windows.Question{People: g.deps.Windows.Listed(idsOf(g.users)), Days: period.Len(), Last: period.To, Before: before != nil})
	if err != nil {
		return nil, nil, err
	}
	for _, u := range g.users {
		at := slices.IndexFunc(rows, func(r windows.Person) bool { return r.UserID == u.ID() && !r.Old(g.now) })
		if at < 0 {
			rest = append(rest, u)
			continue
		}
		known = append(known, readingOf(u, &rows[at].Row))
	}
	return known, rest, nil
}

// inOrder puts readings of both kinds into the order of the people.
func (g *group) inOrder(known, found []reading) []reading {
	if len(known) == 0 {
		return found
	}
	all := make([]reading, 0, len(g.users))
	for _, u := range g.users {
		from := &known
		if len(known) == 0 || known[0].user != u {
			from = &found
		}
		all, *from = append(all, (*from)[0]), (*from)[1:]
	}
	return all
}

// readingOf is what a row says about somebody.
func readingOf(u access.User, r *windows.Row) reading {
	one := reading{user: u, reason: r.Why, now: r.Person(), sessions: r.Sessions, sources: r.Sources(), asOf: r.Read}
	if r.Before != nil {
		one.before = r.Before.Person()
	}
	return one
}

func idsOf(users []access.User) []string {
	ids := make([]string, len(users))
	for i, u := range users {
		ids[i] = u.ID()
	}
	return ids
}
