package main

import (
	"context"
	"io"
)

// program is what a command works with.
type program struct {
	settings settings
	getenv   func(string) string
	stdin    io.Reader
	stdout   io.Writer
	stderr   io.Writer
	unasked  bool // somebody sits at a terminal and named no command
}

// bound carries the context through kong, which binds by type.
type bound struct{ context.Context }

// usageError is a mistake in the command line or the settings.
type usageError struct{ error }
