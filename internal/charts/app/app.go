// Package app is the page that hosts of MCP Apps show in place of the text of an answer.
//
// It is one HTML file without anything from outside, because hosts allow nothing else and
// some ignore what a server asks for. Its source is TypeScript, in src beside this file;
// npm run build makes app.html of it, which is committed, so that Go alone builds the
// program. A test fails when app.html is older than its source.
//
// The page is sent nothing but what a host sends it: the tool's arguments and result. It
// draws the picture in the result's _meta (see package charts), and where the host passes
// none on, it asks the tool again with the argument chart. Its controls call tools, too.
//
// d3's scales do the axes: bars of a hypnogram and rows of an actogram are no kind of chart
// that the larger libraries know, and elements of SVG can be focused and read aloud, which
// pixels of a canvas cannot.
package app

import _ "embed"

// URI is where hosts read the page, and MediaType what they know it by.
const (
	URI       = "ui://asleep-mcp/pictures.html"
	MediaType = "text/html;profile=mcp-app"
)

//go:embed app.html
var page string

// Page returns the page.
func Page() string { return page }
