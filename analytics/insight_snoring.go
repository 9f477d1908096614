package analytics

const (
	snoringShare  = 30 // percent of time asleep
	snoringNights = 3
	nightsPerWeek = 7
)

// snoring counts nights on which much snoring was recorded. A microphone hears everybody
// in the room, so it is a remark on sounds, not a finding.
func (e evidence) snoring() (Insight, bool) {
	measured, loud := 0, 0
	for _, n := range e.nights {
		snoring := n.Snoring()
		if snoring == nil || n.Asleep() <= 0 {
			continue
		}
		measured++
		if 100*snoring.Seconds() >= snoringShare*n.Asleep().Seconds() {
			loud++
		}
	}
	often := loud >= snoringNights && nightsPerWeek*loud >= snoringNights*measured
	return Insight{
		Code: InsightSnoring, Value: float64(loud), Unit: "nights", Nights: measured,
		Source: SourceConvention, Limit: new(float64(snoringNights)),
	}, often && measured >= LeastWeek
}
