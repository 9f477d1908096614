package surface

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/asleep-mcp/asleep-mcp/internal/errtext"
	"github.com/asleep-mcp/asleep-mcp/prompts"
	"github.com/asleep-mcp/asleep-mcp/skills"
)

// Skills are the skills offered.
type Skills struct {
	tools   *Tools
	offered []skills.Skill
}

// newSkills keeps the skills whose tools are all served.
func newSkills(served *Tools, all []skills.Skill) *Skills {
	o := &Skills{tools: served}
	for _, s := range all {
		if !slices.ContainsFunc(s.Tools, func(name string) bool { return !served.has(name) }) {
			o.offered = append(o.offered, s)
		}
	}
	return o
}

// files are the skills' files as resources.
func (o *Skills) files() (all []prompts.Resource) {
	for _, s := range o.offered {
		for _, f := range s.Files {
			all = append(all, prompts.Resource{
				URI: f.URI, Name: f.Name, Title: f.Title, Description: f.Description, MIMEType: skills.MediaType,
				Text: f.Text, Needs: s.Tools,
			})
		}
	}
	return all
}

// All returns the skills in the order they were given.
func (o *Skills) All() []skills.Skill { return o.offered }

// Visible returns the skills that the caller's role may use.
func (o *Skills) Visible(ctx context.Context) []skills.Skill {
	return slices.DeleteFunc(slices.Clone(o.offered), func(s skills.Skill) bool { return !o.tools.Visible(ctx, s.Tools...) })
}

// Find returns the skill whose SKILL.md has that address. It fails with a [*NotFound].
func (o *Skills) Find(ctx context.Context, uri string) (skills.Skill, error) {
	visible := o.Visible(ctx)
	known := make([]string, len(visible))
	for i, s := range visible {
		if s.URI() == uri {
			return s, nil
		}
		known[i] = s.URI()
	}
	return skills.Skill{}, &NotFound{uri, fmt.Sprintf("There is no skill %s. Known: %s.", errtext.Text(uri), strings.Join(known, ", "))}
}

// In returns what is directly in a folder of a skill: files, and the addresses of
// folders. It fails with a [*NotFound].
func (o *Skills) In(ctx context.Context, folder string) (files []skills.File, folders []string, err error) {
	for _, s := range o.Visible(ctx) {
		if files, folders = s.In(folder); len(files)+len(folders) > 0 {
			return files, folders, nil
		}
	}
	return nil, nil, &NotFound{folder, fmt.Sprintf("There is no folder %s. A skill's folder is its address without /SKILL.md.", errtext.Text(folder))}
}
