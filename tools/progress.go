package tools

import "context"

type progressKey struct{}

// WithProgress returns a context in which long tools say how far they are: done of
// total, never by two goroutines at once, done growing, and total the same all the
// time. report must not wait.
func WithProgress(ctx context.Context, report func(done, total int)) context.Context {
	return context.WithValue(ctx, progressKey{}, report)
}

// ProgressOf is where to say how far one is; it does nothing where nobody listens.
func ProgressOf(ctx context.Context) func(done, total int) {
	if report, ok := ctx.Value(progressKey{}).(func(done, total int)); ok {
		return report
	}
	return func(int, int) {}
}
