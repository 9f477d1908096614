package person

import (
	"time"

	"github.com/asleep-mcp/asleep-mcp/analytics"
	"github.com/asleep-mcp/asleep-mcp/internal/nights"
	"github.com/asleep-mcp/asleep-mcp/tools/tool"
)

type getSessionOut struct {
	tool.Head
	SessionID   string   `json:"session_id,omitempty"`
	Night       string   `json:"night,omitempty" jsonschema_description:"Local date of the final awakening of the main sleep."`
	AgeDays     *int     `json:"age_days,omitempty" jsonschema_description:"Days from that date to today."`
	Kind        string   `json:"kind,omitempty" jsonschema:"enum=main,enum=nap,enum=part"`
	State       string   `json:"state,omitempty" jsonschema:"enum=complete,enum=analysing,enum=in_progress,enum=never_slept,enum=too_short,enum=damaged"`
	Start       string   `json:"start,omitempty"`
	End         string   `json:"end,omitempty"`
	FellAsleep  string   `json:"fell_asleep,omitempty"`
	WokeUp      string   `json:"woke_up,omitempty"`
	InBed       *float64 `json:"in_bed_minutes,omitempty"`
	Asleep      *float64 `json:"asleep_minutes,omitempty"`
	Latency     *float64 `json:"latency_minutes,omitempty"`
	Awake       *float64 `json:"awake_minutes,omitempty" jsonschema_description:"Between onset and final awakening."`
	AfterWaking *float64 `json:"after_waking_minutes,omitempty" jsonschema_description:"In bed after the final awakening."`
	OutOfBed    *float64 `json:"out_of_bed_minutes,omitempty" jsonschema_description:"Between the recordings of a split night; in no other field."`
	Awakenings  *int     `json:"awakenings_over_5_minutes,omitempty"`
	LongestWake *float64 `json:"longest_awake_minutes,omitempty"`
	Efficiency  *float64 `json:"efficiency_percent,omitempty"`
	Light       *float64 `json:"light_minutes,omitempty"`
	Deep        *float64 `json:"deep_minutes,omitempty"`
	REM         *float64 `json:"rem_minutes,omitempty"`
	Snoring     *float64 `json:"snoring_minutes,omitempty"`
	Nap         *float64 `json:"nap_minutes,omitempty" jsonschema_description:"Asleep in naps of that date, counted separately."`
	SleepIndex  *float64 `json:"sleep_index,omitempty" jsonschema_description:"The Asleep service's own score."`
	OwnScore    *rating  `json:"own_score,omitempty" jsonschema_description:"Another tracker's own score, comparable with no other."`
	MissingData *float64 `json:"missing_data_ratio,omitempty"`
	Computed    string   `json:"computed_from,omitempty" jsonschema:"enum=vendor,enum=hypnogram"`

	Unusual        []unusualValue `json:"unusual,omitzero" jsonschema_description:"Time asleep, efficiency, wake, latency or a clock time far from the 28 nights before; [] when none is."`
	BaselineNights int            `json:"baseline_nights,omitempty"`

	Parts []nightPart `json:"parts,omitempty" jsonschema_description:"Recordings of a split night, when it is asked about as a whole."`

	Segments     []segment `json:"segments,omitempty"`
	Epochs       string    `json:"epochs,omitempty" jsonschema_description:"0 wake, 1 light (sleep without stages), 2 deep, 3 REM, . unknown."`
	EpochSeconds int       `json:"epoch_seconds,omitempty"`
	SnoringMap   string    `json:"snoring,omitempty"`

	days   string // of the week
	clock  string // whose clock times are shown, if not those of where it was recorded
	lost   edges  // what was not measured at the ends
	goesOn bool   // more of the night is not analysed yet
	// lostWithin is what was not measured inside the sleep period, 0 where it is shorter than leastLost.
	lostWithin time.Duration
	drawn      *nights.Detail      // what the answer is about; nil: there is no recording
	split      []analytics.Session // the recordings of a whole night that has several
}

type rating struct {
	Source string  `json:"source"`
	Value  float64 `json:"value"`
}

type segment struct {
	Stage   string  `json:"stage"`
	Start   string  `json:"start"`
	Minutes float64 `json:"minutes"`
}

// nothingBecause has the reason why a recording in each state has no numbers.
var nothingBecause = map[nights.State]analytics.Reason{
	nights.InProgress: "in_progress",
	nights.Analysing:  "analysing",
	nights.NeverSlept: analytics.NoSleep,
	nights.TooShort:   "too_short",
	nights.Damaged:    "damaged",
	nights.Complete:   analytics.NotMeasured,
}

// nightPart is one recording of a night that has several.
type nightPart struct {
	SessionID string  `json:"session_id"`
	Start     string  `json:"start"`
	End       string  `json:"end"`
	InBed     float64 `json:"in_bed_minutes"`
	Asleep    float64 `json:"asleep_minutes"`
}

// unusualValue is something about one night that is far from what is usual.
type unusualValue struct {
	Metric     string   `json:"metric"`
	Value      *float64 `json:"value,omitempty"`
	Usual      *float64 `json:"usual,omitempty"`
	Clock      string   `json:"clock,omitempty"`
	UsualClock string   `json:"usual_clock,omitempty"`
}
