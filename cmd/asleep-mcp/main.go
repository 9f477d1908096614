// Command asleep-mcp serves sleep data over MCP: on standard input and output for one
// person's desktop, or over HTTP for a company. It also answers from the shell, keeps
// and imports nights, and runs a local Asleep API; asleep-mcp help lists its commands.
//
// It exits with 0 if it did what was asked, which for a server includes the end of its
// input and SIGTERM; with 1 if a tool answered with an error or something failed on the
// way; and with 2 if the command line or the settings are wrong and nothing was done.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"syscall"
	_ "time/tzdata" // for machines without a zone database

	"github.com/alecthomas/kong"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/cmd/asleep-mcp/readable"
	"github.com/asleep-mcp/asleep-mcp/internal/archive"
	"github.com/asleep-mcp/asleep-mcp/internal/serve/web"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

func main() {
	if os.Getenv("GOGC") == "" {
		postponeCollection()
	}
	// If the reader of standard output leaves, the write fails instead of the
	// program being killed.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the program at once
	code := run(ctx, os.Args[1:], os.Getenv, os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// postponeCollection has the first garbage collection come at 8 MB of heap instead of 4:
// until a server on stdio has listed its tools it allocates less than 5, and a collection
// of that takes longer than a fifth of the start. The later ones come as they always would.
func postponeCollection() {
	usual := debug.SetGCPercent(200)
	runtime.AddCleanup(new([64]byte), func(percent int) { debug.SetGCPercent(percent) }, usual)
}

type commandLine struct {
	settings

	ShowVersion versionFlag `name:"version" help:"Print the version."`

	LastNight lastNightCommand `cmd:"" help:"Show last night (the tool get_session)."`
	Week      weekCommand      `cmd:"" help:"Show the last seven nights (the tool weekly_report)."`
	Call      callCommand      `cmd:"" help:"Call a tool and print its answer, or list the tools."`
	Report    reportCommand    `cmd:"" help:"Write a page about a month of nights for a doctor, a coach or yourself, as HTML or PDF."`
	Setup     setupCommand     `cmd:"" help:"Add this server to a client, such as Claude Desktop or VS Code, and test it."`
	Doctor    doctorCommand    `cmd:"" help:"Check the settings, the key, the user and the connection, and say how to fix what is wrong."`

	Import importCommand `cmd:"" uses:"user-id,timezone,keep-nights,database-url,now" help:"Import nights from another tracker's export: Apple Health, Oura, Fitbit, Garmin, WHOOP, Withings, Sleep as Android, Sleep Cycle, Samsung Health or a plain CSV."`
	Sync   syncCommand   `cmd:"" help:"Download a person's whole history; later runs download what is new."`
	Export exportCommand `cmd:"" uses:"user-id,timezone,database-url,now,log-format,log-level" help:"Export kept nights as CSV or as JSON lines."`
	Forget forgetCommand `cmd:"" uses:"database-url,now,log-format,log-level" help:"Delete everything that asleep-mcp keeps about a person."`

	Stdio         stdioCommand         `cmd:"" default:"1" help:"Serve MCP over stdio. This is the default command."`
	HTTP          httpCommand          `cmd:"" name:"http" help:"Serve MCP over HTTP, at /mcp."`
	Worker        workerCommand        `cmd:"" help:"Run the jobs that keep members' nights up to date, next to servers that run with --no-worker."`
	Token         tokenCommand         `cmd:"" uses:"user-id,organizations" help:"Create a token for a caller of the HTTP server, and print its line for the token file."`
	ImportMembers importMembersCommand `cmd:"" uses:"database-url,base-url,plain-http,log-format,log-level" help:"Add the people in a CSV file to an organization. Previews by default."`
	MergeUsers    mergeUsersCommand    `cmd:"" uses:"database-url,base-url,plain-http,log-format,log-level" help:"Merge two Asleep users of the same person in the directory. Previews by default."`

	Sandbox    sandboxCommand    `cmd:"" uses:"now,log-format,log-level" help:"Run a local Asleep API with made-up nights, or with nights from a file."`
	Help       helpCommand       `cmd:"" uses:"" help:"Show the help of a command or a tool."`
	Completion completionCommand `cmd:"" uses:"" help:"Print the script that makes a shell complete commands, tools and their arguments."`
	Man        manCommand        `cmd:"" uses:"" help:"Print the manual page."`
	Version    versionCommand    `cmd:"" uses:"" help:"Print the version."`
	Complete   completeCommand   `cmd:"" hidden:"" uses:""`
}

const about = `Answers questions about sleep over MCP, from nights recorded with Asleep.

The API key is read from the variable ASLEEP_API_KEY and has no flag. Without a key, import reads the export of another tracker, and --demo shows everything on made-up nights.`

func (line *commandLine) parser(more ...kong.Option) (*kong.Kong, error) {
	return kong.New(line, append(more,
		kong.Name("asleep-mcp"), kong.Description(about), kong.ValueFormatter(nameVariable), kong.NamedMapper("number", kong.MapperFunc(number)), kong.Help(help),
		kong.Vars{"addr": web.DefaultAddr, "sandbox_addr": defaultSandboxAddr, "base_url": asleep.DefaultBaseURL, "toolsets": strings.Join(tool.DefaultToolsets, ","), "faults": strings.Join(sandbox.Faults(), ", ")},
	)...)
}

// run is the program. It returns the exit code.
func run(ctx context.Context, args []string, getenv func(string) string, stdin io.Reader, stdout, stderr io.Writer) int {
	getenv = filledIn(getenv)
	var line commandLine
	helped := false
	parser, err := line.parser(kong.Writers(stdout, stderr), kong.Exit(func(int) { helped = true }), kong.Resolvers(variables(&line.settings, getenv)))
	if err != nil {
		_, _ = fmt.Fprintln(stderr, "asleep-mcp:", err)
		return exitFailed
	}
	parsed, err := parser.Parse(withoutToolFlags(parser.Model.Node, args))
	if helped {
		return exitOK
	}
	switch {
	case errors.Is(err, syscall.EPIPE): // while help was printed
	case err != nil:
		err = usageError{fmt.Errorf("%w; see %s --help", err, misused(err))}
	default:
		err = parsed.Run(&program{line.settings, getenv, stdin, stdout, stderr, isTerminal(stdin) && !slices.Contains(args, "stdio")}, bound{ctx})
	}
	return exitCode(err, stderr)
}

// misused names the command that was understood before the mistake, with the program's name.
func misused(err error) string {
	if wrong, ok := errors.AsType[*kong.ParseError](err); ok {
		if command := wrong.Context.Selected(); command != nil {
			return "asleep-mcp " + command.Name
		}
	}
	return "asleep-mcp"
}

const (
	exitOK     = 0
	exitFailed = 1
	exitUsage  = 2
)

func exitCode(err error, stderr io.Writer) int {
	switch {
	case err == nil:
		return exitOK
	case errors.Is(err, syscall.EPIPE): // whoever reads has read enough, as head does
		return exitFailed
	}
	if failed, ok := errors.AsType[toolError](err); ok {
		_, _ = io.WriteString(stderr, readable.Paragraph("", failed.text, columnsOf(stderr)))
		return exitFailed
	}
	for line := range strings.Lines("asleep-mcp: " + err.Error()) {
		_, _ = io.WriteString(stderr, readable.Paragraph("", strings.TrimSuffix(line, "\n"), columnsOf(stderr)))
	}
	if fault, ok := errors.AsType[*archive.Fault](err); ok && fault.File != "" {
		_, _ = fmt.Fprintln(stderr, "The file is", fault.File)
	}
	if _, ok := errors.AsType[usageError](err); ok {
		return exitUsage
	}
	return exitFailed
}
