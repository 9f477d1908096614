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
}

// bound carries the context through kong, which binds by type.
type bound struct{ context.Context }

// usageError is a mistake in the command line or the settings.
type usageError struct{ error }
