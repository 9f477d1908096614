// Package tooltest contains what the tests of the tools share: worlds to ask about, and
// checks of answers.
package tooltest

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/charts"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// Update is the flag that writes goldens.
var Update = flag.Bool("update", false, "write the goldens and the table in docs/tools.md again")

// The user and the key of most tests.
const (
	Me        = "G-20250318162239-yAge"
	SecretKey = "a-key-that-nobody-may-see"
)

// Morning is the "now" of tests that do not care: a Monday in November.
var Morning = InstantOf("2026-11-23T09:12:00+01:00")

// InstantOf reads a time in RFC 3339.
func InstantOf(text string) time.Time {
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		panic(err)
	}
	return at
}

// World is a sandbox, the real client in front of it and what tools work with.
type World struct {
	Sandbox *sandbox.Server
	Deps    *tool.Deps
	Ctx     context.Context
}

// NewWorld starts a sandbox whose clock stands at now. Questions that name nobody are
// about the first person.
func NewWorld(t testing.TB, now time.Time, people ...sandbox.Person) *World {
	return StartWorld(t, sandbox.Options{Now: func() time.Time { return now }, People: people})
}

// Born returns the same world with another birth year in the settings.
func (w *World) Born(year int) *World {
	d := w.Deps
	return &World{w.Sandbox, &tool.Deps{Client: d.Client, Now: d.Now, Zone: d.Zone, DataSource: d.DataSource, BirthYear: year}, w.Ctx}
}

// StartWorld returns a world of a sandbox with these options.
func StartWorld(t testing.TB, o sandbox.Options) *World {
	t.Helper()
	o.Key = SecretKey
	box := sandbox.New(o)
	web := httptest.NewServer(box)
	t.Cleanup(web.Close)
	t.Cleanup(box.Close)
	client, err := asleep.New(web.URL, SecretKey, asleep.WithClock(o.Now))
	require.NoError(t, err)
	own := Me
	if len(o.People) > 0 {
		own = o.People[0].ID
	}
	return &World{
		Sandbox: box,
		Deps:    &tool.Deps{Client: client, Now: o.Now, DataSource: "demo"},
		Ctx:     access.With(t.Context(), access.Operator(own)),
	}
}

// Demo returns the world of the demo's user.
func Demo(t testing.TB, now time.Time) *World {
	return NewWorld(t, now, sandbox.Demo(now, 1)...)
}

// Requests returns how many requests reached the sandbox.
func (w *World) Requests() int {
	sum := 0
	for _, n := range w.Sandbox.Requests() {
		sum += n
	}
	return sum
}

// ToolNamed finds a tool of those given to [Use].
func ToolNamed(t testing.TB, name string) tool.Tool {
	t.Helper()
	i := slices.IndexFunc(known, func(one tool.Tool) bool { return one.Name == name })
	require.GreaterOrEqual(t, i, 0, "no tool %q among those of this test", name)
	return known[i]
}

// known are the tools that can be called by name; see [Use].
var known []tool.Tool

// Use sets the tools that a package tests.
func Use(tools ...tool.Tool) { known = tools }

// longestAnswer is how much of an answer hosts show, in characters.
const longestAnswer = 45_000

// Required are arguments without which a tool cannot be called.
var Required = map[string][][2]string{
	"compare_periods": {
		{"first_from", "2026-09-24"}, {"first_to", "2026-10-24"}, {"second_from", "2026-10-25"}, {"second_to", "2026-11-23"},
	},
	"compare_nights":                {{"where", "nap_before"}},
	"tag_nights":                    {{"tags", "alcohol"}, {"nights", "2026-11-22"}},
	"remove_tags":                   {{"nights", "2026-11-22"}},
	"organization_statistics":       {{"organization", "acme"}},
	"create_organization":           {{"organization", "acme"}, {"name", "Acme"}},
	"set_cadence":                   {{"organization", "acme"}, {"cadence", "weeks"}},
	"add_user_to_organization":      {{"organization", "acme"}, {"email", "anna@example.org"}},
	"remove_user_from_organization": {{"organization", "acme"}, {"email", "anna@example.org"}},
	"get_user":                      {{"user_id", Me}},
	"delete_user":                   {{"user_id", Me}, {"confirm", Me}},
	"delete_session":                {{"user_id", Me}, {"session_id", "20261121220000_ab12c"}, {"confirm", "20261121220000_ab12c"}},
}

