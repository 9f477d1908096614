package person

import (
	"context"
	"slices"

	"cloud.google.com/go/civil"

	"github.com/asleep-mcp/asleep-mcp/internal/archive"
)

// written reports whether fields hold what the person wrote.
func written(fields []string) bool {
	return slices.Contains(fields, fieldTags) || slices.Contains(fields, fieldNotes)
}

// readTags adds to nights what the person wrote about them. It returns the first night with a
// tag; the zero date if there is none.
func (q *query) readTags(ctx context.Context, all []*oneNight) (first civil.Date, err error) {
	diary, err := q.deps.OpenDiary(ctx, q.ID)
	if err != nil {
		return first, err
	}
	list, err := diary.Tags(ctx)
	if err != nil {
		return first, err
	}
	byNight := map[civil.Date][]archive.Tag{}
	for _, t := range list {
		byNight[t.Night] = append(byNight[t.Night], t)
	}
	for _, n := range all {
		n.tags, n.notes = []string{}, []string{}
		for _, t := range byNight[n.Date] {
			n.tags = append(n.tags, t.Tag)
			if t.Note != "" {
				n.notes = append(n.notes, t.Note)
			}
		}
	}
	if len(list) > 0 {
		first = list[0].Night
	}
	return first, nil
}
