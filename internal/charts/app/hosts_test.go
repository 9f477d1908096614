package app_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

const (
	waitLong = time.Minute
	waitStep = 50 * time.Millisecond
)

// Whatever a host sends, and in whatever order, is told in a plain sentence, or drawn.
func oddHosts(t *testing.T, b *browser) {
	// Errors of tools.
	b.show(t, plan{Tool: "get_session", Result: json.RawMessage(`{"isError":true,"content":[{"type":"text","text":"The key was refused. <b>Set</b> another one."}]}`)}, 720)
	b.until(t, `document.querySelector("#subtitle").textContent === "The key was refused. <b>Set</b> another one."`)
	b.isQuiet(t)

	// A tool that cannot be asked again.
	b.show(t, plan{Tool: "no_such_tool", Result: json.RawMessage(`{"content":[],"structuredContent":{"summary":"Seven hours."}}`)}, 720)
	b.until(t, `document.querySelector("#subtitle").textContent === "Seven hours." && document.querySelector("#status").textContent.length > 0`)

	// A host that does not say which tool it was, over HTTP, where the server does not know what the host shows.
	b.show(t, plan{Tool: "weekly_report", Unnamed: true}, 720)
	b.until(t, drawn)
	b.isQuiet(t)

	// The result first, then the arguments, then both again, then junk.
	b.show(t, plan{Tool: "weekly_report", Apps: true, Manual: true, Unnamed: true}, 720)
	b.until(t, `true`)
	b.host(t, `new Promise((done) => { const wait = () => said.some((m) => m.method === "ui/notifications/initialized") ? done(true) : setTimeout(wait, 20); wait() })`, nil)
	b.host(t, `call("weekly_report", {}).then((r) => { window.kept = r; result(r); input({}); result(r); input({ a: [1] }); result(r) })`, nil)
	b.until(t, drawn)
	week := b.inside(t, `document.title`)
	b.host(t, `(() => { view.contentWindow.postMessage("junk", "*"); view.contentWindow.postMessage({ jsonrpc: "2.0", method: "ui/notifications/unknown" }, "*");
		view.contentWindow.postMessage({ jsonrpc: "2.0", id: 99, result: {} }, "*"); return true })()`, nil)
	b.until(t, `document.title === `+quoted(week))

	// Another frame is not the host.
	b.host(t, `new Promise((done) => { const other = document.createElement("iframe"); other.sandbox = "allow-scripts";
		other.srcdoc = "<script>parent.frames[0].postMessage({ jsonrpc: '2.0', method: 'ui/notifications/tool-result', params: { isError: true, content: [{ type: 'text', text: 'from elsewhere' }] } }, '*'); parent.postMessage('sent', '*')<\/script>";
		addEventListener("message", (e) => { if (e.data === "sent") setTimeout(() => done(true), 300) }); document.body.append(other) })`, nil)
	assert.Equal(t, week, b.inside(t, `document.title`))

	// Cancelled before there was anything, and torn down.
	b.show(t, plan{Tool: "weekly_report", Manual: true}, 720)
	b.host(t, `new Promise((done) => { const wait = () => said.some((m) => m.method === "ui/notifications/initialized") ? done(true) : setTimeout(wait, 20); wait() })`, nil)
	b.host(t, `send({ method: "ui/notifications/tool-cancelled", params: { reason: "user" } })`, nil)
	b.until(t, `document.querySelector("#subtitle").textContent === "The call was cancelled."`)
	b.host(t, `send({ id: "bye", method: "ui/resource-teardown", params: {} })`, nil)
	b.host(t, `new Promise((done) => { const wait = () => said.some((m) => m.id === "bye" && m.result) ? done(true) : setTimeout(wait, 20); wait() })`, nil)
}

// Names and tags from elsewhere are text, and pictures that are none are not drawn.
func hostileText(t *testing.T, b *browser) {
	const markup = `<img src=x onerror=\"window.ran=1\"><script>window.ran=1</script>`
	frame := `"title":"` + markup + `","subtitle":"` + markup + `","notes":["` + markup + `"],"timezone":"` + markup + `"`
	for name, picture := range map[string]string{
		"night":    `{"kind":"night","description":"` + markup + `","picture":{` + frame + `,"start":"2026-11-28T23:00:00+01:00","stages":"0011<>22","snoring":"01x","woke_up":"` + markup + `"}}`,
		"nights":   `{"kind":"nights","picture":{` + frame + `,"rows":[{"date":"` + markup + `","missing":"` + markup + `"},{"date":"2026-11-28","sleeps":[{"from":0,"to":400}]}]}}`,
		"months":   `{"kind":"months","picture":{` + frame + `,"measures":[{"name":"a","label":"` + markup + `","unit":"` + markup + `","trend":"` + markup + `","months":[{"month":"` + markup + `","nights":3,"mean":4}]}]}}`,
		"contrast": `{"kind":"contrast","picture":{` + frame + `,"first":"` + markup + `","second":"b","measures":[{"name":"a","label":"` + markup + `","unit":"minutes","first":[1,2],"second":null,"verdict":"` + markup + `"}]}}`,
		"group":    `{"kind":"group","picture":{` + frame + `,"figures":[{"name":"a","label":"` + markup + `","unit":"minutes","middle":4}]}}`,
		"unknown":  `{"kind":"` + markup + `","picture":{` + frame + `}}`,
		"broken":   `{"kind":"nights","picture":{` + frame + `,"rows":"` + markup + `"}}`,
		"empty":    `{"kind":"night","picture":{` + frame + `}}`,
	} {
		b.show(t, plan{Tool: "no_such_tool", Result: json.RawMessage(`{"content":[{"type":"text","text":"x"}],"structuredContent":{"summary":"` + markup + `"},"_meta":{"asleep-mcp/picture":` + picture + `}}`)}, 720)
		b.until(t, `document.querySelector("#title").textContent !== "Sleep" || document.querySelector("#subtitle").textContent.includes("<img")`)
		assert.Equal(t, "0", b.inside(t, `document.querySelectorAll("main img, main script").length`), name)
		b.host(t, `new Promise((done) => setTimeout(() => done(true), 50))`, nil)
		assert.Equal(t, "undefined", b.inside(t, `document.defaultView.ran`), name)
		if name != "unknown" {
			assert.Contains(t, b.inside(t, `document.querySelector("#title").textContent`), "<img", name)
		}
		b.isQuiet(t)
	}
}

func quoted(s string) string {
	encoded, _ := json.Marshal(s) // a text always can be
	return string(encoded)
}
