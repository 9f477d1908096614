package tool

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

// InTenths is a context in which progress is reported in tenths. As so many people of
// so many it would tell how many they are.
func InTenths(ctx context.Context) context.Context {
	const tenths = 10
	report, told := ProgressOf(ctx), 0
	return WithProgress(ctx, func(done, total int) {
		if now := tenths * done / total; now > told {
			told = now
			report(now, tenths)
		}
	})
}
