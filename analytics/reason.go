package analytics

// A Reason is why there is no value, or why a night or a session is left out. "" means
// that there is a value, or that nothing is left out.
type Reason string

// Reasons for a missing value.
const (
	NoData      Reason = "no_data"      // nothing to compute from
	FewNights   Reason = "few_nights"   // fewer nights than the metric needs
	Scattered   Reason = "scattered"    // clock times spread too widely to have a mean
	NotMeasured Reason = "not_measured" // the recordings lack the measurement
	Minor       Reason = "minor"        // scores are for adults
)

// Reasons for leaving a night or a session out.
const (
	NoSleep      Reason = "no_sleep"     // recorded, but no sleep was found
	NapOnly      Reason = "nap_only"     // a date with naps and no main sleep
	Short        Reason = "short"        // main sleep under three hours: its durations count, its clock times do not
	Inconsistent Reason = "inconsistent" // figures contradict each other
	TooLong      Reason = "too_long"     // more than 24 hours in bed
	Duplicate    Reason = "duplicate"    // a second session with the same id
	Overlap      Reason = "overlap"      // recorded at the same time as a session with more sleep
	MissingData  Reason = "missing_data" // more than 30 % of the recording was lost
)

// Reasons lists every [Reason] for a missing value or for leaving something out, always
// in the same order.
func Reasons() []Reason {
	return []Reason{
		NoData, FewNights, Scattered, NotMeasured, Minor,
		NoSleep, NapOnly, Short, Inconsistent, TooLong, Duplicate, Overlap, MissingData,
	}
}
