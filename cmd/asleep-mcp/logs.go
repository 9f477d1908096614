package main

import (
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/lmittmann/tint"
	"golang.org/x/term"
)

// logger writes to stderr, coloured when that is a terminal.
func (c config) logger(stderr io.Writer, unset slog.Level) *slog.Logger {
	level := unset
	if c.logLevel != nil {
		level = *c.logLevel
	}
	if c.logJSON {
		return slog.New(slog.NewJSONHandler(stderr, &slog.HandlerOptions{Level: level}))
	}
	return slog.New(tint.NewTextHandler(stderr, &tint.Options{Level: level, TimeFormat: time.TimeOnly, NoColor: !isTerminal(stderr)}))
}

// isTerminal reports whether somebody sits at a stream; /dev/null is no terminal.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// columnsOf returns how wide the terminal is that a stream writes to, 0 if it is none.
func columnsOf(stream any) int {
	f, ok := stream.(*os.File)
	if !ok {
		return 0
	}
	columns, _, err := term.GetSize(int(f.Fd()))
	if err != nil {
		return 0
	}
	return columns
}
