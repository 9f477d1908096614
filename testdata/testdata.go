// Package testdata holds bodies of the Asleep API for tests; README.md says where
// each comes from.
package testdata

import "embed"

// Files are the bodies, by file name.
//
//go:embed *.json
var Files embed.FS
