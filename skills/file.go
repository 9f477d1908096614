package skills

import (
	"crypto/sha256"
	"encoding/hex"
	"path"
	"strings"
)

// MediaType is what files are: all are written in Markdown.
const MediaType = "text/markdown"

// File is one file of a skill.
type File struct {
	URI         string // skill://SKILL/PATH
	Name        string // of SKILL.md the skill's, of others the file's
	Title       string // the first heading
	Description string // "" except of SKILL.md
	Text        string
	Digest      string // sha256: and the digest of Text in hexadecimal digits
}

func newFile(name string, text []byte) File {
	sum := sha256.Sum256(text)
	_, heading, _ := strings.Cut("\n"+string(text), "\n# ")
	title, _, _ := strings.Cut(heading, "\n")
	return File{
		URI: "skill://" + name, Name: path.Base(name), Title: title, Text: string(text),
		Digest: "sha256:" + hex.EncodeToString(sum[:]),
	}
}
