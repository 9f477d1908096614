package analytics

// A Point is the value of one day. Day is a day number from any origin, so that
// days without a value count as time.
type Point struct {
	Day   int
	Value float64
}
