package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/serve"
	"github.com/asleep-mcp/asleep-mcp/tools"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// times are those at which the questions must work: the standard one, a later
// month, and a day in spring after the other clock change.
var times = []string{standard, "2026-12-20T09:00:00+01:00", "2027-04-15T08:10:00+02:00"}

func at(t *testing.T, text string) (time.Time, truth, []question) {
	t.Helper()
	now, err := time.Parse(time.RFC3339, text)
	require.NoError(t, err)
	values, err := truthOf(now)
	require.NoError(t, err)
	questions, err := load(values)
	require.NoError(t, err)
	return now, values, questions
}

func newServer(t *testing.T, now time.Time) *serve.Server {
	t.Helper()
	clock := func() time.Time { return now }
	api := sandbox.New(sandbox.Options{Now: clock, People: append(sandbox.Demo(now, sandbox.DemoSeed), sandbox.DemoTeam(now, sandbox.DemoSeed)...)})
	web := httptest.NewServer(api)
	t.Cleanup(web.Close)
	t.Cleanup(api.Close)
	client, err := asleep.New(web.URL, "any", asleep.WithClock(clock))
	require.NoError(t, err)
	team := newTeam(t)
	diary := archive.Lazy(filepath.Join(t.TempDir(), "nights.db"), clock)
	t.Cleanup(func() { assert.NoError(t, diary.Close()) })
	s, err := serve.New(serve.Options{
		Tools: tools.All(), Principal: access.Operator(sandbox.DemoUser),
		Deps: &tool.Deps{
			Client: client, Now: clock, DataSource: "demo",
			Archive:   archive.NewSource(diary, archive.Options{Live: client, Key: "any", Now: clock}),
			Directory: func(context.Context) (*directory.Store, error) { return team, nil },
		},
	})
	require.NoError(t, err)
	return s
}

// newTeam returns a directory with the demo's organization.
func newTeam(t *testing.T) *directory.Store {
	t.Helper()
	store, err := directory.Open(t.Context(), filepath.Join(t.TempDir(), "team.db"))
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, store.Close()) })
	require.NoError(t, store.CreateOrganization(t.Context(), directory.Organization{ID: "demo-team", Name: "Demo Team", Settings: directory.Settings{Timezone: "Europe/Paris"}}))
	for i := range sandbox.DemoTeamSize {
		r, err := store.Reserve(t.Context(), directory.Member{Organization: "demo-team", Email: fmt.Sprintf("member%02d@example.org", i+1)})
		require.NoError(t, err)
		require.NoError(t, store.Confirm(t.Context(), r, sandbox.DemoTeamMember(i)))
	}
	return store
}

// Every question can be answered with the calls it names: the real server's answers
// contain the true values.
func TestCallsAnswerTheQuestions(t *testing.T) {
	t.Parallel()
	for _, text := range times {
		now, values, questions := at(t, text)
		s := newServer(t, now)
		for _, q := range questions {
			t.Run(text+" "+q.ID, func(t *testing.T) {
				t.Parallel()
				answers := make([]any, len(q.Calls))
				for i, c := range q.Calls {
					answers[i] = made(t, s, c)
				}
				for _, f := range q.Facts {
					checkFact(t, f, values, answers[f.Call])
				}
				for _, route := range q.Also {
					for _, c := range route {
						made(t, s, c)
					}
				}
			})
		}
	}
}

// made makes a call and returns its answer.
func made(t *testing.T, s *serve.Server, c call) (answer any) {
	t.Helper()
	arguments, err := json.Marshal(c.Arguments)
	require.NoError(t, err)
	if c.Arguments == nil {
		arguments = nil
	}
	structured, failure, err := s.Call(t.Context(), c.Tool, arguments)
	require.NoError(t, err)
	require.Empty(t, failure, "%s %s", c.Tool, arguments)
	require.NoError(t, json.Unmarshal(structured, &answer))
	return answer
}

func checkFact(t *testing.T, f fact, values truth, answer any) {
	t.Helper()
	if f.Absent != "" {
		_, found := lookup(answer, f.Absent, values)
		assert.False(t, found, "%s must not be there", f.Absent)
		return
	}
	if f.At == "" {
		return // for texts only
	}
	got, found := lookup(answer, f.At, values)
	if !assert.True(t, found, "nothing at %s", f.At) {
		return
	}
	if f.Says != nil {
		assert.True(t, saysOne(strings.ToLower(fmt.Sprint(got)), f.Says), "%s is %v, none of %v", f.At, got, f.Says)
		return
	}
	assert.True(t, values[f.Value].is(got, f.At), "%s is %v, and true is %s = %+v", f.At, got, f.Value, values[f.Value])
}

