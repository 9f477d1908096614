package nights

import (
	"context"
	"time"

	"cloud.google.com/go/civil"
)

// Window returns what is known about the nights of some dates, cut off at today, and can
// look back by the given number of days before them.
func (p *Person) Window(ctx context.Context, d Days, before int) (*Window, error) {
	d = d.UpTo(p.Today)
	h, age, err := p.library.history(ctx, p.ID, Days{From: d.From.AddDays(-before), To: d.To})
	if err != nil {
		return nil, err
	}
	w := h.window(d)
	w.Age = age
	p.notice(age)
	w.upToNow = d.To == p.Today
	for _, date := range []civil.Date{p.Today.AddDays(-1), p.Today} {
		if err := p.settle(ctx, w, date); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// NewestNight returns the date of the newest night with a main sleep that is known of,
// however long ago; false if there is none.
func (p *Person) NewestNight() (civil.Date, bool) {
	if n := p.newest.window(Days{civil.Date{Year: 1, Month: time.January, Day: 1}, p.Today}).Newest(); n != nil {
		return n.Date, true
	}
	return civil.Date{}, false
}

// OnlyImported reports whether all that is known of a window is imported, or, of one
// without recordings, all that was recorded last.
func (p *Person) OnlyImported(w *Window) bool {
	if len(w.recordings) > 0 {
		return w.onlyImported()
	}
	return p.newest.onlyImported()
}
