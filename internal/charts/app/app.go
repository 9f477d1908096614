// Package app is the page that hosts of MCP Apps show in place of the text of an
// answer.
//
// It is a single HTML file that loads nothing, because hosts allow nothing else and
// some ignore what a server asks for. Its source is TypeScript, in src beside this
// file. npm run build makes app.html, which is committed so that the program can be
// built with Go alone; a test fails when app.html is older than its source.
//
// The page receives only what a host sends it: the tool's arguments and result. It
// draws the picture in the result's _meta (see package charts). If the host does not
// pass that on, the page calls the tool again with the argument chart. Its controls
// call tools, too.
//
// Axes are drawn with d3's scales. The larger chart libraries have neither the bars of
// a hypnogram nor the rows of an actogram, and elements of SVG, unlike pixels of a
// canvas, can be focused and read aloud.
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
