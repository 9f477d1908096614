package clients

import (
	"bytes"
	"encoding/json"
)

// byteOrderMark is what some editors of Windows begin a file with.
var byteOrderMark = []byte("\xef\xbb\xbf")

// lineEnd is how the lines of a text end.
func lineEnd(text []byte) string {
	if bytes.Contains(text, []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
}

// quoted is a text in quotes, as JSON and TOML write it.
func quoted(name string) string {
	b, _ := json.Marshal(name) // a text can be written
	return string(b)
}
