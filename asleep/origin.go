package asleep

// Origin says what recorded a session that the service knows nothing of, such as one from
// the export of another tracker. Texts are "" where the export does not tell.
type Origin struct {
	Tracker   string   `json:"tracker"`             // whose export it was in, such as "oura" or "apple_health"
	App       string   `json:"app,omitempty"`       // what wrote it, where an export holds the records of several
	Device    string   `json:"device,omitempty"`    // its model
	Algorithm string   `json:"algorithm,omitempty"` // version of what found the sleep
	Score     *float64 `json:"score,omitempty"`     // the tracker's own, comparable with no other; nil: none
	Date      string   `json:"date,omitempty"`      // the tracker's date of the night, YYYY-MM-DD
	Nap       *bool    `json:"nap,omitempty"`       // as the tracker marked it; nil: not marked
}