// complete adds the arguments that a tool requires.
func complete(tool, arguments string) json.RawMessage {
	rest, isObject := strings.CutPrefix(strings.TrimSpace(arguments), "{")
	if !isObject {
		return json.RawMessage(arguments)
	}
	var added []string
	for _, a := range Required[tool] {
		if name := strconv.Quote(a[0]); !strings.Contains(rest, name) {
			added = append(added, name+":"+strconv.Quote(a[1]))
		}
	}
	if len(added) > 0 && strings.TrimSpace(rest) != "}" {
		added = append(added, "")
	}
	return json.RawMessage("{" + strings.Join(added, ",") + rest)
}

// Call returns a tool's answer after checking everything that every answer promises.
func Call(t testing.TB, w *World, name, arguments string) json.RawMessage {
	t.Helper()
	tool := ToolNamed(t, name)
	answered, err := tool.Call(w.Ctx, w.Deps, complete(name, arguments))
	require.NoError(t, err, "%s %s", name, arguments)
	answer := answered.JSON
	checkPicture(t, answered)
	require.NoError(t, SchemaOf(t, closed(t, tool.Output())).Validate(Decoded(t, answer)), "%s: %s", name, answer)

	var compact bytes.Buffer
	require.NoError(t, json.Compact(&compact, answer))
	require.Equal(t, compact.String(), string(answer), "compact")
	require.Less(t, utf8.RuneCount(answer), longestAnswer)
	require.NotContains(t, string(answer), "null")
	require.NotContains(t, string(answer), SecretKey)
	checkHead(t, answer)
	checkWords(t, "", Decoded(t, answer))
	return answer
}

// checkPicture makes the picture of an answer that has one, as every answer can be asked to.
func checkPicture(t testing.TB, answered tool.Answer) {
	t.Helper()
	if answered.Picture == nil {
		return
	}
	encoded, err := charts.Encode(answered.Picture()) // fails on what is no number
	require.NoError(t, err)
	require.NotContains(t, string(encoded), SecretKey)
}

