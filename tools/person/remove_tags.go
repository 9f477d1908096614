package person

import (
	"context"
	"fmt"

	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type removeTagsIn struct {
	taggedNights
	Tags []string `json:"tags,omitempty" jsonschema:"minItems=1,maxItems=10" jsonschema_description:"Default: all tags of those nights."`
}

// RemoveTags is the tool remove_tags.
var RemoveTags = tool.Define(tool.Spec{
	Name:        "remove_tags",
	Title:       "Remove tags",
	Description: "Remove tags from nights, with their notes, at the person's request. List tags with find_nights and by: tag; add them with tag_nights.",
	Toolset:     tool.ToolsetDiary,
	Access:      tool.Deletes,
	Local:       true,
}, removeTags)

func removeTags(ctx context.Context, d *tool.Deps, in removeTagsIn) (out diaryOut, err error) {
	diary, dates, tags, err := in.open(ctx, d, in.Tags)
	if err != nil {
		return out, err
	}
	if out.Changed, err = diary.RemoveTags(ctx, dates, tags); err != nil {
		return out, err
	}
	out.Summary = fmt.Sprintf("Tags removed: %d.", out.Changed)
	return out, out.list(ctx, diary)
}
