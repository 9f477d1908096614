package tools

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
)

var update = flag.Bool("update", false, "write the goldens and the table in docs/tools.md anew")

const (
	me        = "G-20250318162239-yAge"
	secretKey = "a-key-that-nobody-may-see"
)

// morning is the "now" of tests that do not care: a Monday in November.
var morning = instantOf("2026-11-23T09:12:00+01:00")

func instantOf(text string) time.Time {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return at
}

// world is a sandbox, the real client in front of it and what tools work with.
type world struct {
	sandbox *sandbox.Server
	deps    *Deps
	ctx     context.Context
}

// newWorld starts a sandbox in which it is now. The first person is the one who
// is asked about when nobody is named.
func newWorld(t testing.TB, now time.Time, people ...sandbox.Person) *world {
	return startWorld(t, sandbox.Options{Now: func() time.Time { return now }, People: people})
}

// born is the same world with another setting, which is fixed for a program.
func (w *world) born(year int) *world {
	d := w.deps
	return &world{w.sandbox, &Deps{Client: d.Client, Now: d.Now, Zone: d.Zone, DataSource: d.DataSource, BirthYear: year}, w.ctx}
}

func startWorld(t testing.TB, o sandbox.Options) *world {
	t.Helper()
	o.Key = secretKey
	box := sandbox.New(o)
	web := httptest.NewServer(box)
	t.Cleanup(web.Close)
	t.Cleanup(box.Close)
	client, err := asleep.New(web.URL, secretKey, asleep.WithClock(o.Now))
	require.NoError(t, err)
	own := me
	if len(o.People) > 0 {
		own = o.People[0].ID
	}
	return &world{
		sandbox: box,
		deps:    &Deps{Client: client, Now: o.Now, DataSource: "demo"},
		ctx:     access.With(t.Context(), access.Operator(own)),
	}
}

// demo is the world of the demo's user.
func demo(t testing.TB, now time.Time) *world {
	return newWorld(t, now, sandbox.Demo(now, 1)...)
}

// requests is how many requests reached the sandbox.
func (w *world) requests() int {
	sum := 0
	for _, n := range w.sandbox.Requests() {
		sum += n
	}
	return sum
}

func toolNamed(t testing.TB, name string) Tool {
	t.Helper()
	for _, tool := range All() {
		if tool.Name == name {
			return tool
		}
	}
	require.FailNow(t, "no such tool", name)
	return Tool{}
}

// aboutOnePerson are the tools of one person's nights.
func aboutOnePerson() []Tool { return Of([]string{ToolsetSleep}, access.Operator("")) }

// longestAnswer is what hosts show of an answer, in characters.
const longestAnswer = 45_000

// required are arguments without which a tool cannot be called.
var required = map[string][][2]string{
	"compare_periods": {
		{"first_from", "2026-09-24"}, {"first_to", "2026-10-24"}, {"second_from", "2026-10-25"}, {"second_to", "2026-11-23"},
	},
	"organization_statistics":       {{"organization", "acme"}},
	"create_organization":           {{"organization", "acme"}, {"name", "Acme"}},
	"add_user_to_organization":      {{"organization", "acme"}, {"email", "anna@example.org"}},
	"remove_user_from_organization": {{"organization", "acme"}, {"email", "anna@example.org"}},
	"get_user":                      {{"user_id", me}},
	"delete_user":                   {{"user_id", me}, {"confirm", me}},
	"delete_session":                {{"user_id", me}, {"session_id", "20261121220000_ab12c"}, {"confirm", "20261121220000_ab12c"}},
}

// complete adds to an object of arguments what the tool cannot be called without.
func complete(tool, arguments string) json.RawMessage {
	rest, isObject := strings.CutPrefix(strings.TrimSpace(arguments), "{")
	if !isObject {
		return json.RawMessage(arguments)
	}
	var added []string
	for _, a := range required[tool] {
		if name := strconv.Quote(a[0]); !strings.Contains(rest, name) {
			added = append(added, name+":"+strconv.Quote(a[1]))
		}
	}
	if len(added) > 0 && strings.TrimSpace(rest) != "}" {
		added = append(added, "")
	}
	return json.RawMessage("{" + strings.Join(added, ",") + rest)
}

// call returns a tool's answer after holding it against everything that every
// answer promises.
func call(t testing.TB, w *world, name, arguments string) json.RawMessage {
	t.Helper()
	tool := toolNamed(t, name)
	answer, err := tool.Call(w.ctx, w.deps, complete(name, arguments))
	require.NoError(t, err, "%s %s", name, arguments)
	require.NoError(t, schemaOf(t, closed(t, tool.Output)).Validate(decoded(t, answer)), "%s: %s", name, answer)

	var compact bytes.Buffer
	require.NoError(t, json.Compact(&compact, answer))
	require.Equal(t, compact.String(), string(answer), "compact")
	require.Less(t, utf8.RuneCount(answer), longestAnswer)
	require.NotContains(t, string(answer), "null")
	require.NotContains(t, string(answer), secretKey)
	checkHead(t, answer)
	return answer
}

