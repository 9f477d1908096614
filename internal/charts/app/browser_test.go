package app_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/image/font/gofont/goregular"

	"github.com/asleep-mcp/asleep-mcp/asleep/sandbox"
	"github.com/asleep-mcp/asleep-mcp/internal/access"
	"github.com/asleep-mcp/asleep-mcp/internal/charts/app"
	"github.com/asleep-mcp/asleep-mcp/internal/serve"
	"github.com/asleep-mcp/asleep-mcp/tools"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// browser is one Chromium with one small host in it.
type browser struct {
	ctx context.Context

	mu       sync.Mutex
	problems []string // errors of the console, and whatever was thrown
}

// chromium returns the browser's program, or ends the test.
func chromium(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	const without = "the app is tried in a real browser, and there is no chromium on the PATH; apt-get install chromium"
	if os.Getenv("ASLEEP_MCP_REQUIRE_ALL") != "" {
		t.Fatal(without)
	}
	t.Skip(without)
	return ""
}

// people are how many there are beside the sleeper of the demo.
const people = 24

// newBrowser starts Chromium on the host page, whose server answers with the demo's nights.
func newBrowser(t *testing.T) *browser {
	t.Helper()
	program := chromium(t)
	w := tooltest.NewWorld(t, tooltest.Morning, append(sandbox.Demo(tooltest.Morning, 1), tooltest.PeopleOf(people)...)...)
	own, err := access.Resolve(w.Ctx, "")
	require.NoError(t, err)
	s, err := serve.New(serve.Options{Version: "test", Tools: tools.Enabled([]string{tool.ToolsetSleep, tool.ToolsetCohort}, access.Operator("")), Deps: w.Deps, Principal: access.Operator(own.ID())})
	require.NoError(t, err)
	web := httptest.NewServer(hostOf(s))
	t.Cleanup(web.Close)

	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox,
		chromedp.Flag("disable-features", "IsolateSandboxedIframes"), chromedp.Flag("force-color-profile", "srgb"),
		chromedp.Flag("font-render-hinting", "none"), chromedp.Flag("disable-lcd-text", true), chromedp.WSURLReadTimeout(2*time.Minute))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	ctx, stop = context.WithTimeout(ctx, 10*time.Minute)
	t.Cleanup(stop)
	b := &browser{ctx: ctx}
	chromedp.ListenTarget(ctx, b.listen)
	require.NoError(t, chromedp.Run(ctx, log.Enable(), runtime.Enable(), accessibility.Enable(), chromedp.Navigate(web.URL)))
	return b
}

func (b *browser) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.problems = append(b.problems, e.ExceptionDetails.Error())
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.APITypeError || e.Type == runtime.APITypeWarning {
			for _, a := range e.Args {
				b.problems = append(b.problems, string(e.Type)+": "+string(a.Value)+a.Description)
			}
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.LevelError && !strings.Contains(e.Entry.URL, "favicon") {
			b.problems = append(b.problems, e.Entry.Text)
		}
	}
}

// isQuiet fails when the console has an error.
func (b *browser) isQuiet(t *testing.T) {
	t.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	assert.Empty(t, b.problems)
	b.problems = nil
}

// hostOf serves the host page, under the policy that hosts have, and passes calls on.
func hostOf(s *serve.Server) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; font-src data:; connect-src 'self'; frame-src 'self'")
		http.ServeFile(w, r, "testdata/host.html")
	})
	mux.HandleFunc("GET /page", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, app.Page()) })
	mux.HandleFunc("POST /call", func(w http.ResponseWriter, r *http.Request) {
		var asked struct {
			Name      string
			Arguments json.RawMessage
			Apps      bool
		}
		err := json.NewDecoder(r.Body).Decode(&asked)
		if err == nil {
			var result json.RawMessage
			if result, err = callOver(r.Context(), s, asked.Name, asked.Arguments, asked.Apps); err == nil {
				_, _ = w.Write(result)
				return
			}
		}
		_ = json.NewEncoder(w).Encode(map[string]string{"failed": err.Error()})
	})
	return mux
}

// callOver calls a tool over HTTP as a host does; apps says whether it shows apps.
func callOver(ctx context.Context, s *serve.Server, name string, arguments json.RawMessage, apps bool) (json.RawMessage, error) {
	capabilities := `{}`
	if apps {
		capabilities = `{"extensions":{"io.modelcontextprotocol/ui":{"mimeTypes":["text/html;profile=mcp-app"]}}}`
	}
	body := fmt.Sprintf(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":%q,"arguments":%s,"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":%s}}}`,
		name, arguments, capabilities)
	r := httptest.NewRequestWithContext(ctx, http.MethodPost, "http://127.0.0.1/mcp", strings.NewReader(body))
	for header, value := range map[string]string{
		"Content-Type": "application/json", "Accept": "application/json, text/event-stream",
		"Mcp-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": name,
	} {
		r.Header.Set(header, value)
	}
	w := httptest.NewRecorder()
	s.Handler().ServeHTTP(w, r)
	var answer struct{ Result json.RawMessage }
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || answer.Result == nil {
		return nil, errors.Join(fmt.Errorf("%d: %.300s", w.Code, w.Body), err)
	}
	return answer.Result, nil
}

