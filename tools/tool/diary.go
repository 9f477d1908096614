package tool

import (
	"context"
	"errors"
	"fmt"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/archive"
)

var errNoDiary = &Failure{
	Code: NoDiary,
	Text: "Tags and notes cannot be kept here: either this is the demo, or " +
		"ASLEEP_MCP_KEEP_NIGHTS is false. Start asleep-mcp without --demo and without that setting.",
}

// A Diary is what one person writes about their nights.
type Diary struct {
	User  string
	store *archive.Store // nil: nothing may be kept
}

// OpenDiary returns the diary of the caller, or of the one whom an operator names.
func (d *Deps) OpenDiary(ctx context.Context, userID string) (*Diary, error) {
	user, err := access.ResolveWriter(ctx, userID)
	if err != nil {
		return nil, NameReceived(err, userID)
	}
	diary := &Diary{User: user.ID()}
	if d.Archive != nil {
		diary.store = d.Archive.Store()
	}
	return diary, nil
}

// Tags returns everything that was written, by night and tag.
func (d *Diary) Tags(ctx context.Context) (all []archive.Tag, err error) {
	err = d.with(func(s *archive.Store) (err error) { all, err = s.Tags(ctx, d.User); return err })
	return all, err
}

// TagNights writes tags, and returns how many were not there.
func (d *Diary) TagNights(ctx context.Context, tags []archive.Tag) (added int, err error) {
	err = d.with(func(s *archive.Store) (err error) { added, err = s.TagNights(ctx, d.User, tags); return err })
	return added, err
}

// RemoveTags takes back tags of nights, all of them where none are named, and returns how many.
func (d *Diary) RemoveTags(ctx context.Context, nights []civil.Date, tags []string) (removed int, err error) {
	err = d.with(func(s *archive.Store) (err error) { removed, err = s.RemoveTags(ctx, d.User, nights, tags); return err })
	return removed, err
}

// Trials returns the trials of the person, the earliest first.
func (d *Diary) Trials(ctx context.Context) (all []archive.Trial, err error) {
	err = d.with(func(s *archive.Store) (err error) { all, err = s.Trials(ctx, d.User); return err })
	return all, err
}

// StartTrial keeps a new trial; the error is [archive.ErrTrialRuns] where one has its first night.
func (d *Diary) StartTrial(ctx context.Context, t archive.Trial) error {
	return d.with(func(s *archive.Store) error { return s.StartTrial(ctx, d.User, t) })
}

// StopTrial makes a night the last one of the latest trial, and reports whether that was stopped.
func (d *Diary) StopTrial(ctx context.Context, last civil.Date) (stopped bool, err error) {
	err = d.with(func(s *archive.Store) (err error) { stopped, err = s.StopTrial(ctx, d.User, last); return err })
	return stopped, err
}

// with turns errors of the archive into what to do about them.
func (d *Diary) with(f func(*archive.Store) error) error {
	if d.store == nil {
		return errNoDiary
	}
	err := f(d.store)
	if errors.Is(err, archive.ErrTooManyTags) {
		return Mistake("%s would be too many: a person has at most %d different tags, on 20,000 nights together. Nothing was changed; use tags that there are, or take some back with remove_tags.",
			Argument("tags"), archive.MostTags)
	}
	return err
}

// CheckTags returns tags as they are kept.
func CheckTags(asked []string) ([]string, error) {
	tags := make([]string, len(asked))
	for i, text := range asked {
		tag, ok := archive.TagText(text)
		if !ok {
			return nil, Mistake("%s must be words of 1 to %d visible characters each, received %s. For example %s.",
				Argument("tags"), archive.LongestTag, ReceivedText(text), ExampleOf("tags"))
		}
		tags[i] = tag
	}
	return tags, nil
}

// CheckNote returns a note as it is kept.
func CheckNote(asked string) (string, error) {
	note, ok := archive.NoteText(asked)
	if !ok {
		return "", Mistake("%s must be at most %d visible characters, received %s. For example %s.",
			Argument("note"), archive.LongestNote, ReceivedText(asked), ExampleOf("note"))
	}
	return note, nil
}

// Quoted writes tags into a sentence. They are somebody's words, so they stand in quotes.
func Quoted(tags []string) string {
	list := make([]string, len(tags))
	for i, tag := range tags {
		list[i] = fmt.Sprintf("%q", tag)
	}
	return InWords(list)
}