// closed is a schema that knows every field there is: answers are open to clients,
// not to us.
func closed(t testing.TB, schema json.RawMessage) json.RawMessage {
	t.Helper()
	root := decoded(t, schema)
	closeNode(root)
	b, err := json.Marshal(root)
	require.NoError(t, err)
	return b
}

func closeNode(node any) {
	schema, ok := node.(map[string]any)
	if !ok {
		return
	}
	properties, isObject := schema["properties"].(map[string]any)
	if isObject {
		schema["additionalProperties"] = false
	}
	for _, p := range properties {
		closeNode(p)
	}
	closeNode(schema["items"])
}

// checkHead holds the common head against its own arithmetic.
func checkHead(t testing.TB, answer json.RawMessage) {
	t.Helper()
	var h Head
	require.NoError(t, json.Unmarshal(answer, &h))
	require.NotEmpty(t, h.Summary)
	require.Equal(t, h.Nights.Tracked, h.Nights.Used+excluded(h), "tracked is used plus excluded")
	if h.Period == (Period{}) {
		return // of several periods; the schema says where one is required
	}
	from, to := parseDate(h.Period.From), parseDate(h.Period.To)
	require.NotNil(t, from)
	require.NotNil(t, to)
	require.Equal(t, h.Period.Days, to.DaysSince(*from)+1)
	require.LessOrEqual(t, h.Nights.Tracked, h.Period.Days, "one night a date")
}

func excluded(h Head) int {
	sum := 0
	for _, e := range h.Nights.Excluded {
		sum += e.Count
	}
	return sum
}

// answerOf is a tool's answer, read into its type.
func answerOf[T any](t testing.TB, w *world, name, arguments string) T {
	t.Helper()
	var out T
	require.NoError(t, json.Unmarshal(call(t, w, name, arguments), &out))
	return out
}

// fails returns the failure of a call that must not succeed.
func fails(t testing.TB, w *world, name, arguments string) *Failure {
	t.Helper()
	answer, err := toolNamed(t, name).Call(w.ctx, w.deps, complete(name, arguments))
	require.Error(t, err, "%s %.200s answered %.200s", name, arguments, answer)
	require.Nil(t, answer)
	var failure *Failure
	require.ErrorAs(t, err, &failure)
	require.NotEmpty(t, failure.Code)
	require.NotContains(t, failure.Text, secretKey)
	return failure
}

func decoded(t testing.TB, document json.RawMessage) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	require.NoError(t, err)
	return v
}

func schemaOf(t testing.TB, raw json.RawMessage) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	require.NoError(t, compiler.AddResource("schema.json", decoded(t, raw)))
	schema, err := compiler.Compile("schema.json")
	require.NoError(t, err)
	return schema
}

// person is somebody whose recordings are told.
func person(recordings ...sandbox.Recording) sandbox.Person {
	return sandbox.Person{ID: me, Recordings: recordings}
}

// slept is a recording that begins at a local time, such as "2026-11-21 23:15".
func slept(start, zone, hypnogram string) sandbox.Recording {
	place, err := time.LoadLocation(zone)
	if err != nil {
		panic(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", start, place)
	if err != nil {
		panic(err)
	}
	return sandbox.Recording{Start: at, Zone: zone, Stages: stagesText(hypnogram)}
}

// stagesText reads a hypnogram written in minutes: "10w 90l 60d 60r 5x" is ten
// minutes awake, then light, deep and REM sleep, then five that were lost.
func stagesText(hypnogram string) []int8 {
	codes := map[string]int8{"x": -1, "w": 0, "l": 1, "d": 2, "r": 3}
	var stages []int8
	for part := range strings.FieldsSeq(hypnogram) {
		var minutes float64
		var stage string
		if _, err := fmt.Sscanf(part, "%f%1s", &minutes, &stage); err != nil {
			panic(fmt.Sprintf("hypnogram %q: %v", part, err))
		}
		for range int(math.Round(2 * minutes)) {
			stages = append(stages, codes[stage])
		}
	}
	return stages
}

// usual is a night of 7 h 20 min asleep in 8 h in bed.
const usual = "20w 200l 80d 10w 160r 10w"

// nightly repeats a hypnogram, a night each, newest last; lastStart is the local
// time at which the newest begins.
func nightly(nights int, lastStart, zone, hypnogram string) []sandbox.Recording {
	last := slept(lastStart, zone, hypnogram)
	place, _ := time.LoadLocation(zone)
	recordings := make([]sandbox.Recording, nights)
	for i := range recordings {
		r := last
		r.Start = last.Start.In(place).AddDate(0, 0, i+1-nights)
		recordings[i] = r
	}
	return recordings
}
