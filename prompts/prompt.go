package prompts

import (
	"embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"text/template"
	"time"

	"cloud.google.com/go/civil"
)

// Prompt is one text to ask for by name.
type Prompt struct {
	Name        string // snake case; also the name of the text's file
	Title       string // for people
	Description string // what comes out of it, and when to use another prompt
	Arguments   []Argument
	Tools       []string // that the text tells to call, each once, in that order
}

// Argument is one value a prompt takes.
type Argument struct {
	Name        string // as the tools call it
	Description string
	Required    bool
	Kind        Kind
}

// argument returns the declared argument of that name.
func (p Prompt) argument(name string) (Argument, bool) {
	i := slices.IndexFunc(p.Arguments, func(a Argument) bool { return a.Name == name })
	if i < 0 {
		return Argument{}, false
	}
	return p.Arguments[i], true
}

// Of returns the name of the argument of that kind, "" if there is none.
func (p Prompt) Of(k Kind) string {
	for _, a := range p.Arguments {
		if a.Kind == k {
			return a.Name
		}
	}
	return ""
}

// Render returns the text for arguments that [Prompt.Check] returned. It does not check
// whether the caller may see whom they name; that must be done before.
func (p Prompt) Render(given map[string]string) (string, error) {
	var b strings.Builder
	if err := texts().ExecuteTemplate(&b, p.Name+".md", page{given}); err != nil {
		return "", fmt.Errorf("prompt %s: %w", p.Name, err)
	}
	return strings.TrimSpace(b.String()), nil
}

//go:embed *.md
var files embed.FS

// texts are the prompts' files, parsed when the first is asked for.
var texts = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("").ParseFS(files, "*.md"))
})

// page is what a text's template is executed with.
type page struct{ args map[string]string }

// Arg returns the value of an argument, "" if it was not given.
func (p page) Arg(name string) string { return p.args[name] }

// First returns the first day of the month asked for, "" if there is none.
func (p page) First() string { return p.monthDay(func(m time.Time) time.Time { return m }) }

// Last returns the last day of the month asked for, "" if there is none.
func (p page) Last() string {
	return p.monthDay(func(m time.Time) time.Time { return m.AddDate(0, 1, -1) })
}

// Days returns the length of the month asked for, 30 if there is none.
func (p page) Days() int {
	last, err := civil.ParseDate(p.Last())
	if err != nil {
		return 30
	}
	return last.Day
}

func (p page) monthDay(of func(first time.Time) time.Time) string {
	first, err := time.Parse(monthLayout, p.args["month"])
	if err != nil {
		return ""
	}
	return civil.DateOf(of(first)).String()
}

// Call returns a call of a tool: the pairs of names and values without the empty ones, with
// the user and the zone if the prompt was given them.
func (p page) Call(tool string, pairs ...any) (string, error) {
	arguments := map[string]any{"user_id": p.args["user_id"], "timezone": p.args["timezone"]}
	for pair := range slices.Chunk(pairs, 2) {
		name, ok := pair[0].(string)
		if !ok || len(pair) < 2 {
			return "", fmt.Errorf("call of %s: the arguments are no pairs", tool)
		}
		arguments[name] = pair[1]
	}
	maps.DeleteFunc(arguments, func(_ string, value any) bool { return value == "" })
	b, err := json.Marshal(arguments)
	if err != nil {
		return "", fmt.Errorf("call of %s: %w", tool, err)
	}
	return "`" + tool + " " + string(b) + "`", nil
}
