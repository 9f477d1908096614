// Package tool defines what a tool is: how it is declared, how its arguments are read,
// and what all answers and failures have in common.
package tool

import (
	"bytes"
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/invopop/jsonschema"

	"github.com/asleep-mcp/asleep-mcp/internal/access"
)

// Access is what a tool does to the data it reaches. The zero value is not a kind of
// access, so that forgetting to state it is an error and not a wrong hint.
type Access int

// The kinds of access.
const (
	Reads   Access = iota + 1 // changes nothing
	Writes                    // adds something
	Deletes                   // removes something
)

// The sets of tools. Tools of a set are switched on together.
const (
	ToolsetSleep  = "sleep"  // about one person
	ToolsetCohort = "cohort" // about groups of people
	ToolsetManage = "manage" // about managing organizations and users
	ToolsetDiary  = "diary"  // for writing about one's own nights

	// ToolsetAccount is for people who signed in with an OpenID provider and have no
	// Asleep user yet. It is on where there is a provider.
	ToolsetAccount = "account"
)

// Toolsets lists the sets of tools that a setting switches on; DefaultToolsets are on by
// default.
var (
	Toolsets        = []string{ToolsetSleep, ToolsetCohort, ToolsetManage, ToolsetDiary}
	DefaultToolsets = []string{ToolsetSleep, ToolsetCohort}
)

// Spec describes a tool.
type Spec struct {
	Name        string // verb_noun, snake case
	Title       string // for people
	Description string // for models: when to use it, and which other tool to use instead
	Toolset     string
	Access      Access
	Local       bool // it reaches nothing but this server's own database
}

// Scope returns what a caller must be allowed to do to use the tool at all; whom they
// may ask about is decided later.
func (s Spec) Scope() access.Scope {
	switch {
	case s.Toolset == ToolsetManage:
		return access.Admin
	case s.Toolset == ToolsetCohort:
		return access.OrgRead
	case s.Access == Reads:
		return access.SleepRead
	}
	return access.SleepWrite
}

// Serves reports whether the tool can ever be of use to p, whatever the scopes of p.
func (s Spec) Serves(p access.Principal) bool {
	return p.Could(s.Scope()) && (s.Toolset != ToolsetAccount || p.IsNewcomer())
}

// Tool is one declared tool.
type Tool struct {
	Spec
	Run      func(context.Context, *Deps, json.RawMessage) (Answer, error)
	rules    func() *jsonschema.Schema
	shown    func() definition
	pictured bool
	charted  bool
}

// Input returns the JSON schema of the arguments, in the dialect that every client's model
// takes.
func (t Tool) Input() json.RawMessage { return json.RawMessage(t.shown().InputSchema) }

// Rules returns the JSON schema of the arguments with all that is checked: limits, formats
// and defaults too.
func (t Tool) Rules() json.RawMessage { return encoded(t.rules()) }

// Output returns the JSON schema of the answer.
func (t Tool) Output() json.RawMessage { return json.RawMessage(t.shown().OutputSchema) }

// Defined returns the tool with the schemas of its file in the folder definitions, which a
// test writes from the Go types: taking those apart at each start was most of the work until
// the tools were listed. Without a file, as while a tool is being written, the types are
// still taken.
func (t Tool) Defined(files embed.FS) Tool {
	reflected := t.shown
	t.shown = sync.OnceValue(func() definition {
		if d, found := readDefinition(files, "definitions/"+t.Name+".json"); found {
			return d
		}
		return reflected()
	})
	return t
}

// Pictured reports whether the tool's answers can be shown as pictures.
func (t Tool) Pictured() bool { return t.pictured }

// Charted reports whether they can be had as images too, with the argument chart.
func (t Tool) Charted() bool { return t.charted }