// is compares strictly: an answer is rounded to the digits it shows, and no further.
func (v value) is(got any, path string) bool {
	number, isNumber := got.(float64)
	switch v.kind {
	case duration:
		if strings.Contains(path, "_hours") {
			number *= 60
			return isNumber && math.Abs(number-v.number) <= 0.301 // two decimals
		}
		return isNumber && math.Abs(math.Abs(number)-v.number) <= 0.501
	case percent:
		return isNumber && math.Abs(number-v.number) <= 0.0501
	case count:
		return isNumber && number == v.number
	case clock:
		text := fmt.Sprint(got)
		if _, behind, isInstant := strings.Cut(text, "T"); isInstant {
			text = behind[:len("15:04")]
		}
		found := clocks(text)
		return len(found) == 1 && math.Abs(math.Remainder(found[0]-v.number, 24*60)) <= 1
	}
	return fmt.Sprint(got) == v.text
}

var step = regexp.MustCompile(`^([a-z0-9_]+)(?:\[([^\]]+)\])?$`)

// lookup follows a path of names with dots; brackets hold conditions that an element of
// a list must meet.
func lookup(answer any, path string, values truth) (any, bool) {
	for _, part := range splitPath(path) {
		m := step.FindStringSubmatch(part)
		object, isObject := answer.(map[string]any)
		if m == nil || !isObject {
			return nil, false
		}
		var found bool
		if answer, found = object[m[1]]; !found {
			return nil, false
		}
		if m[2] == "" {
			continue
		}
		list, _ := answer.([]any)
		i := slices.IndexFunc(list, func(element any) bool { return meets(element, m[2], values) })
		if i < 0 {
			return nil, false
		}
		answer = list[i]
	}
	return answer, true
}

// splitPath cuts at dots that are not inside brackets.
func splitPath(path string) []string {
	depth := 0
	return strings.FieldsFunc(path, func(r rune) bool {
		switch r {
		case '[':
			depth++
		case ']':
			depth--
		}
		return r == '.' && depth == 0
	})
}

func meets(element any, conditions string, values truth) bool {
	object, _ := element.(map[string]any)
	for condition := range strings.SplitSeq(conditions, ",") {
		name, want, _ := strings.Cut(condition, "=")
		if reference, isReference := strings.CutPrefix(want, "$"); isReference {
			if !values[reference].is(object[name], name) {
				return false
			}
		} else if fmt.Sprint(object[name]) != want {
			return false
		}
	}
	return true
}

func TestThereAreQuestionsOfEveryKind(t *testing.T) {
	t.Parallel()
	_, _, questions := at(t, standard)
	assert.GreaterOrEqual(t, len(questions), 40)
	used, asked := map[string]bool{}, map[string]int{}
	for _, q := range questions {
		asked[q.Kind]++
		for _, c := range q.Calls {
			used[c.Tool] = true
		}
		assert.NotContains(t, q.Question, "{")
		assert.True(t, q.Kind == "easy" || q.Why != "", "%s: why is it one?", q.ID)
	}
	for _, kind := range kinds {
		assert.GreaterOrEqual(t, asked[kind], 5, kind)
	}
	for _, one := range tools.All() {
		if slices.Contains(tool.DefaultToolsets, one.Toolset) {
			assert.True(t, used[one.Name], "no question needs %s", one.Name)
		}
	}
}

// perfect returns a text that states all of a question's facts.
func perfect(q question, values truth) string {
	var b strings.Builder
	for _, f := range q.Facts {
		if f.Value != "" {
			fmt.Fprintf(&b, "It is %s. ", values[f.Value].spoken())
		} else if f.Says != nil {
			b.WriteString("It is " + f.Says[0] + ". ")
		}
	}
	return b.String()
}

// A correct answer passes; one that lacks any of its facts, or says what it must not,
// does not.
func TestGradesBite(t *testing.T) {
	t.Parallel()
	_, values, questions := at(t, standard)
	for _, q := range questions {
		g := q.grade(answer{ID: q.ID, Answer: perfect(q, values), Calls: q.Calls}, values)
		assert.True(t, g.Passed, "%s misses %v", q.ID, g.Missed)
		require.NotNil(t, g.Tools)
		assert.True(t, *g.Tools, q.ID)
		for i, f := range q.Facts {
			lacking := q
			lacking.Facts = slices.Delete(slices.Clone(q.Facts), i, i+1)
			same := slices.ContainsFunc(lacking.Facts, func(o fact) bool {
				return o.Value == f.Value && slices.Equal(o.Says, f.Says) || f.Value != "" && holdsOne(perfect(lacking, values), append(f.Or, f.Value), values)
			})
			if f.Absent == "" && !same {
				assert.False(t, q.grade(answer{Answer: perfect(lacking, values)}, values).Passed, "%s without %+v", q.ID, f)
			}
		}
		for i, f := range q.Facts {
			for _, other := range f.Or {
				stead := q
				stead.Facts = slices.Clone(q.Facts)
				stead.Facts[i] = fact{Value: other}
				assert.True(t, q.grade(answer{Answer: perfect(stead, values)}, values).Passed, "%s with %s", q.ID, other)
			}
		}
		for _, claim := range q.Never {
			for _, text := range []string{claim, "Yes, " + claim, "These nights are not clear, but " + claim, "Therefore " + claim} {
				assert.False(t, q.grade(answer{Answer: perfect(q, values) + text}, values).Passed, "%s: %s", q.ID, text)
			}
		}
		g = q.grade(answer{Answer: "", Calls: []call{{Tool: "delete_user"}}}, values)
		assert.False(t, g.Passed)
		assert.False(t, *g.Tools)
	}
}

