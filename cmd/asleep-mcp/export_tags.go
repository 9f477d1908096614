package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"cloud.google.com/go/civil"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/internal/errtext"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// tagColumns are those of a table of tags, which import reads again.
var tagColumns = []string{"night", "tag", "note"}

// readTags reads what the person who is meant wrote, with or without nights.
func (x *export) readTags(ctx context.Context, c config, store *archive.Store, from, to civil.Date) error {
	if err := x.readWritten(ctx, c, store); err != nil {
		return err
	}
	x.tags = slices.DeleteFunc(x.tags, func(t archive.Tag) bool {
		return t.Night.Before(from) || !to.IsZero() && t.Night.After(to)
	})
	if len(x.tags) == 0 {
		return errors.New("these nights have no tags; the tool tag_nights of the toolset diary adds them")
	}
	return nil
}

// readWritten reads who is meant, and their tags.
func (x *export) readWritten(ctx context.Context, c config, store *archive.Store) error {
	all, err := store.Everybody(ctx)
	if err != nil {
		return err
	}
	if x.user, err = whose(c.userID, all); err != nil {
		return err
	}
	x.tags, err = store.Tags(ctx, x.user)
	return err
}

// tagsOf returns the tags of a night.
func (x *export) tagsOf(night civil.Date) (tags []string) {
	first, _ := slices.BinarySearchFunc(x.tags, night, func(t archive.Tag, night civil.Date) int { return t.Night.Compare(night) })
	for _, t := range x.tags[first:] {
		if t.Night != night {
			break
		}
		tags = append(tags, t.Tag)
	}
	return tags
}

func (x *export) tagTable(w io.Writer) error {
	out := csv.NewWriter(w)
	rows := [][]string{tagColumns}
	for _, t := range x.tags {
		rows = append(rows, []string{t.Night.String(), tool.PlainCell(t.Tag), tool.PlainCell(t.Note)})
	}
	return out.WriteAll(rows)
}

// tagTable reads a table of tags, which a spreadsheet may have saved with a byte order mark, in
// UTF-16, or with semicolons or tabs.
func tagTable(file io.Reader) *csv.Reader {
	text := bufio.NewReader(transform.NewReader(file, unicode.BOMOverride(encoding.Nop.NewDecoder())))
	r := csv.NewReader(text)
	head, _ := text.Peek(len(tagColumns[0]) + 1) // fewer bytes are no table
	if end := len(head) - 1; end > 0 && strings.ContainsRune(";\t", rune(head[end])) {
		r.Comma = rune(head[end])
	}
	return r
}

// isTagTable reports whether a file begins as a table of tags does.
func isTagTable(path string) bool {
	file, err := os.Open(path)
	if err != nil {
		return false // whoever reads it says so
	}
	defer func() { _ = file.Close() }() // nothing was written
	head, err := tagTable(io.LimitReader(file, 100)).Read()
	return err == nil && slices.Equal(head, tagColumns)
}

// importTags keeps the tags of a table.
func importTags(ctx context.Context, p *program, c config, user, path string, dry bool) error {
	tags, err := tagsIn(path)
	if err != nil {
		return err
	}
	if dry {
		_, err := fmt.Fprintf(p.stdout, "%s. Nothing was kept, because of --dry-run.\n", tool.Count(len(tags), "tag"))
		return err
	}
	store, err := c.keptNights()
	if err != nil {
		return err
	}
	added, err := store.TagNights(ctx, user, tags)
	if errors.Is(err, archive.ErrTooManyTags) {
		err = fmt.Errorf("nothing was kept: a person has at most %d different tags", archive.MostTags)
	}
	if err = errors.Join(err, store.Close()); err != nil {
		return err
	}
	_, err = fmt.Fprintf(p.stdout, "Kept for the user %s: %d new, %d known before.\n", user, added, len(tags)-added)
	return err
}

func tagsIn(path string) (tags []archive.Tag, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = file.Close() }() // nothing was written
	r := tagTable(file)
	r.FieldsPerRecord = len(tagColumns)
	for line := 1; ; line++ {
		row, err := r.Read()
		switch {
		case errors.Is(err, io.EOF):
			return tags, nil
		case err != nil:
			return nil, fmt.Errorf("%s: %w", errtext.Bare(path), err)
		case line == 1:
			continue
		}
		night, err := civil.ParseDate(row[0])
		tag, ok := archive.TagText(tool.BareCell(row[1]))
		note, noted := archive.NoteText(tool.BareCell(row[2]))
		if err != nil || !ok || !noted {
			return nil, fmt.Errorf("%s: line %d must be a date, a tag of 1 to %d letters and a note of at most %d", errtext.Bare(path), line, archive.LongestTag, archive.LongestNote)
		}
		tags = append(tags, archive.Tag{Night: night, Tag: tag, Note: note})
	}
}
