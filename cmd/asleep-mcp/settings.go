package main

import (
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"
)

// settings are the flags of every command. A flag overrides its variable. They stay texts
// until [settings.check] reads them all, so that all mistakes are reported at once.
type settings struct {
	BaseURL        string `placeholder:"URL" default:"${base_url}" variable:"ASLEEP_BASE_URL" help:"Where the Asleep API is (default ${base_url})."`
	UserID         string `placeholder:"ID" variable:"ASLEEP_USER_ID" help:"Whose nights a question is about if it names nobody."`
	Timezone       string `placeholder:"ZONE" variable:"ASLEEP_TIMEZONE" help:"IANA zone of people whose recordings name none, and of groups that have none, such as Europe/Paris."`
	Demo           bool   `variable:"ASLEEP_MCP_DEMO" help:"Answer from made-up nights. No key is needed and nothing leaves this machine."`
	DemoWithoutKey bool   `variable:"ASLEEP_MCP_DEMO_WITHOUT_KEY" help:"Answer from made-up nights as long as no API key is set."`
	Now            string `placeholder:"TIME" variable:"ASLEEP_MCP_NOW" help:"Stop the clock at this instant, in RFC 3339, for demos and tests."`
	BirthYear      string `placeholder:"YEAR" type:"number" variable:"ASLEEP_MCP_BIRTH_YEAR" help:"Birth year of the person asked about, for the sleep their age needs."`
	Toolsets       string `placeholder:"NAMES" default:"${toolsets}" variable:"ASLEEP_MCP_TOOLSETS" help:"Sets of tools, separated by commas: sleep, cohort, manage (default ${toolsets})."`
	DatabaseURL    string `name:"database-url" placeholder:"URL" variable:"ASLEEP_MCP_DATABASE_URL" help:"Where organizations and members are kept: postgres://… or the path of a SQLite file (default in the user's data folder). Use the variable for one with a password."`
	KeepNights     *bool  `negatable:"" variable:"ASLEEP_MCP_KEEP_NIGHTS" help:"Keep the nights that are read. Without it, kept nights are only used where sync made them; with false, not even then."`
	KeepDays       string `placeholder:"DAYS" type:"number" variable:"ASLEEP_MCP_KEEP_DAYS" help:"Remove kept nights that are older than so many days; all stay without it."`
	Role           string `placeholder:"ROLE" default:"operator" variable:"ASLEEP_MCP_ROLE" help:"Who is asking: operator, coach, analyst or user (default operator)."`
	Organizations  string `placeholder:"IDS" variable:"ASLEEP_MCP_ORGANIZATIONS" help:"Organizations of a coach or analyst, separated by commas."`
	LogFormat      string `placeholder:"text|json" default:"text" variable:"ASLEEP_MCP_LOG_FORMAT" help:"How log lines on standard error look (default text)."`
	LogLevel       string `placeholder:"LEVEL" variable:"ASLEEP_MCP_LOG_LEVEL" help:"Lowest level that is logged: debug, info, warn or error; info when serving, error for call."`

	unread []error // about variables that could not become a flag
}

// variables resolves flags from the variables their tags name.
func variables(s *settings, getenv func(string) string) kong.Resolver {
	return kong.ResolverFunc(func(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
		value := strings.TrimSpace(getenv(flag.Tag.Get("variable")))
		if value == "" {
			return nil, nil
		}
		if flag.IsBool() {
			on, err := strconv.ParseBool(value)
			if err != nil {
				s.unread = append(s.unread, fmt.Errorf("--%s (%s): %q is neither true nor false", flag.Name, flag.Tag.Get("variable"), value))
				return nil, nil
			}
			return on, nil
		}
		return value, nil
	})
}

// nameVariable adds the variable to a flag's help.
func nameVariable(v *kong.Value) string {
	if name := v.Tag.Get("variable"); name != "" {
		return v.Help + " ($" + name + ")"
	}
	return v.Help
}

var negative = regexp.MustCompile(`^-\d`)

// number takes the text of a number, also of a negative one, which would otherwise be taken
// for a flag. Its value is checked together with the other settings.
func number(ctx *kong.DecodeContext, target reflect.Value) error {
	if next := ctx.Scan.Peek().String(); negative.MatchString(next) {
		ctx.Scan.Pop()
		target.SetString(next)
		return nil
	}
	return ctx.Scan.PopValueInto("number", target.Addr().Interface())
}