// plan is what the host is to do.
type plan struct {
	Tool      string          `json:"tool"`
	Arguments json.RawMessage `json:"arguments"`
	Theme     string          `json:"theme"`
	Apps      bool            `json:"apps"`             // the server is told that apps are shown
	Result    json.RawMessage `json:"result,omitempty"` // instead of the server's
	Manual    bool            `json:"manual"`           // the test sends the messages
	Unnamed   bool            `json:"unnamed"`          // the host does not say which tool it was
	Slow      []int           `json:"slow,omitempty"`   // how long the answers to calls of the page take, in ms
	Fonts     string          `json:"fonts"`
}

// otherTheme is what the system is said to prefer: the host's word counts.
var otherTheme = map[string]string{"light": "dark", "dark": "light"}

// show has the host show an app at a width, from the start.
func (b *browser) show(t *testing.T, p plan, width int64) {
	t.Helper()
	if p.Theme == "" {
		p.Theme = "light"
	}
	if p.Arguments == nil {
		p.Arguments = json.RawMessage(`{}`)
	}
	p.Fonts = `@font-face { font-family: Go; src: url(data:font/ttf;base64,` + base64.StdEncoding.EncodeToString(goregular.TTF) + `) }`
	encoded, err := json.Marshal(p)
	require.NoError(t, err)
	require.NoError(t, chromedp.Run(b.ctx,
		emulation.SetDeviceMetricsOverride(width, 900, 1, false),
		emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: otherTheme[p.Theme]}, {Name: "prefers-reduced-motion", Value: "reduce"}}),
		chromedp.Reload(),
	))
	b.host(t, "start("+string(encoded)+").then(() => true)", nil)
}

// host runs a script in the host page.
func (b *browser) host(t *testing.T, script string, into any) {
	t.Helper()
	require.NoError(t, chromedp.Run(b.ctx, chromedp.Evaluate(script, into, func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) })), script)
}

// frame is the app's frame, as it is now.
func (b *browser) frame(ctx context.Context) (*cdp.Frame, error) {
	tree, err := page.GetFrameTree().Do(ctx)
	if err != nil {
		return nil, err
	}
	if len(tree.ChildFrames) == 0 {
		return nil, errors.New("the host shows no frame")
	}
	return tree.ChildFrames[0].Frame, nil
}

// inside runs a script on the app's page, which sees its document but not its variables.
func (b *browser) inside(t *testing.T, script string) string {
	t.Helper()
	text := ""
	require.NoError(t, chromedp.Run(b.ctx, chromedp.ActionFunc(func(ctx context.Context) error {
		f, err := b.frame(ctx)
		if err != nil {
			return err
		}
		world, err := page.CreateIsolatedWorld(f.ID).Do(ctx)
		if err != nil {
			return err
		}
		result, thrown, err := runtime.Evaluate("String(" + script + ")").WithContextID(world).Do(ctx)
		if err != nil {
			return err
		}
		if thrown != nil {
			return thrown
		}
		return json.Unmarshal(result.Value, &text)
	})), script)
	return text
}

// until waits for a condition on the app's page.
func (b *browser) until(t *testing.T, condition string) {
	t.Helper()
	require.Eventually(t, func() bool { return b.inside(t, condition) == "true" }, time.Minute, 50*time.Millisecond, condition)
}

// drawn waits for a picture.
const drawn = `!!document.querySelector("#figure:not([hidden]) svg") && document.querySelector("#page").getAttribute("aria-busy") === "false"`

// press types keys into whatever has the focus.
func (b *browser) press(t *testing.T, keys ...string) {
	t.Helper()
	for _, key := range keys {
		require.NoError(t, chromedp.Run(b.ctx, chromedp.KeyEvent(key)))
	}
}

// spokenAs is a value of the accessibility tree.
type spokenAs struct {
	Value any `json:"value"`
}

// readAloud returns the names of everything in the accessibility tree of the app's page.
func (b *browser) readAloud(t *testing.T) string {
	t.Helper()
	var names []string
	require.NoError(t, chromedp.Run(b.ctx, chromedp.ActionFunc(func(ctx context.Context) error {
		f, err := b.frame(ctx)
		if err != nil {
			return err
		}
		var tree struct {
			Nodes []struct {
				Ignored bool     `json:"ignored"`
				Role    spokenAs `json:"role"`
				Name    spokenAs `json:"name"`
			} `json:"nodes"`
		}
		// Not by the library's types, which refuse words that are newer than they are.
		err = cdp.Execute(ctx, accessibility.CommandGetFullAXTree, map[string]any{"frameId": f.ID}, &tree)
		for _, n := range tree.Nodes {
			if !n.Ignored && n.Name.Value != nil {
				names = append(names, fmt.Sprint(n.Role.Value, " ", n.Name.Value))
			}
		}
		return err
	})))
	return strings.Join(names, "\n")
}
