package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/serve"
)

type doctorCommand struct{}

// The states of a finding.
const (
	fine       = "fine"
	notFine    = "not fine"
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

var errUnwell = errors.New("something is not fine, as said above")

// Run examines what is set, one line each. It fails unless all of it is fine.
func (doctorCommand) Run(p *program, ctx bound) error {
	findings, err := p.examine(ctx)
	if err != nil {
		return err
	}
	for _, f := range findings {
		if _, err := fmt.Fprintf(p.stdout, "%-9s %-11s  %s\n", f.about, f.state, f.text); err != nil {
			return err
		}
	}
	for _, f := range findings {
		if f.state == notFine {
			return errUnwell
		}
	}
	return nil
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
	heard := c.listen(ctx)
	key, user := c.askService(ctx, heard)
	return []finding{
		key, user, c.zoneFinding(),
		c.clockFinding(heard, p.settings.Now != ""),
		c.networkFinding(heard),
		c.examineDatabase(ctx, p.getenv),
		examineProvider(ctx, issuer),
	}, nil
}

// misread has a line for every mistake.
func misread(m mistakes) []finding {
	var all []finding
	for _, mistake := range m.found {
		all = append(all, finding{"settings", notFine, mistake.Error()})
	}
	return append(all, finding{"the rest", notChecked, "correct the settings first"})
}

// askService finds out about the key and the user with one request.
func (c config) askService(ctx context.Context, heard heard) (key, user finding) {
	key = finding{"key", notFine, "there is none, and nothing works without: set ASLEEP_API_KEY, or try --demo"}
	user = finding{"user", notSet, "name one in every question, or set ASLEEP_USER_ID"}
	if c.userID != "" {
		user.state, user.text = notChecked, "it takes a key to ask the service"
	}
	if c.key == "" {
		return key, user
	}
	if heard.err != nil {
		key.state, key.text = notChecked, "the service cannot be reached"
		if c.userID != "" {
			user.text = key.text
		}
		return key, user
	}
	client, err := asleep.New(c.baseURL, c.key, asleep.WithUserAgent(serve.Name+"/"+version()))
	if err != nil {
		key.state, key.text = notFine, words(err)
		return key, user
	}
	asked := c.userID
	if asked == "" {
		asked = "asleep-mcp-doctor" // nobody: that the service says so proves the key
	}
	found, err := client.User(ctx, asked)
	key.state, key.text = keyState(err)
	if c.demo {
		key.text = "made-up nights need none"
	}
	if c.userID != "" && key.state == fine {
		user.state, user.text = userState(found, err)
	}
	return key, user
}

func keyState(err error) (state, text string) {
	switch asleep.CodeOf(err) {
	case "", asleep.NotFound, asleep.BadID:
		if err == nil || asleep.CodeOf(err) != "" {
			return fine, "the service takes it"
		}
	case asleep.BadKey:
		return notFine, "the service refuses it: copy it again from the Asleep dashboard into ASLEEP_API_KEY"
	case asleep.PlanExpired:
		return notFine, "its plan has expired: renew it in the Asleep dashboard"
	case asleep.Quota:
		return notFine, "its quota is used up: raise it in the Asleep dashboard or wait until it is renewed"
	case asleep.RateLimited:
		return notFine, "the service asks to slow down: wait a minute"
	case asleep.Forbidden:
		return notFine, "the service refuses this request for it: ask Asleep what the key may do"
	case asleep.BadResponse, asleep.Invalid:
		return notFine, "the answer is not one of the Asleep API: check ASLEEP_BASE_URL"
	}
	return notFine, "no answer came in time: try again in a minute"
}

func userState(found *asleep.User, err error) (state, text string) {
	switch {
	case err != nil:
		return notFine, "this key's service knows no such user: check ASLEEP_USER_ID; Live and Test keys have users of their own"
	case found.ToBeDeleted:
		return notFine, "it is marked for deletion"
	case found.LastSession == nil:
		return fine, "known to the service; nothing was recorded yet"
	}
	return fine, "known to the service"
}

func (c config) zoneFinding() finding {
	if c.zone == nil {
		return finding{"zone", notSet, "today is that of the newest night's zone; ASLEEP_TIMEZONE would say another"}
	}
	return finding{"zone", fine, fmt.Sprintf("%s, where it is %s", c.zone, c.now().In(c.zone).Format("15:04"))}
}

// clockSlack is how far apart the clocks may be before it matters to anybody.
const clockSlack = time.Minute

func (c config) clockFinding(heard heard, stopped bool) finding {
	f := finding{"clock", notChecked, "it takes the service's answer to compare"}
	switch {
	case stopped && c.demo:
		f.state, f.text = fine, "stopped by --now (ASLEEP_MCP_NOW)"
	case stopped:
		f.state, f.text = notFine, "stopped by --now (ASLEEP_MCP_NOW), so that last night is never the last one: leave it out"
	case heard.err != nil || heard.date.IsZero():
	case heard.apart.Abs() <= clockSlack:
		f.state, f.text = fine, "agrees with the service's"
	default:
		direction := "ahead of"
		if heard.apart < 0 {
			direction = "behind"
		}
		f.state = notFine
		f.text = fmt.Sprintf("%s %s the service's: let this machine set its clock by the network", heard.apart.Abs().Round(time.Second), direction)
	}
	return f
}
