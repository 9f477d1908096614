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
	BaseURL        string `placeholder:"URL" default:"${base_url}" variable:"ASLEEP_BASE_URL" help:"Base URL of the Asleep API (default ${base_url})."`
	PlainHTTP      bool   `name:"plain-http" variable:"ASLEEP_MCP_PLAIN_HTTP" help:"Allow a base URL with http:// beyond this machine. The API key is then sent unencrypted."`
	UserID         string `placeholder:"ID" variable:"ASLEEP_USER_ID" help:"Default user: whose nights a question is about if it names nobody."`
	Timezone       string `placeholder:"ZONE" variable:"ASLEEP_TIMEZONE" help:"IANA time zone, such as Europe/Paris, for people whose recordings have no zone and for groups without one."`
	Demo           bool   `variable:"ASLEEP_MCP_DEMO" help:"Use made-up nights. Needs no key; nothing leaves this machine."`
	DemoWithoutKey bool   `variable:"ASLEEP_MCP_DEMO_WITHOUT_KEY" help:"Use made-up nights as long as no API key is set."`
	Now            string `placeholder:"TIME" variable:"ASLEEP_MCP_NOW" help:"Freeze the clock at this RFC 3339 time, for demos and tests."`
	BirthYear      string `placeholder:"YEAR" type:"number" variable:"ASLEEP_MCP_BIRTH_YEAR" help:"Birth year of the default user, for the sleep recommended at their age."`
	Toolsets       string `placeholder:"NAMES" default:"${toolsets}" variable:"ASLEEP_MCP_TOOLSETS" help:"Comma-separated toolsets: sleep, cohort, manage, diary (default ${toolsets})."`
	DatabaseURL    string `name:"database-url" placeholder:"URL" variable:"ASLEEP_MCP_DATABASE_URL" help:"Database of organizations and members: postgres://… or the path of a SQLite file (default in your data folder). If the URL has a password, use the variable."`
	KeepNights     *bool  `negatable:"" variable:"ASLEEP_MCP_KEEP_NIGHTS" help:"Keep the nights that are read. If not set, nights that sync kept are used and no others are kept; if false, none are kept or used."`
	KeepDays       string `placeholder:"DAYS" type:"number" variable:"ASLEEP_MCP_KEEP_DAYS" help:"Delete kept nights older than this many days (default never)."`
	Sources        string `placeholder:"TRACKERS" variable:"ASLEEP_MCP_SOURCES" help:"Preferred trackers, comma-separated, for nights that several measured equally well, such as oura,asleep,apple_health."`
	Role           string `placeholder:"ROLE" default:"operator" variable:"ASLEEP_MCP_ROLE" help:"Role of the caller: operator, coach, analyst or user (default operator)."`
	Organizations  string `placeholder:"IDS" variable:"ASLEEP_MCP_ORGANIZATIONS" help:"Organizations of a coach or analyst, comma-separated."`
	LogFormat      string `placeholder:"text|json" default:"text" variable:"ASLEEP_MCP_LOG_FORMAT" help:"Format of log lines on standard error (default text)."`
	LogLevel       string `placeholder:"LEVEL" variable:"ASLEEP_MCP_LOG_LEVEL" help:"Lowest level to log: debug, info, warn or error (default info when serving, error for call)."`

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