// closed returns a schema that allows no other fields: answers are open to clients, not
// to our own tests.
func closed(t testing.TB, schema json.RawMessage) json.RawMessage {
	t.Helper()
	root := Decoded(t, schema)
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

// checkHead checks the arithmetic of the common head.
func checkHead(t testing.TB, answer json.RawMessage) {
	t.Helper()
	var h tool.Head
	require.NoError(t, json.Unmarshal(answer, &h))
	require.NotEmpty(t, h.Summary)
	require.Equal(t, h.Nights.Tracked, h.Nights.Used+excluded(h), "tracked is used plus excluded")
	if h.Period == (tool.Period{}) {
		return // an answer about several periods; the schema says where one is required
	}
	from, to := tool.ParseDate(h.Period.From), tool.ParseDate(h.Period.To)
	require.NotNil(t, from)
	require.NotNil(t, to)
	require.Equal(t, h.Period.Days, to.DaysSince(*from)+1)
	require.LessOrEqual(t, h.Nights.Tracked, h.Period.Days, "one night a date")
}

// checkWords checks that the code words of an answer, wherever they are in it, are in the
// lists that docs/metrics.md explains. of is the field that node is the value of.
func checkWords(t testing.TB, of string, node any) {
	t.Helper()
	switch node := node.(type) {
	case []any:
		for _, one := range node {
			checkWords(t, of, one)
		}
	case map[string]any:
		for name, value := range node {
			checkWords(t, name, value)
			switch word, isWord := value.(string); {
			case name == "missing":
				reasons, _ := value.(map[string]any)
				for field, reason := range reasons {
					require.Contains(t, knownReasons(), reason, "%s is missing for a reason that tool.Reasons does not know", field)
				}
			case !isWord:
			case of == "warnings" && name == "code":
				require.Contains(t, tool.WarningCodes(), word, "a warning that tool.WarningCodes does not know")
			case of == "insights" && name == "code":
				require.Contains(t, analytics.InsightCodes(), word)
			case name == "reason" && slices.Contains([]string{"failures", "users", "users_data"}, of) && isFailure(word):
			case name == "left_out", name == "reason":
				require.Contains(t, knownReasons(), word, "%s of %s is a reason that tool.Reasons does not know", name, of)
			case name == "verdict":
				require.Contains(t, analytics.Verdicts(), analytics.Verdict(word))
			case name == "direction":
				require.Contains(t, analytics.Directions(), analytics.Direction(word))
			}
		}
	}
}

// isFailure reports whether a word is the code of a failure, as the reason why somebody
// could not be read.
func isFailure(word string) bool {
	return slices.ContainsFunc(tool.Failures(), func(f *tool.Failure) bool { return string(f.Code) == word })
}

func excluded(h tool.Head) int {
	sum := 0
	for _, e := range h.Nights.Excluded {
		sum += e.Count
	}
	return sum
}

// AnswerOf returns a tool's answer, read into its type.
func AnswerOf[T any](t testing.TB, w *World, name, arguments string) T {
	t.Helper()
	var out T
	require.NoError(t, json.Unmarshal(Call(t, w, name, arguments), &out))
	return out
}

// Fails returns the failure of a call that must not succeed.
func Fails(t testing.TB, w *World, name, arguments string) *tool.Failure {
	t.Helper()
	answer, err := ToolNamed(t, name).Call(w.Ctx, w.Deps, complete(name, arguments))
	require.Error(t, err, "%s %.200s answered %.200s", name, arguments, answer)
	require.Nil(t, answer.JSON)
	var failure *tool.Failure
	require.ErrorAs(t, err, &failure)
	require.NotEmpty(t, failure.Code)
	require.NotContains(t, failure.Text, SecretKey)
	return failure
}

// Decoded returns a JSON document as Go decodes it.
func Decoded(t testing.TB, document json.RawMessage) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	require.NoError(t, err)
	return v
}

// SchemaOf compiles a JSON schema.
func SchemaOf(t testing.TB, raw json.RawMessage) *jsonschema.Schema {
	t.Helper()
	compiler := jsonschema.NewCompiler()
	compiler.AssertFormat()
	require.NoError(t, compiler.AddResource("schema.json", Decoded(t, raw)))
	schema, err := compiler.Compile("schema.json")
	require.NoError(t, err)
	return schema
}

// Person returns somebody with these recordings.
func Person(recordings ...sandbox.Recording) sandbox.Person {
	return sandbox.Person{ID: Me, Recordings: recordings}
}

