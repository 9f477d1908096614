package archive

import (
	"context"
	"database/sql"
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/sqldb"
)

// Diary stands for the tracker in the row of somebody who wrote about their nights: they may have
// nights of any tracker, or none yet.
const Diary = "diary"

// Bounds of what one person may write.
const (
	MostTags    = 100    // different ones
	mostTagged  = 20_000 // nights with a tag
	LongestTag  = 64     // letters
	LongestNote = 200    // letters
)

// A Tag is what somebody wrote about a night: a word that it is found by, and perhaps a note.
type Tag struct {
	Night     civil.Date
	Tag, Note string
}

// Reasons why tags are not kept.
var (
	ErrTooManyTags = errors.New("too many tags")
	ErrBadTag      = errors.New("not a tag")
)

// TagText returns a tag as it is kept: in small letters, with single spaces. ok is false where it
// is empty, longer than 64 letters, or holds what cannot be seen.
func TagText(text string) (tag string, ok bool) { return written(strings.ToLower(text), 1, LongestTag) }

// NoteText returns a note as it is kept: one line of at most 200 letters, or none.
func NoteText(text string) (note string, ok bool) { return written(text, 0, LongestNote) }

func written(text string, least, most int) (string, bool) {
	text = strings.Join(strings.Fields(text), " ")
	n := utf8.RuneCountInString(text)
	hidden := strings.ContainsFunc(text, func(r rune) bool { return r == utf8.RuneError || !unicode.IsPrint(r) })
	return text, n >= least && n <= most && !hidden
}

// TagNights keeps tags, and replaces the notes of those that are there. added counts those that
// were not. All are kept or none: the error is [ErrTooManyTags] where a person would have more
// than a hundred different ones, or 20,000 nights with one, and [ErrBadTag] for what [TagText] or
// [NoteText] would not return.
func (s *Store) TagNights(ctx context.Context, userID string, tags []Tag) (added int, err error) {
	if err := asleep.CheckUserID(userID); err != nil {
		return 0, err
	}
	for _, t := range tags {
		tag, ok := TagText(t.Tag)
		note, noted := NoteText(t.Note)
		if !ok || !noted || tag != t.Tag || note != t.Note || !t.Night.IsValid() {
			return 0, ErrBadTag
		}
	}
	if err := s.make(ctx); err != nil {
		return 0, err
	}
	err = s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		person, err := s.enter(ctx, tx, diaryOf(userID))
		if err != nil {
			return err
		}
		before, _, err := countTags(ctx, tx, person)
		if err != nil {
			return err
		}
		for _, t := range tags {
			if _, err := sqldb.Change(ctx, tx, `INSERT INTO tags (person, night, tag, note) VALUES ($1, $2, $3, $4)
				ON CONFLICT (person, night, tag) DO UPDATE SET note = CASE WHEN EXCLUDED.note = '' THEN tags.note ELSE EXCLUDED.note END`,
				person, t.Night.String(), t.Tag, t.Note); err != nil {
				return err
			}
		}
		after, different, err := countTags(ctx, tx, person)
		if err == nil && (different > MostTags || after > mostTagged) {
			err = ErrTooManyTags
		}
		added = after - before
		return err
	})
	if err != nil {
		return 0, err
	}
	return added, nil
}

func diaryOf(userID string) Who { return Who{Tracker: Diary, User: userID} }

func countTags(ctx context.Context, tx *sql.Tx, person int64) (all, different int, err error) {
	err = tx.QueryRowContext(ctx, `SELECT COUNT(*), COUNT(DISTINCT tag) FROM tags WHERE person = $1`, person).Scan(&all, &different)
	return all, different, err
}

// RemoveTags takes back tags of nights; no tags stand for all of them. removed counts them.
func (s *Store) RemoveTags(ctx context.Context, userID string, nights []civil.Date, tags []string) (removed int, err error) {
	if there, err := s.There(ctx); !there || err != nil {
		return 0, err
	}
	statement, of := `DELETE FROM tags WHERE person = $1 AND night = $2 AND tag = $3`, make([][]any, len(tags))
	for i, tag := range tags {
		of[i] = []any{tag}
	}
	if len(tags) == 0 {
		statement, of = `DELETE FROM tags WHERE person = $1 AND night = $2`, [][]any{nil}
	}
	err = s.writing(ctx, func(ctx context.Context, tx *sql.Tx) error {
		removed = 0
		p, err := find(ctx, tx, diaryOf(userID))
		if err != nil || p == nil {
			return err
		}
		for _, night := range nights {
			for _, tag := range of {
				n, err := sqldb.Change(ctx, tx, statement, append([]any{p.key, night.String()}, tag...)...)
				if err != nil {
					return err
				}
				removed += int(n)
			}
		}
		return nil
	})
	return removed, err
}

// Tags returns everything that somebody wrote, by night and tag.
func (s *Store) Tags(ctx context.Context, userID string) (all []Tag, err error) {
	err = s.reading(ctx, func(ctx context.Context, db sqldb.Rows) error {
		p, err := find(ctx, db, diaryOf(userID))
		if err != nil || p == nil {
			return err
		}
		all, err = sqldb.Collect(ctx, db, func(row sqldb.Scanner) (t Tag, err error) {
			var night sqldb.Day
			err = row.Scan(&night, &t.Tag, &t.Note)
			t.Night = night.Date
			return t, err
		}, `SELECT night, tag, note FROM tags WHERE person = $1 ORDER BY night, tag`, p.key)
		return err
	})
	return all, err
}
