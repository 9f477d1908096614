package main

import (
	"errors"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
	"github.com/asleep-mcp/asleep-mcp/internal/importers"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

// config is what the settings mean.
type config struct {
	key       string // "": none is set
	baseURL   string
	plain     bool // http:// beyond this machine is allowed
	userID    string
	zone      *time.Location // nil: not set
	now       func() time.Time
	birthYear int // 0: not set
	demo      bool
	toolsets  []string
	database  string                 // "": dataFile; may hold a password
	dataFile  func() (string, error) // where the directory is kept by default
	keep      bool                   // nights that are read live
	archived  bool                   // what is kept is read
	keepDays  int                    // 0: for ever
	sources   []string               // trackers, the one that goes first first
	role      access.Role
	ofOrgs    []string // a coach's or an analyst's
	logJSON   bool
	logLevel  *slog.Level // nil: not set
	service   *service    // nil: not over HTTP
}

// check reads the settings. Its error names every mistake with its flag and
// variable. Values that may be secret or personal are not repeated.
func (s settings) check(getenv func(string) string) (config, error) {
	m := mistakes{s.unread}
	c := s.read(&m, getenv)
	return c, m.err()
}

// read is check for commands that read more settings.
func (s settings) read(m *mistakes, getenv func(string) string) config {
	c := config{
		key:      m.readKey(strings.TrimSpace(getenv("ASLEEP_API_KEY"))),
		baseURL:  m.readBaseURL(s.BaseURL, s.PlainHTTP),
		plain:    s.PlainHTTP,
		userID:   m.readUserID(s.UserID),
		zone:     m.readZone(s.Timezone),
		now:      m.readNow(s.Now),
		demo:     s.Demo,
		toolsets: m.readToolsets(s.Toolsets),
		database: m.readDatabase(s.DatabaseURL),
		keep:     s.KeepNights != nil && *s.KeepNights,
		archived: s.KeepNights == nil || *s.KeepNights,
		keepDays: m.readKeepDays(s.KeepDays),
		sources:  m.readSources(s.Sources),
		logJSON:  m.readLogFormat(s.LogFormat),
		logLevel: m.readLogLevel(s.LogLevel),
	}
	c.dataFile = func() (string, error) { return directory.DefaultPath(getenv) } // an error is reported when it is needed
	c.role, c.ofOrgs = m.readRole(s.Role, s.UserID, s.Organizations)
	if s.DemoWithoutKey && c.key == "" {
		c.demo, c.userID = true, "" // the user who is set is one of the real API
	}
	c.birthYear = m.readBirthYear(s.BirthYear, c.now().Year())
	return c
}

func (m *mistakes) readKey(key string) string {
	if key != "" {
		if _, err := asleep.New(asleep.DefaultBaseURL, key); err != nil {
			m.add("ASLEEP_API_KEY", "%s", words(err))
		}
	}
	return key
}

func (m *mistakes) readBaseURL(base string, plainHTTP bool) string {
	switch _, err := asleep.New(base, "any"); {
	case errors.Is(err, asleep.ErrPlainHTTP) && plainHTTP:
	case errors.Is(err, asleep.ErrPlainHTTP):
		m.add("--base-url (ASLEEP_BASE_URL)", "%s, or --plain-http (ASLEEP_MCP_PLAIN_HTTP) must allow it", words(err))
	case err != nil:
		m.add("--base-url (ASLEEP_BASE_URL)", "%s", words(err))
	}
	return base
}

// words returns an error of the client without the name of its package.
func words(err error) string { return strings.TrimPrefix(err.Error(), "asleep: ") }

func (m *mistakes) readUserID(id string) string {
	if id != "" && asleep.CheckUserID(id) != nil {
		m.add("--user-id (ASLEEP_USER_ID)", `an Asleep user id has 1 to 128 letters, digits, "-" or "_"`)
	}
	return id
}

func (m *mistakes) readZone(name string) *time.Location {
	if name == "" {
		return nil
	}
	zone, ok := asleep.Zone(name)
	if !ok {
		m.add("--timezone (ASLEEP_TIMEZONE)", "%q is not an IANA time zone; write one like Europe/Paris", name)
	}
	return zone
}

// readNow returns a clock: the real one, or one that stands still.
func (m *mistakes) readNow(text string) func() time.Time {
	if text == "" {
		return time.Now
	}
	now, err := time.Parse(time.RFC3339, text)
	if err != nil {
		m.add("--now (ASLEEP_MCP_NOW)", "%q is not an RFC 3339 time; write one like 2026-10-26T12:00:00+01:00", text)
		return time.Now
	}
	return func() time.Time { return now }
}

func (m *mistakes) readBirthYear(text string, last int) int {
	if text == "" {
		return 0
	}
	year, err := strconv.Atoi(text)
	if err != nil || year < 1900 || year > last {
		m.add("--birth-year (ASLEEP_MCP_BIRTH_YEAR)", "it must be a year from 1900 to %d", last)
	}
	return year
}

// listed returns the parts of a text that are separated by commas.
func listed(text string) []string {
	var parts []string
	for part := range strings.SplitSeq(text, ",") {
		if part = strings.TrimSpace(part); part != "" && !slices.Contains(parts, part) {
			parts = append(parts, part)
		}
	}
	return parts
}

func (m *mistakes) readToolsets(text string) []string {
	names := listed(text)
	for _, name := range names {
		if !slices.Contains(tool.Toolsets, name) {
			m.add("--toolsets (ASLEEP_MCP_TOOLSETS)", "%q is not one of %s", name, strings.Join(tool.Toolsets, ", "))
		}
	}
	if len(names) == 0 {
		return tool.DefaultToolsets
	}
	return names
}

// readDatabase does not open the database; that happens when it is needed.
func (m *mistakes) readDatabase(dsn string) string {
	if wrong, ok := errors.AsType[*directory.Invalid](directory.Check(dsn)); ok && dsn != "" {
		m.add("--database-url (ASLEEP_MCP_DATABASE_URL)", "it %s", wrong.Problem)
	}
	return dsn
}

func (m *mistakes) readKeepDays(text string) int {
	if text == "" {
		return 0
	}
	days, err := strconv.Atoi(text)
	if err != nil || days < 1 || days > 36_500 {
		m.add("--keep-days (ASLEEP_MCP_KEEP_DAYS)", "%q is not a whole number of days from 1 to 36500", text)
	}
	return days
}

func (m *mistakes) readSources(text string) []string {
	known := append([]string{nights.Service}, importers.Trackers()...)
	names := listed(text)
	for _, name := range names {
		if !slices.Contains(known, name) {
			m.add("--sources (ASLEEP_MCP_SOURCES)", "there is no tracker %q%s; the trackers are %s", name, suggestion(name, known), strings.Join(known, ", "))
		}
	}
	return names
}

func (m *mistakes) readLogFormat(name string) bool {
	if name != "text" && name != "json" {
		m.add("--log-format (ASLEEP_MCP_LOG_FORMAT)", "%q is neither text nor json", name)
	}
	return name == "json"
}

func (m *mistakes) readLogLevel(name string) *slog.Level {
	if name == "" {
		return nil
	}
	level := new(slog.Level)
	if level.UnmarshalText([]byte(name)) != nil {
		m.add("--log-level (ASLEEP_MCP_LOG_LEVEL)", "%q is not one of debug, info, warn and error", name)
	}
	return level
}
