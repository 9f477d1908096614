package main

import (
	"runtime"
	"runtime/debug"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Only the first collection is put off. Not parallel: the percentage is the process's.
func TestCollectionsComeAsUsualAfterTheFirst(t *testing.T) {
	percent := func() int {
		now := debug.SetGCPercent(100)
		debug.SetGCPercent(now)
		return now
	}
	usual := percent()
	postponeCollection()
	runtime.GC()
	require.Eventually(t, func() bool { return percent() == usual }, 10*time.Second, time.Millisecond)
}
