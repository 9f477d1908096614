package analytics_test

import "testing"

// BenchmarkComparisons computes what BenchmarkEverything does not: baseline, changes,
// unusual nights and insights of the last week of 100 nights, and the rest over all of
// them.
func BenchmarkComparisons(b *testing.B) {
	nights := someone(seeded(1)).nights(seeded(2), 100)
	b.ReportAllocs()
	for b.Loop() {
		comparing(nights, nights[93].Date)
	}
}

// BenchmarkAll computes all metrics of 100 nights.
func BenchmarkAll(b *testing.B) {
	nights := someone(seeded(1)).nights(seeded(2), 100)
	b.ReportAllocs()
	for b.Loop() {
		everything(nights)
		comparing(nights, nights[93].Date)
	}
}

// BenchmarkCourses follows all metrics over half a year of nights.
func BenchmarkCourses(b *testing.B) {
	nights := ordinary.nights(seeded(3), 180)
	b.ReportAllocs()
	for b.Loop() {
		coursesOf(nights)
	}
}
