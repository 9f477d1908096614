package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"strings"

	"github.com/asleep-mcp/asleep-mcp/cmd/asleep-mcp/readable"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type doctorCommand struct{}

// The states of a finding.
const (
	fine       = "ok"
	problem    = "problem"
	notSet     = "not set"
	notChecked = "not checked" // because of another finding
)

// finding is what the doctor says about one thing, in words that hold no key, id
// or health value.
type finding struct {
	about string
	state string
	text  string
}

// Run examines the settings and prints a line for each finding. It fails if one of them is
// a problem.
func (doctorCommand) Run(p *program, ctx bound) error {
	findings, err := p.examine(ctx)
	if err != nil {
		return err
	}
	for _, f := range findings {
		head := fmt.Sprintf("%-9s %-11s  ", f.about, f.state)
		if _, err := io.WriteString(p.stdout, readable.Paragraph(head, f.text, columnsOf(p.stdout))); err != nil {
			return err
		}
	}
	if n := problems(findings); n > 0 {
		return fmt.Errorf("%s failed", tool.Count(n, "check"))
	}
	return nil
}

func problems(findings []finding) (n int) {
	for _, f := range findings {
		if f.state == problem {
			n++
		}
	}
	return n
}

func (p *program) examine(ctx context.Context) ([]finding, error) {
	m := mistakes{p.settings.unread}
	c := p.settings.read(&m, p.getenv)
	issuer := m.readIssuer(strings.TrimSpace(p.getenv("ASLEEP_MCP_OIDC_ISSUER")))
	if m.found != nil {
		return misread(m), nil
	}
	if c.demo {
		stop, err := c.startDemo(ctx, slog.New(slog.DiscardHandler))
		if err != nil {
			return nil, err
		}
		defer stop()
	}
	var findings []finding
	if c.key == "" && c.hasImports(ctx) {
		findings = c.withoutService()
	} else {
		findings = c.examineService(ctx, p.settings.Now != "")
	}
	return append(findings, c.examineDatabase(ctx), c.examineNights(ctx), c.examineJobs(ctx), examineProvider(ctx, issuer)), nil
}

func (c config) examineService(ctx context.Context, frozen bool) []finding {
	heard := c.listen(ctx)
	key, user := c.askService(ctx, heard)
	return []finding{key, user, c.zoneFinding(), c.clockFinding(heard, frozen), c.networkFinding(heard)}
}

// withoutService is what stands in the place of [config.examineService] when imported nights
// are answered about and there is no service to ask.
func (c config) withoutService() []finding {
	const needless = "not needed for imported nights"
	return []finding{
		{"key", notSet, needless + "; set ASLEEP_API_KEY to ask about those of Asleep, too"},
		{"user", fine, "nights of this user were imported"},
		c.zoneFinding(),
		{"network", notSet, needless},
	}
}

// misread returns a finding for every mistake.
func misread(m mistakes) []finding {
	var all []finding
	for _, mistake := range m.found {
		all = append(all, finding{"settings", problem, mistake.Error()})
	}
	return append(all, finding{"the rest", notChecked, "fix the settings first"})
}
