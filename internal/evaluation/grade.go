package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"reflect"
	"regexp"
	"slices"
	"strings"
)

// answer is what a model said to a question.
type answer struct {
	ID     string `json:"id"`
	Answer string `json:"answer"`
	Calls  []call `json:"calls"` // nil: not known
}

// grade is the verdict on an answer.
type grade struct {
	ID     string   `json:"id"`
	Kind   string   `json:"kind"`
	Passed bool     `json:"passed"`
	Missed []string `json:"missed,omitempty"`
	Tools  *bool    `json:"tools,omitempty"`
}

// grades counts the grades of a run.
type grades struct {
	Questions int            `json:"questions"`
	Answered  int            `json:"answered"`
	Passed    int            `json:"passed"`
	Tools     int            `json:"tools"`
	ByKind    map[string]int `json:"passed_by_kind"`
}

// grade compares an answer with the facts of its question.
func (q question) grade(a answer, values truth) grade {
	g := grade{ID: q.ID, Kind: q.Kind}
	text := strings.ReplaceAll(strings.ToLower(a.Answer), "’", "'")
	for _, f := range q.Facts {
		switch {
		case f.Value != "" && !holdsOne(a.Answer, append([]string{f.Value}, f.Or...), values):
			g.Missed = append(g.Missed, fmt.Sprintf("%s (%s)", values[f.Value].spoken(), f.Value))
		case f.Says != nil && !saysOne(text, f.Says):
			g.Missed = append(g.Missed, "one of: "+strings.Join(f.Says, ", "))
		}
	}
	for _, claim := range q.Never {
		if claims(text, claim) {
			g.Missed = append(g.Missed, "must not say: "+claim)
		}
	}
	g.Passed = g.Missed == nil
	if a.Calls != nil {
		right := slices.ContainsFunc(append([][]call{q.Calls}, q.Also...), func(route []call) bool { return follows(a.Calls, route) })
		g.Tools = &right
	}
	return g
}

// holdsOne reports whether a text contains one of the values of these names.
func holdsOne(text string, names []string, values truth) bool {
	return slices.ContainsFunc(names, func(name string) bool { return values[name].in(text) })
}

// saysOne reports whether a text in lower case contains one of the words, or words that
// begin with one.
func saysOne(text string, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(text, word) })
}

var (
	clauseEnd = regexp.MustCompile(`[.!?:;,]+(?:\s|$)|\n|—| but | so `)
	// doubts are words after which a claim is denied or left open: "cannot tell
	// whether you have", "not the same as 0 hours".
	doubts = regexp.MustCompile(`\b(?:not?|cannot|nor|whether|if|than|never|without)\b|n't\b|\bdiffer`)
)

// claims reports whether a text in lower case makes a claim, in these words, rather than
// only mentioning it.
func claims(text, claim string) bool {
	for _, clause := range clauseEnd.Split(text, -1) {
		if at := wholeWords(claim).FindStringIndex(clause); at != nil && !doubts.MatchString(clause[:at[0]]) {
			return true
		}
	}
	return false
}

// follows reports whether the calls of a route are among those made. Extra arguments do
// no harm.
func follows(made, route []call) bool {
	for _, want := range route {
		if !slices.ContainsFunc(made, func(c call) bool {
			if c.Tool != want.Tool {
				return false
			}
			for name, argument := range want.Arguments {
				if !sameArgument(c.Arguments[name], argument) {
					return false
				}
			}
			return true
		}) {
			return false
		}
	}
	return true
}

// sameArgument compares as JSON does, where 7 is 7.0.
func sameArgument(a, b any) bool {
	plain := func(v any) (out any) {
		text, err := json.Marshal(v)
		if err != nil || json.Unmarshal(text, &out) != nil {
			return v
		}
		return out
	}
	return reflect.DeepEqual(plain(a), plain(b))
}

// ask prints the questions.
func ask(questions []question, out io.Writer) error {
	e := json.NewEncoder(out)
	for _, q := range questions {
		line := struct {
			ID       string `json:"id"`
			Kind     string `json:"kind"`
			Question string `json:"question"`
		}{q.ID, q.Kind, q.Question}
		if err := e.Encode(line); err != nil {
			return err
		}
	}
	return nil
}

// longestAnswer bounds a line of answers, in bytes.
const longestAnswer = 4 << 20

// gradeAll reads answers and prints their grades, then the totals.
func gradeAll(questions []question, values truth, in io.Reader, out io.Writer) error {
	total := grades{Questions: len(questions), ByKind: map[string]int{}}
	graded := map[string]bool{}
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, longestAnswer)
	e := json.NewEncoder(out)
	for n := 1; lines.Scan(); n++ {
		if strings.TrimSpace(lines.Text()) == "" {
			continue
		}
		var a answer
		if err := json.Unmarshal(lines.Bytes(), &a); err != nil {
			return fmt.Errorf("line %d is no answer: %w", n, err)
		}
		i := slices.IndexFunc(questions, func(q question) bool { return q.ID == a.ID })
		if i < 0 || graded[a.ID] {
			return fmt.Errorf("line %d: there is no question %q, or it was answered before", n, a.ID)
		}
		graded[a.ID] = true
		g := questions[i].grade(a, values)
		total.add(g)
		if err := e.Encode(g); err != nil {
			return err
		}
	}
	if err := lines.Err(); err != nil {
		return err
	}
	return e.Encode(total)
}

func (s *grades) add(g grade) {
	s.Answered++
	if g.Passed {
		s.Passed++
		s.ByKind[g.Kind]++
	}
	if g.Tools != nil && *g.Tools {
		s.Tools++
	}
}
