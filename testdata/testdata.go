// Package testdata holds bodies of the Asleep API for tests, and the questions of
// the evaluation; README.md says where each comes from.
package testdata

import "embed"

// Files are all of them, by file name.
//
//go:embed *.json questions.yaml
var Files embed.FS
