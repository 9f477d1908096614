package app_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/tools/tooltest"
)

// asked are the answers that are drawn from the running server.
var asked = map[string]plan{
	"night":    {Tool: "get_session", Arguments: json.RawMessage(`{}`)},
	"seoul":    {Tool: "get_session", Arguments: json.RawMessage(`{"timezone":"Asia/Seoul"}`)},
	"new_york": {Tool: "get_session", Arguments: json.RawMessage(`{"timezone":"America/New_York"}`)},
	"week":     {Tool: "weekly_report", Arguments: json.RawMessage(`{}`)},
	"months":   {Tool: "monthly_trends", Arguments: json.RawMessage(`{}`)},
	"nights":   {Tool: "list_sessions", Arguments: json.RawMessage(`{"days":90,"limit":100}`)},
	"found":    {Tool: "find_nights", Arguments: json.RawMessage(`{"where":"asleep_minutes < 400","days":60}`)},
	"weekdays": {Tool: "find_nights", Arguments: json.RawMessage(`{"where":"asleep_minutes < 400","by":"weekday"}`)},
	"sides":    {Tool: "compare_nights", Arguments: json.RawMessage(`{"where":"weekend"}`)},
	"contrast": {Tool: "compare_periods", Arguments: json.RawMessage(`{"first_from":"2026-10-01","first_to":"2026-10-31","second_from":"2026-11-01","second_to":"2026-11-20"}`)},
	"group":    {Tool: "cohort_analysis", Arguments: json.RawMessage(tooltest.ListOf(tooltest.MemberIDs(0, people)...))},
}

// looks are how the answers are looked at: every width in both themes for those that people
// see most, and one of each for the others.
var looks = map[string][]struct {
	theme string
	width int64
}{
	"night":    {{"light", 320}, {"light", 720}, {"light", 1200}, {"dark", 320}, {"dark", 720}, {"dark", 1200}},
	"week":     {{"light", 320}, {"light", 720}, {"light", 1200}, {"dark", 320}, {"dark", 720}, {"dark", 1200}},
	"months":   {{"light", 720}, {"dark", 320}},
	"nights":   {{"light", 720}, {"dark", 320}},
	"found":    {{"light", 320}, {"dark", 720}},
	"weekdays": {{"light", 720}, {"dark", 320}},
	"sides":    {{"light", 1200}, {"dark", 320}},
	"contrast": {{"light", 720}, {"dark", 320}},
	"group":    {{"light", 320}, {"dark", 720}},
	"seoul":    {{"light", 720}},
	"new_york": {{"dark", 720}},
}

// TestApp tries the page in one real browser, as starting one takes long.
func TestApp(t *testing.T) { //nolint:paralleltest // the browser shows one page at a time
	b := newBrowser(t)
	for _, part := range []struct {
		name string
		test func(*testing.T, *browser)
	}{
		{"answers are drawn", answersAreDrawn},
		{"controls ask the server", controlsAskTheServer},
		{"pictures are read aloud", picturesAreReadAloud},
		{"pictures are printed", picturesArePrinted},
		{"hosts without meta", hostsWithoutMeta},
		{"odd hosts", oddHosts},
		{"hostile text", hostileText},
	} {
		t.Run(part.name, func(t *testing.T) { part.test(t, b) })
	}
}

// What the server answers is drawn in a real browser, as it was looked at and kept.
func answersAreDrawn(t *testing.T, b *browser) {
	for name, all := range looks {
		for _, look := range all {
			p := asked[name]
			p.Theme, p.Apps = look.theme, true
			b.show(t, p, look.width)
			b.until(t, drawn)
			b.until(t, `document.fonts.status === "loaded"`)
			b.until(t, `document.documentElement.scrollHeight <= document.documentElement.clientHeight`) // the host has made room
			assert.Equal(t, "true", b.inside(t, `document.documentElement.scrollWidth <= document.documentElement.clientWidth`), "%s is wider than %d", name, look.width)
			var screen []byte
			require.NoError(t, chromedp.Run(b.ctx, chromedp.Screenshot("#view", &screen, chromedp.ByQuery)))
			looksLike(t, fmt.Sprintf("%s_%s_%d", name, look.theme, look.width), screen)
			calls := 0
			b.host(t, "calls.length", &calls)
			assert.Zero(t, calls, "everything came with the answer")
			b.isQuiet(t)
		}
	}
}

