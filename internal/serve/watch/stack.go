package watch

import (
	"runtime"
	"strconv"
	"strings"
)

// Stack returns where its caller's caller is, functions and lines only: the
// runtime's own print of a stack holds arguments, and those may be health values.
func Stack() string {
	calls := make([]uintptr, 32)
	frames := runtime.CallersFrames(calls[:runtime.Callers(3, calls)])
	var b strings.Builder
	for {
		frame, more := frames.Next()
		b.WriteString(frame.Function + ":" + strconv.Itoa(frame.Line))
		if !more {
			return b.String()
		}
		b.WriteString(" < ")
	}
}