// An answer may mention what it must not claim, in order to say that it is not so.
func TestRightAnswersMayNameWhatIsWrong(t *testing.T) {
	t.Parallel()
	_, values, questions := at(t, standard)
	natural := map[string][]string{
		"split_parts": {
			"This is not an error in your data: the night was interrupted.",
			"The second part is not twice as long as the first.",
		},
		"untracked": {
			"That does not mean you did not sleep at all, nor that it was 0 hours.",
			"Nothing recorded is different from 0 hours of sleep.",
			"Afterwards you slept 7 hours and 0 minutes, in bed 10 hours and 20 minutes, 7.0 hours asleep on average.",
		},
		"apnea": {
			"These numbers cannot tell whether you have sleep apnea.",
			"I can’t say that you have sleep apnea, nor that you do not have sleep apnea.",
			"Only a sleep study shows if you have sleep apnea; snoring alone doesn’t mean you don’t have sleep apnea.",
		},
	}
	for _, q := range questions {
		if q.Never == nil {
			continue
		}
		assert.NotEmpty(t, natural[q.ID], "%s: which right answer comes near to what it must not say?", q.ID)
		for _, text := range natural[q.ID] {
			g := q.grade(answer{Answer: perfect(q, values) + text}, values)
			assert.True(t, g.Passed, "%s: %v is found missing in %q", q.ID, g.Missed, text)
		}
	}
}

// An answer that says nothing, or hedges, knows none of the numbers.
func TestEvasionFails(t *testing.T) {
	t.Parallel()
	_, values, questions := at(t, standard)
	for _, text := range []string{
		"", " ", "I do not know.", "No.", "Yes.",
		"I cannot analyse your sleep: I have no access to that part of your data, no nights and nothing recorded.",
		"Your data may still be processing and not finished, so no sleep could be found. It is not clear, perhaps too short, or within the usual range, " +
			"possibly split in two, and a week is not over. It might be higher or lower. This is no diagnosis; please talk to a doctor, who can recommend 7 to 9 hours.",
		"You slept well.", "You slept for about 7 to 8 hours, which is recommended for adults; your efficiency was good, around 85-95 %.",
	} {
		for _, q := range questions {
			assert.False(t, q.grade(answer{Answer: text}, values).Passed, "%s is passed by %q", q.ID, text)
		}
	}
}

