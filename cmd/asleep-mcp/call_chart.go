package main

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"

	"github.com/asleep-mcp/asleep-mcp/internal/charts"
	"github.com/asleep-mcp/asleep-mcp/tools"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// ownerOnly is the mode of files with health values.
const ownerOnly = 0o600

// checkChart reports why a picture cannot be written, before anything is asked.
func checkChart(file string, t tool.Tool) error {
	if _, ok := chartFormat(file); !ok {
		return fmt.Errorf("--chart %q must end in .svg or .png", file)
	}
	if t.Charted() {
		return nil
	}
	var charted []string
	for _, other := range tools.All() {
		if other.Charted() {
			charted = append(charted, other.Name)
		}
	}
	return fmt.Errorf("%s has no picture; these have one: %s", t.Name, strings.Join(charted, ", "))
}

func chartFormat(file string) (charts.Format, bool) {
	switch f := charts.Format(strings.TrimPrefix(strings.ToLower(filepath.Ext(file)), ".")); f {
	case charts.SVG, charts.PNG:
		return f, true
	}
	return "", false
}

// arguments are those of the command line, and the format of the picture that is wanted.
func (k callCommand) arguments() json.RawMessage {
	format, ok := chartFormat(k.Chart)
	if !ok {
		return json.RawMessage(k.Arguments)
	}
	inside := strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(k.Arguments), "{"))
	if inside != "" && inside != "}" {
		inside = "," + inside
	}
	if inside == "" {
		inside = "}"
	}
	return json.RawMessage(`{"chart":` + strconv.Quote(string(format)) + inside)
}

func writeChart(file string, image []byte) error {
	if image == nil {
		return errors.New("the answer has no picture")
	}
	return writePrivate(file, image)
}

// writePrivate writes a file that only its owner can read, whatever was there before.
func writePrivate(file string, content []byte) error {
	if err := os.WriteFile(file, content, ownerOnly); err != nil {
		return err
	}
	return os.Chmod(file, ownerOnly)
}

// blocks returns an answer's picture for a terminal, followed by an empty line; "" where
// there is none, or block characters cannot be shown.
func (p *program) blocks(picture json.RawMessage) string {
	terminal := isTerminal(p.stdout)
	if picture == nil || !p.showsBlocks(terminal) {
		return ""
	}
	decoded, err := charts.Decode(picture)
	if err != nil {
		return "" // the text says the same
	}
	lines := charts.Blocks(decoded, charts.Terminal{Columns: p.columns(), Colour: terminal && p.getenv("NO_COLOR") == ""})
	if lines == nil {
		return ""
	}
	return strings.Join(lines, "\n") + "\n\n"
}

// columns returns how wide the output is: as the variable says, as the terminal is, or 80.
func (p *program) columns() int {
	const usual = 80
	if columns, err := strconv.Atoi(p.getenv("COLUMNS")); err == nil && columns > 0 {
		return columns
	}
	return cmp.Or(columnsOf(p.stdout), usual)
}

// showsBlocks reports whether what reads the output can be counted on to know block
// characters: the locale says UTF-8, or it is a terminal of Windows, which has no locale.
func (p *program) showsBlocks(terminal bool) bool {
	if p.getenv("TERM") == "dumb" {
		return false
	}
	for _, name := range []string{"LC_ALL", "LC_CTYPE", "LANG"} {
		if locale := strings.ToUpper(p.getenv(name)); locale != "" {
			return strings.Contains(locale, "UTF-8") || strings.Contains(locale, "UTF8")
		}
	}
	return terminal && runtime.GOOS == "windows"
}
