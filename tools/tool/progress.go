package tool

import "context"

type progressKey struct{}

// WithProgress returns a context in which slow tools report how far they are: done out
// of total, never from two goroutines at once, with done growing and total constant.
// report must not block.
func WithProgress(ctx context.Context, report func(done, total int)) context.Context {
	return context.WithValue(ctx, progressKey{}, report)
}

// ProgressOf returns the function to report progress with; it does nothing if nobody
// listens.
func ProgressOf(ctx context.Context) func(done, total int) {
	if report, ok := ctx.Value(progressKey{}).(func(done, total int)); ok {
		return report
	}
	return func(int, int) {}
}

// InTenths returns a context in which progress is reported in tenths. As a number of
// people it would reveal how many there are.
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