// Slept returns a recording that begins at a local time, such as "2026-11-21 23:15".
func Slept(start, zone, hypnogram string) sandbox.Recording {
	place, err := time.LoadLocation(zone)
	if err != nil {
		panic(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", start, place)
	if err != nil {
		panic(err)
	}
	return sandbox.Recording{Start: at, Zone: zone, Stages: StagesText(hypnogram)}
}

// StagesText reads a hypnogram written in minutes: "10w 90l 60d 60r 5x" is ten
// minutes awake, then light, deep and REM sleep, then five that were lost.
func StagesText(hypnogram string) []int8 {
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

// Usual is a night of 7 h 20 min asleep in 8 h in bed.
const Usual = "20w 200l 80d 10w 160r 10w"

// Nightly returns one recording of a hypnogram per night, newest last; lastStart is the
// local time at which the newest begins.
func Nightly(nights int, lastStart, zone, hypnogram string) []sandbox.Recording {
	last := Slept(lastStart, zone, hypnogram)
	place, _ := time.LoadLocation(zone)
	recordings := make([]sandbox.Recording, nights)
	for i := range recordings {
		r := last
		r.Start = last.Start.In(place).AddDate(0, 0, i+1-nights)
		recordings[i] = r
	}
	return recordings
}

// Hostile are values that no argument accepts.
var Hostile = []string{
	`{}`, `[[]]`, `{"a":{"b":[1]}}`, `0.5`, `-1`, `1e99`, `true`,
	`"` + strings.Repeat("a", 10_000) + `"`, `"a\u0000b"`, `"\u001b[2J\r\n"`, `"../../etc/passwd"`, `"a b"`, `"%s%n"`, `"\u202e\u2066x"`,
}

// CheckMistake compares the text of a mistake with what every such text promises.
func CheckMistake(t *testing.T, f *tool.Failure, about string) {
	t.Helper()
	assert.Equal(t, tool.InvalidArgument, f.Code)
	assert.Contains(t, f.Text, about)
	assert.Less(t, utf8.RuneCountInString(f.Text), 500, f.Text)
	assert.True(t, utf8.ValidString(f.Text))
	assert.NotContains(t, f.Text, "%!", "a value reached a format")
	for _, r := range f.Text {
		assert.True(t, unicode.IsPrint(r), "%q in %q", r, f.Text)
	}
}

// ArgumentNames returns the tool's arguments in the order of its schema.
func ArgumentNames(t testing.TB, tool tool.Tool) []string {
	t.Helper()
	var root struct {
		Properties json.RawMessage `json:"properties"`
	}
	require.NoError(t, json.Unmarshal(tool.Input(), &root))
	decoder := json.NewDecoder(bytes.NewReader(root.Properties))
	_, err := decoder.Token() // {
	require.NoError(t, err)
	var names []string
	for decoder.More() {
		name, err := decoder.Token()
		require.NoError(t, err)
		names = append(names, name.(string))
		var schema json.RawMessage
		require.NoError(t, decoder.Decode(&schema))
	}
	return names
}

// CompareGolden compares compact JSON with a golden, which is indented so that a
// change can be reviewed line by line.
func CompareGolden(t testing.TB, file string, document []byte) {
	t.Helper()
	var indented bytes.Buffer
	require.NoError(t, json.Indent(&indented, document, "", "  "))
	indented.WriteByte('\n')
	if *Update {
		require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
		require.NoError(t, os.WriteFile(file, indented.Bytes(), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err, "no golden; go test ./tools/... -update writes it")
	assert.Equal(t, string(want), indented.String(), "%s; if the change is meant: go test ./tools/... -update", file)
}

// NoOrphans fails on goldens of what no longer exists.
func NoOrphans(t testing.TB, folder string, wanted []string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	for _, e := range entries {
		assert.Contains(t, wanted, e.Name(), "golden of something that is gone")
	}
}

// HasWarning reports whether an answer has a warning with this code.
func HasWarning(h tool.Head, code string) bool {
	for _, w := range h.Warnings {
		if w.Code == code && w.Text != "" {
			return true
		}
	}
	return false
}

// AboutOnePerson returns the tools that are about one person's nights.
func AboutOnePerson() []tool.Tool {
	return slices.DeleteFunc(slices.Clone(known), func(one tool.Tool) bool { return one.Toolset != tool.ToolsetSleep })
}

// MustLoad loads a time zone that is known to exist.
func MustLoad(zone string) *time.Location {
	place, err := time.LoadLocation(zone)
	if err != nil {
		panic(err)
	}
	return place
}

// knownReasons returns all reasons that may occur in an answer.
func knownReasons() []string {
	all := tool.Reasons()
	for _, reason := range analytics.Reasons() {
		all = append(all, string(reason))
	}
	return all
}