// looksLike compares a screenshot with the one that was kept. Letters and edges are
// smoothed differently from one build of Chromium to the next, so some pixels may differ.
func looksLike(t *testing.T, name string, screen []byte) {
	t.Helper()
	const (
		far  = 0x30 // of 255, in any colour
		most = 0.01 // of the pixels
	)
	file := filepath.Join("testdata", "screens", name+".png")
	if *tooltest.Update {
		require.NoError(t, os.WriteFile(file, screen, 0o600))
	}
	kept, err := os.ReadFile(file)
	require.NoError(t, err)
	want, err := png.Decode(bytes.NewReader(kept))
	require.NoError(t, err)
	got, err := png.Decode(bytes.NewReader(screen))
	require.NoError(t, err)
	if !assert.InDelta(t, want.Bounds().Dy(), got.Bounds().Dy(), 4, "%s: height", name) || !assert.Equal(t, want.Bounds().Dx(), got.Bounds().Dx(), "%s: width", name) {
		return
	}
	if share := differing(want, got, far); !assert.LessOrEqual(t, share, most, "%s looks otherwise; what it looks like now is in %s", name, seen(t, name, screen)) {
		return
	}
}

// seen keeps a screenshot that is not as expected for whoever looks into it.
func seen(t *testing.T, name string, screen []byte) string {
	t.Helper()
	file := filepath.Join(os.TempDir(), "asleep-mcp-"+name+".png")
	if err := os.WriteFile(file, screen, 0o600); err != nil {
		return err.Error()
	}
	return file
}

func differing(a, b image.Image, far uint32) float64 {
	n := 0
	size := a.Bounds().Intersect(b.Bounds())
	for y := size.Min.Y; y < size.Max.Y; y++ {
		for x := size.Min.X; x < size.Max.X; x++ {
			r1, g1, b1, _ := a.At(x, y).RGBA()
			r2, g2, b2, _ := b.At(x, y).RGBA()
			if apart(r1, r2) > far<<8 || apart(g1, g2) > far<<8 || apart(b1, b2) > far<<8 {
				n++
			}
		}
	}
	return float64(n) / float64(size.Dx()*size.Dy())
}

func apart(a, b uint32) uint32 { return max(a, b) - min(a, b) }

// Controls ask the server without the model, by mouse and by keyboard, and an answer that
// comes late does not replace a newer one.
func controlsAskTheServer(t *testing.T, b *browser) {
	b.show(t, plan{Tool: "weekly_report", Apps: true}, 720)
	b.until(t, drawn)
	title := b.inside(t, `document.title`)

	// The keyboard reaches every control and every night, in the order of the page.
	b.inside(t, `document.querySelector("#controls button").focus()`)
	reached := []string{}
	for range 9 {
		reached = append(reached, b.inside(t, `document.activeElement.getAttribute("aria-label") || document.activeElement.textContent`))
		b.press(t, "\t")
	}
	assert.Contains(t, reached[0], "Week before")
	assert.Contains(t, strings.Join(reached, "\n"), "Show this night.")
	assert.Contains(t, b.inside(t, `[...document.querySelectorAll("button:not([disabled]), .row, summary, select, input")].every((e) => e.tabIndex >= 0)`), "true")

	b.inside(t, `document.querySelector(".row").focus()`)
	b.press(t, "\r")
	b.until(t, `document.title.startsWith("Night of")`)
	assert.Contains(t, b.inside(t, `document.activeElement.textContent`), "Back", "the focus is not lost with the row")
	b.press(t, "\r")
	b.until(t, `document.title === `+fmt.Sprintf("%q", title))
	b.inside(t, `document.querySelector("#controls button").click()`) // a week before
	b.until(t, drawn+` && document.title !== `+fmt.Sprintf("%q", title))

	var calls []struct {
		Name      string
		Arguments map[string]any
	}
	b.host(t, "calls", &calls)
	require.Len(t, calls, 2)
	assert.Equal(t, "get_session", calls[0].Name)
	assert.NotEmpty(t, calls[0].Arguments["night"])
	assert.Equal(t, "weekly_report", calls[1].Name)
	assert.NotEmpty(t, calls[1].Arguments["week_ending"])
	b.isQuiet(t)

	// Nights that were found become groups, and those are of another number of days.
	found := asked["found"]
	found.Apps = true
	b.show(t, found, 720)
	b.until(t, drawn)
	choose := func(label, value string) {
		b.inside(t, `(() => { const s = [...document.querySelectorAll("#controls label")].find((l) => l.textContent.startsWith("`+label+`")).querySelector("select"); s.value = "`+value+`"; s.dispatchEvent(new Event("change")) })()`)
	}
	choose("Show", "weekday")
	b.until(t, drawn+` && document.querySelectorAll("#table tbody tr").length === 7`)
	choose("Days", "180")
	b.until(t, drawn+` && document.querySelector("#controls select").value === "180"`)
	b.host(t, "calls", &calls)
	require.Len(t, calls, 2)
	assert.Equal(t, "weekday", calls[1].Arguments["by"])
	assert.Equal(t, "asleep_minutes < 400", calls[1].Arguments["where"])
	assert.InDelta(t, 180, calls[1].Arguments["days"], 0)
	b.isQuiet(t)

	b.show(t, plan{Tool: "monthly_trends", Apps: true, Slow: []int{1500, 0}}, 720)
	b.until(t, drawn)
	choose("Months", "3")
	choose("Months", "12")
	b.until(t, drawn+` && document.querySelectorAll("#table tbody tr").length === 12`)
	var answered int
	require.Eventually(t, func() bool {
		b.host(t, `new Promise((done) => setTimeout(() => done(calls.length), 1700))`, &answered)
		return answered == 2
	}, waitLong, waitStep)
	assert.Equal(t, "12", b.inside(t, `document.querySelectorAll("#table tbody tr").length`))
	b.isQuiet(t)
}

