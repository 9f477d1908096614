package skills

import (
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"go.yaml.in/yaml/v3"
)

// Skill is one folder of instructions.
type Skill struct {
	Name        string          // lower case and hyphens; also the folder's name
	Description string          // what it does and when to use it
	Tools       []string        // without which it is of no use
	Frontmatter json.RawMessage // all of SKILL.md's front matter, an object
	Files       []File          // SKILL.md first, the others in the order of their paths
}

// main is the file that every skill has.
const main = "SKILL.md"

// URI is the address of SKILL.md, by which the skill is known.
func (s Skill) URI() string { return s.Files[0].URI }

// In returns what is directly in a folder of the skill: files, and the addresses of the
// folders in it. Both are empty where there is no such folder.
func (s Skill) In(folder string) (files []File, folders []string) {
	if root := strings.TrimSuffix(s.URI(), "/"+main); folder != root && !strings.HasPrefix(folder, root+"/") {
		return nil, nil
	}
	for _, f := range s.Files {
		below, ok := strings.CutPrefix(f.URI, folder+"/")
		if !ok {
			continue
		}
		if first, _, deeper := strings.Cut(below, "/"); !deeper {
			files = append(files, f)
		} else if !slices.Contains(folders, folder+"/"+first) {
			folders = append(folders, folder+"/"+first)
		}
	}
	return files, folders
}

//go:embed */*.md */*/*.md
var folders embed.FS

// All returns the skills in the order of their names.
func All() []Skill { return all() }

var all = sync.OnceValue(func() []Skill {
	entries, err := folders.ReadDir(".")
	if err != nil {
		panic(err) // embedded
	}
	skills := make([]Skill, len(entries))
	for i, entry := range entries {
		if skills[i], err = read(folders, entry.Name()); err != nil {
			panic(fmt.Errorf("skill %s: %w", entry.Name(), err)) // embedded, and tested
		}
	}
	return skills
})

// read reads the skill in a folder of files.
func read(files fs.FS, folder string) (s Skill, err error) {
	err = fs.WalkDir(files, folder, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, name)
		if name == path.Join(folder, main) {
			s.Files = append([]File{newFile(name, text)}, s.Files...)
		} else {
			s.Files = append(s.Files, newFile(name, text))
		}
		return err
	})
	if err != nil {
		return s, err
	}
	return s, s.describe()
}

// describe reads the front matter.
func (s *Skill) describe() error {
	text, opened := strings.CutPrefix(s.Files[0].Text, "---\n")
	front, _, closed := strings.Cut(text, "\n---\n")
	if !opened || !closed {
		return fmt.Errorf("%s has no front matter", s.Files[0].URI)
	}
	var known struct {
		Name, Description string
		Metadata          struct{ Tools string }
	}
	if err := yaml.Unmarshal([]byte(front), &known); err != nil {
		return err
	}
	var whole map[string]any
	if err := yaml.Unmarshal([]byte(front), &whole); err != nil {
		return err
	}
	s.Name, s.Description, s.Tools = known.Name, known.Description, strings.Fields(known.Metadata.Tools)
	s.Files[0].Name, s.Files[0].Description = s.Name, s.Description
	var err error
	s.Frontmatter, err = json.Marshal(whole)
	return err
}