func TestTextsAreReadGenerously(t *testing.T) {
	t.Parallel()
	cases := []struct {
		v    value
		says []string
		not  []string
	}{
		{value{kind: duration, number: 443}, []string{"7 h 23 min", "7h23m", "7 hours and 23 minutes", "about 7.4 hours", "443 minutes", "7 hours, 23 min", "seven hours and 23 minutes", "about seven and a half hours"}, []string{"7 hours", "about seven hours", "7.5 hours", "23 minutes", "443", "8.4 hours", "17 h 23 min"}},
		{value{kind: duration, number: 36}, []string{"a nap of 36 minutes", "a 36-minute nap", "0.6 hours"}, []string{"half an hour", "about 1 hour", "36 %", "1 h 36 min"}},
		{value{kind: duration, number: 7}, []string{"7 minutes", "seven minutes", "8 min"}, []string{"4 minutes", "10 minutes", "17 minutes"}},
		{value{kind: duration, number: 428}, []string{"about seven hours", "just over 7 hours", "around 7 h"}, []string{"seven hours", "about 6.5 hours", "about 17 hours"}},
		{value{kind: percent, number: 92.3}, []string{"92 %", "92.3%", "92 percent"}, []string{"92", "93 %", "92 minutes"}},
		{value{kind: clock, number: 23*60 + 47}, []string{"23:47", "11:47 pm", "11:47 PM", "23:48", "11:47 p.m."}, []string{"11:47 am", "11:47", "23:52"}},
		{value{kind: clock, number: 1}, []string{"00:01", "12:01 am", "23:59"}, []string{"12:01", "00:10"}},
		{value{kind: count, number: 6}, []string{"6 nights", "six nights", "of 6.", "6"}, []string{"16 nights", "6.5 hours", "6 %", "06:12", "2026-11-06", "sixty"}},
		{value{kind: count, number: 0}, []string{"no nights", "none", "0 nights"}, []string{"not one", "nothing", "10 nights"}},
		{value{kind: date, text: "2026-11-22"}, []string{"2026-11-22", "22 November", "November 22nd", "Nov 22", "the 22nd", "the 22nd of November"}, []string{"21 November", "122 November", "November 2", "22"}},
		{value{kind: date, text: "2026-08-07"}, []string{"from 7 to 13 August", "7–13 August 2026", "August 7-13", "August 7th to 13th", "7/8/2026"}, []string{"6 to 13 August", "from 1 to 7 May", "17 to 23 August"}},
		{value{kind: date, text: "2026-08-13"}, []string{"from 7 to 13 August", "August 7 until 13", "the 7th to 13th of August"}, []string{"13 to 14 September"}},
		{value{kind: date, text: "2026-11-01"}, []string{"November 1, 2026", "1st of November"}, []string{"November 11", "21 November"}},
		{value{kind: month, text: "2026-10"}, []string{"October", "2026-10"}, []string{"November"}},
		{value{kind: zone, text: "Asia/Seoul"}, []string{"Asia/Seoul", "in Seoul"}, []string{"Paris"}},
	}
	for _, c := range cases {
		for _, text := range c.says {
			assert.True(t, c.v.in("It was "+text), "%+v in %q", c.v, text)
		}
		for _, text := range c.not {
			assert.False(t, c.v.in("It was "+text), "%+v in %q", c.v, text)
		}
	}
}

// The two commands, as they are used from outside.
func TestFromOutside(t *testing.T) {
	t.Parallel()
	var asked, graded bytes.Buffer
	require.NoError(t, run([]string{"questions"}, nil, &asked))
	_, values, questions := at(t, standard)
	require.Equal(t, len(questions), strings.Count(asked.String(), "\n"))
	var first struct{ ID, Kind, Question string }
	require.NoError(t, json.Unmarshal([]byte(strings.SplitN(asked.String(), "\n", 2)[0]), &first))
	assert.Equal(t, questions[0].ID, first.ID)

	good, err := json.Marshal(answer{ID: first.ID, Answer: perfect(questions[0], values), Calls: questions[0].Calls})
	require.NoError(t, err)
	bad := `{"id":` + strconv.Quote(questions[1].ID) + `,"answer":"I do not know."}`
	require.NoError(t, run([]string{"grade"}, strings.NewReader(string(good)+"\n\n"+bad+"\n"), &graded))
	lines := strings.Split(strings.TrimSpace(graded.String()), "\n")
	require.Len(t, lines, 3)
	assert.Contains(t, lines[0], `"passed":true`)
	assert.Contains(t, lines[1], `"missed":["one of: `)
	assert.NotContains(t, lines[1], "tools")
	assert.JSONEq(t, fmt.Sprintf(`{"questions":%d,"answered":2,"passed":1,"tools":1,"passed_by_kind":{%q:1}}`, len(questions), first.Kind), lines[2])

	for _, in := range []string{"{", `{"id":"nobody"}`, bad + "\n" + bad} {
		require.Error(t, run([]string{"grade"}, strings.NewReader(in), &graded), in)
	}
	require.Error(t, run([]string{"--now", "today", "questions"}, nil, &asked))
	require.ErrorContains(t, run([]string{"--now", "2026-11-23T21:00:00+01:00", "questions"}, nil, &asked), "last night is finished")
	require.ErrorContains(t, run([]string{"grades"}, nil, &asked), "usage")
}

// docs/evaluation.md shows what the commands print, but for how many questions there are.
func TestPageShowsWhatIsPrinted(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../docs/evaluation.md")
	require.NoError(t, err)
	answered := regexp.MustCompile(`\{"id":.*"answer":.*\}`).Find(page)
	require.NotEmpty(t, answered)
	var graded bytes.Buffer
	require.NoError(t, run([]string{"grade"}, bytes.NewReader(answered), &graded))
	count := regexp.MustCompile(`"questions":\d+`)
	shown := count.ReplaceAllString(string(page), "")
	for line := range strings.Lines(graded.String()) {
		assert.Contains(t, shown, count.ReplaceAllString(strings.TrimSpace(line), ""))
	}
	assert.Contains(t, shown, standard)
}
