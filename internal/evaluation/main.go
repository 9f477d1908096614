package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	_ "time/tzdata" // for machines without a zone database

	"github.com/asleep-mcp/asleep-mcp/testdata"
)

// standard is the time of the evaluation unless --now sets another.
const standard = "2026-11-23T09:12:00+01:00"

const usage = `usage: evaluation [--now TIME] questions > questions.jsonl
       evaluation [--now TIME] grade < answers.jsonl
`

func main() {
	if err := run(os.Args[1:], os.Stdin, os.Stdout); err != nil {
		_, _ = fmt.Fprintln(os.Stderr, "evaluation:", err)
		os.Exit(1)
	}
}

func run(args []string, in io.Reader, out io.Writer) error {
	at := standard
	if len(args) >= 2 && args[0] == "--now" {
		at, args = args[1], args[2:]
	}
	now, err := time.Parse(time.RFC3339, at)
	if err != nil {
		return fmt.Errorf("--now: %q is no RFC 3339 time", at)
	}
	values, err := truthOf(now)
	if err != nil {
		return fmt.Errorf("--now: %w", err)
	}
	questions, err := load(values)
	switch {
	case err != nil:
		return err
	case len(args) == 1 && args[0] == "questions":
		return ask(questions, out)
	case len(args) == 1 && args[0] == "grade":
		return gradeAll(questions, values, in, out)
	case len(args) == 0:
		_, err = io.WriteString(out, usage)
		return err
	}
	return fmt.Errorf("%q is neither questions nor grade\n%s", strings.Join(args, " "), usage)
}

func load(values truth) ([]question, error) {
	text, err := testdata.Files.ReadFile("questions.yaml")
	if err != nil {
		return nil, err
	}
	return readQuestions(text, values)
}
