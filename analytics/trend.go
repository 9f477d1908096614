package analytics

// A Point is the value of one day. Day is a day number counted from any origin, so that
// days without a value count as elapsed time.
type Point struct {
	Day   int
	Value float64
}