// Call runs the tool. Arguments are a JSON object, which may be written in a text, as models
// hand it to their hosts; nil, null or "" stand for an empty one. In it, null or "" of an optional
// argument mean that it was not given; numbers, true and false, and lists are read from texts too,
// and what hosts are known to add is ignored. An error is always a [*Failure]. A
// panic is not recovered here.
func (t Tool) Call(ctx context.Context, d *Deps, arguments json.RawMessage) (Answer, error) {
	if text, ok := textOf(bytes.TrimSpace(arguments)); ok && (text == "" || strings.HasPrefix(strings.TrimSpace(text), "{")) {
		arguments = json.RawMessage(text)
	}
	answer, err := t.Run(ctx, d, arguments)
	if err != nil {
		return Answer{}, completed(explain(ctx, err, arguments), t.rules, arguments)
	}
	return answer, nil
}

// Define declares a tool. It panics on an incomplete declaration, at start.
func Define[In, Out any](s Spec, handle func(context.Context, *Deps, In) (Out, error)) Tool {
	if s.Name == "" || s.Title == "" || s.Description == "" || s.Toolset == "" || s.Access == 0 {
		panic(fmt.Sprintf("tools: incomplete declaration of %q", s.Name))
	}
	input := sync.OnceValue(inputSchema[In])
	return Tool{
		Spec:  s,
		rules: input,
		shown: sync.OnceValue(func() definition {
			return definition{jsontext.Value(encoded(portable(input()))), jsontext.Value(encoded(outputSchema[Out]()))}
		}),
		pictured: hasPicture[Out](),
		charted:  hasChart[In](),
		Run: func(ctx context.Context, d *Deps, arguments json.RawMessage) (Answer, error) {
			var in In
			if err := decodeArguments(input(), arguments, &in, sync.OnceValue(func() time.Time { return d.nowAsked(ctx, s, arguments) })); err != nil {
				return Answer{}, err
			}
			if err := allowed(ctx, s); err != nil {
				return Answer{}, err
			}
			if d.lacks(s) {
				return Answer{}, errNoKey
			}
			out, err := handle(ctx, d, in)
			if err != nil {
				return Answer{}, err
			}
			return answerOf(in, out)
		},
	}
}

// zoneWithin is how long a mistake in a date waits to learn which day it is.
const zoneWithin = 3 * time.Second

// nowAsked is the time, in the zone of the person whom arguments ask about: nights have the dates
// of that zone. It is the home zone where nobody is asked about, or where the caller may
// not ask about them, or where it cannot be found out quickly. What is read for it is read
// again, from memory, for the question without the mistake.
func (d *Deps) nowAsked(ctx context.Context, s Spec, arguments json.RawMessage) time.Time {
	now := d.Now().In(d.HomeZone())
	if s.Toolset != ToolsetSleep && s.Toolset != ToolsetDiary || allowed(ctx, s) != nil || d.lacks(s) {
		return now
	}
	var asked struct {
		UserID string `json:"user_id"`
	}
	if json.Unmarshal(arguments, &asked) != nil {
		return now
	}
	user, err := access.Resolve(ctx, asked.UserID)
	if err != nil {
		return now
	}
	ctx, cancel := context.WithTimeout(ctx, zoneWithin)
	defer cancel()
	person, err := d.Nights().Person(ctx, user.ID())
	if err != nil {
		return now
	}
	return now.In(person.Zone)
}

// allowed returns nil when the caller may use the tool.
func allowed(ctx context.Context, s Spec) error {
	switch p := access.From(ctx); {
	case p.May(s.Scope()):
		return nil
	case slices.ContainsFunc(access.Scopes, p.May):
		return &Failure{Code: Forbidden, Text: notFor[s.Scope()]}
	}
	return access.ErrStranger
}

// notFor say what to do instead of a tool that needs a scope the caller lacks.
var notFor = map[access.Scope]string{
	access.SleepRead: "This caller may not see one person's nights. Ask about an organization, or ask the operator for access.",
	access.OrgRead:   "This caller may not see organizations. Ask about your own nights, or ask the operator for access.",
	access.Admin:     "Managing organizations and users is for operators. Ask the operator.",
}

// lacks reports whether there is nothing to ask about what the tool is about. Users and
// recordings are managed at Asleep alone.
func (d *Deps) lacks(s Spec) bool {
	return d.Client == nil && (d.Source == nil && d.Archive == nil || s.Toolset == ToolsetManage || s.Toolset == ToolsetAccount)
}
