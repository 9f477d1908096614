package clients

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Client is a program that starts MCP servers.
type Client struct {
	Name, Title string
	// Discreet reports that the file names secrets and never holds them.
	Discreet   bool
	OnlyInFile bool   // the program gets only secrets that the file holds
	Next       string // what makes the client see the server

	note  string // how the program gets secrets, with %s for their names
	file  func(Machine) string
	holds func(text []byte) []string // this program's variables there; nil: Discreet
	// write returns the file's text with the launch in it.
	write func(text []byte, l Launch) ([]byte, error)
}

// File returns where the client keeps its servers.
func (c Client) File(m Machine) string { return c.file(m) }

// Note says how the program gets the secrets of a launch.
func (c Client) Note(l Launch) string { return fmt.Sprintf(c.note, strings.Join(l.Secrets, " and ")) }

// HoldsSecrets reports whether secrets of the launch are written to the client's file in
// plain text.
func (c Client) HoldsSecrets(l Launch) bool {
	return !c.Discreet && l.value != nil && len(l.Secrets) > 0
}

// Snippet returns what belongs in the file, with dots for secrets it would hold.
func (c Client) Snippet(l Launch) string {
	if !c.Discreet {
		l = l.opened(func(string) string { return "…" })
	}
	text, err := c.write(nil, l)
	if err != nil {
		panic(err) // an empty file can be written
	}
	return strings.TrimSpace(string(text))
}

// Outcome is what became of a file.
type Outcome struct {
	Changed bool // false: everything was there already
	// Unmarked reports that the byte order mark was dropped with which the file began:
	// some clients take a file for broken that has one.
	Unmarked bool
	Copy     string // where the file is as it was before; "": it is new, or did not change
	// Held and CopyHeld are the variables of this program that the file and the copy
	// hold the values of, secrets included, from this launch or an earlier one. Those
	// of a discreet client are not looked for.
	Held, CopyHeld []string
}

// Write writes the launch to the file at path. After an error the file is unchanged.
func (c Client) Write(path string, l Launch) (Outcome, error) {
	f, err := readFile(path)
	if err != nil {
		return Outcome{}, err
	}
	if c.HoldsSecrets(l) {
		l = l.opened(l.value)
		f.mode &^= 0o077
	}
	plain := bytes.TrimPrefix(f.text, byteOrderMark)
	if !utf8.Valid(plain) || bytes.IndexByte(plain, 0) >= 0 {
		return Outcome{}, notUTF8.err()
	}
	text, err := c.write(plain, l)
	if err != nil {
		return Outcome{}, err
	}
	outcome := Outcome{Held: c.held(text), Unmarked: len(plain) < len(f.text)}
	if f.text != nil && bytes.Equal(text, f.text) {
		return outcome, nil
	}
	if outcome.Copy, err = f.replace(text); err != nil {
		return Outcome{}, err
	}
	outcome.Changed, outcome.CopyHeld = true, c.held(plain)
	return outcome, nil
}

func (c Client) held(text []byte) []string {
	if c.Discreet {
		return nil
	}
	return c.holds(text)
}
