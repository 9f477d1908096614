package analytics_test

import "testing"

// BenchmarkComparisons is what BenchmarkEverything does not do: baseline,
// changes, unusual nights and insights of the last week of 100 nights, and the
// rest of all of them.
func BenchmarkComparisons(b *testing.B) {
	nights := someone(seeded(1)).nights(seeded(2), 100)
	b.ReportAllocs()
	for b.Loop() {
		comparing(nights, nights[93].Date)
	}
}

// BenchmarkAll is all metrics of 100 nights.
func BenchmarkAll(b *testing.B) {
	nights := someone(seeded(1)).nights(seeded(2), 100)
	b.ReportAllocs()
	for b.Loop() {
		everything(nights)
		comparing(nights, nights[93].Date)
	}
}