// The accessibility tree has the facts of each picture, once and in sentences, and a table
// that has everything which is drawn; it has no marks and ticks one by one.
func picturesAreReadAloud(t *testing.T, b *browser) {
	for name, facts := range map[string][]string{
		"night":    {"heading Night of", "image Night of", "Deep:", "REM:", "Light:", "asleep of", "Recorded from", "table Night of", "columnheader Stage", "rowheader 23:4", "Night before", "DEMO DATA"},
		"week":     {"heading Week of", "group Week of", "Mean of 6 nights of this week: asleep from", "button Sat 21 Nov, 00:18–08:22, 7 h 17. Show this night.", "image Mon 23 Nov: still being analysed", "table Week of", "rowheader Sat 21 Nov"},
		"months":   {"image Sleep by month", "Time asleep: Jun 2026 6 h 59,", "combobox Measure", "rowheader Jun 2026", "cell 6 h 59"},
		"contrast": {"image Two periods compared", "Sleep efficiency: 84 % in 2026-10-01 to 2026-10-31 (31 nights)", "rowheader Sleep efficiency"},
		"group":    {"image Sleep of a group", "Time asleep: 7 h 16 (middle half 6 h 34 to 7 h 55)", "rowheader Time asleep", "combobox Days up to today"},
	} {
		p := asked[name]
		p.Apps = true
		b.show(t, p, 720)
		b.until(t, drawn)
		b.inside(t, `document.querySelector("details").open = true`)
		read := b.readAloud(t)
		for _, fact := range facts {
			assert.Contains(t, read, fact, name)
		}
		assert.NotContains(t, read, "graphics-symbol", name)
		assert.NotContains(t, read, "StaticText 02:00", name)
		b.isQuiet(t)
	}
}

// On paper a dark picture is light, and has nothing that can be pressed.
func picturesArePrinted(t *testing.T, b *browser) {
	b.show(t, plan{Tool: "weekly_report", Apps: true, Theme: "dark"}, 720)
	b.until(t, drawn)
	assert.NotEqual(t, "rgb(255, 255, 255)", b.inside(t, `getComputedStyle(document.body).backgroundColor`))
	require.NoError(t, chromedp.Run(b.ctx, emulation.SetEmulatedMedia().WithMedia("print")))
	assert.Equal(t, "rgb(255, 255, 255)", b.inside(t, `getComputedStyle(document.body).backgroundColor`))
	assert.Equal(t, "rgb(27, 36, 48)", b.inside(t, `getComputedStyle(document.querySelector("h1")).color`))
	assert.Equal(t, "false", b.inside(t, `[...document.querySelectorAll("button, select, input, summary")].some((e) => e.checkVisibility())`))
	assert.Equal(t, "true", b.inside(t, `document.querySelector("#drawing svg").checkVisibility()`))
	b.isQuiet(t)
}

// A host that passes no _meta on gets the same picture by one more call.
func hostsWithoutMeta(t *testing.T, b *browser) {
	b.show(t, plan{Tool: "get_session"}, 720)
	b.until(t, drawn)
	var calls []struct{ Arguments map[string]any }
	b.host(t, "calls", &calls)
	require.Len(t, calls, 1)
	assert.Equal(t, map[string]any{"chart": "svg"}, calls[0].Arguments)
	b.isQuiet(t)
}
