package asleep

// Origin says what recorded a session that did not come from the service, but for
// example from the export of another tracker. A text is "" if the export does not tell.
type Origin struct {
	Tracker   string   `json:"tracker"`             // whose export it was in, such as "oura" or "apple_health"
	App       string   `json:"app,omitempty"`       // what wrote the record, if an export holds those of several apps
	Device    string   `json:"device,omitempty"`    // model of the device
	Algorithm string   `json:"algorithm,omitempty"` // version of the algorithm that found the sleep
	Score     *float64 `json:"score,omitempty"`     // the tracker's own score, not comparable with any other; nil: none
	Date      string   `json:"date,omitempty"`      // the tracker's date of the night, YYYY-MM-DD
	Nap       *bool    `json:"nap,omitempty"`       // whether the tracker marked it as a nap; nil: not marked

	// LongAwakenings is how often the sleeper was awake for more than five minutes between
	// onset and final awakening; nil: the export does not tell wake.
	LongAwakenings *int `json:"long_awakenings,omitempty"`
}
