package archive

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// births is a service that knows when people were born; [asleep.Client] is one.
type births interface {
	Born(ctx context.Context, userID string) (*asleep.Metadata, error)
}

// Born returns what the service says of a user's date of birth, nil if that is nothing. It
// is asked once a month, and when it cannot be asked, what it said before counts.
func (s *Source) Born(ctx context.Context, userID string) (*asleep.Metadata, error) {
	if err := asleep.CheckUserID(userID); err != nil {
		return nil, err
	}
	day := civil.DateOf(s.Now().UTC())
	k := s.look(ctx, userID, outcomes, dates{day, day})
	here := k.person != nil && k.gone.IsZero() && !k.bornAt.IsZero()
	if here {
		if age := s.Now().Sub(k.bornAt); age > -freshFor && age < recheck {
			return k.born, nil
		}
	}
	live, ok := s.Live.(births)
	err := s.resting(userID)
	if ok && err == nil {
		var born *asleep.Metadata
		at := s.Now()
		if born, err = live.Born(ctx, userID); err == nil {
			s.keeping(ctx, userID, func(ctx context.Context, who Who) error { return s.store.KeepBorn(ctx, who, born, at) })
			return born, nil
		}
	}
	if here {
		return k.born, nil
	}
	return nil, err
}

// KeepBorn keeps what the service said at some time of somebody's date of birth; nil:
// nothing.
func (s *Store) KeepBorn(ctx context.Context, who Who, born *asleep.Metadata, at time.Time) error {
	return s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		person, err := s.enter(ctx, tx, who)
		if err != nil {
			return err
		}
		_, err = sqldb.Change(ctx, tx, `UPDATE people SET born = $2, born_at = $3 WHERE person = $1`, person, bornText(born), sqldb.Stamp(at))
		return err
	})
}

func bornText(born *asleep.Metadata) string {
	switch {
	case born == nil || born.BirthYear == nil:
		return ""
	case born.BirthMonth == nil || born.BirthDay == nil:
		return fmt.Sprintf("%04d", *born.BirthYear)
	}
	return fmt.Sprintf("%04d-%02d-%02d", *born.BirthYear, *born.BirthMonth, *born.BirthDay)
}

// bornOf is the reverse of bornText.
func bornOf(text string) (*asleep.Metadata, error) {
	if text == "" {
		return nil, nil
	}
	var year, month, day int
	n, err := fmt.Sscanf(text, "%d-%d-%d", &year, &month, &day)
	switch n {
	case 1:
		return &asleep.Metadata{BirthYear: &year}, nil
	case 3:
		return &asleep.Metadata{BirthYear: &year, BirthMonth: &month, BirthDay: &day}, nil
	}
	return nil, err
}
