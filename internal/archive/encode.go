package archive

import (
	"bytes"
	"compress/flate"
	"io"
	"sync"

	"github.com/go-json-experiment/json"
)

// dictionary is what compressed rows have in common. It must never change: what was
// compressed with it can be read with it alone.
const dictionary = `{"ID":"20261121221501_ab12c","State":"COMPLETE","Start":"2026-11-21T22:15:01Z","End":"2026-11-22T06:15:01Z","CreatedTimezone":"Europe/Paris","LastReceivedSeq":960,"TimeInBed":28800,` +
	`"SleepStages":[0,0,0,0,1,1,1,1,2,2,2,2,1,1,1,1,3,3,3,3,-1,-1],"BreathStages":[0,0,0,0],"SnoringStages":[0,0,0,0,1,1,1,1],"Peculiarities":["NO_BREATHING_STABILITY"],"MissingDataRatio":0,"Stat":{"sleep_time":"2026-11-21T22:30:01Z","wake_time":"2026-11-22T06:10:01Z","sleep_index":80,` +
	`"sleep_latency":900,"wakeup_latency":300,"light_latency":0,"deep_latency":1200,"rem_latency":4800,"time_in_bed":28800,"time_in_sleep_period":27600,"time_in_sleep":26400,"time_in_wake":1200,"time_in_light":15000,"time_in_deep":4800,"time_in_rem":6600,` +
	`"time_in_stable_breath":27000,"time_in_unstable_breath":600,"time_in_snoring":1800,"time_in_no_snoring":25800,"sleep_efficiency":0.92,"sleep_ratio":0.96,"wake_ratio":0.04,"light_ratio":0.54,"deep_ratio":0.17,"rem_ratio":0.24,` +
	`"stable_breath_ratio":0.98,"unstable_breath_ratio":0.02,"snoring_ratio":0.07,"no_snoring_ratio":0.93,"breathing_index":2,"breathing_pattern":"STABLE_BREATH","unstable_breath_count":4,"waso_count":6,"longest_waso":300,"sleep_cycle_count":5,"sleep_cycle":5400,"sleep_cycle_time":["2026-11-21T23:59:31Z"],"snoring_count":10}}`

var (
	compressors = sync.Pool{New: func() any {
		w, err := flate.NewWriterDict(nil, flate.BestCompression, []byte(dictionary))
		if err != nil {
			panic(err) // the level is valid
		}
		return w
	}}
	omitAbsent = json.JoinOptions(json.OmitZeroStructFields(true))
)

// encode returns a value as compressed JSON.
func encode(value any) ([]byte, error) {
	var out bytes.Buffer
	w := compressors.Get().(*flate.Writer)
	defer compressors.Put(w)
	w.Reset(&out)
	if err := json.MarshalWrite(w, value, omitAbsent); err != nil {
		return nil, err
	}
	err := w.Close()
	return out.Bytes(), err
}

// decode reads what encode returned into a value.
func decode(b []byte, value any) error {
	r := flate.NewReaderDict(bytes.NewReader(b), []byte(dictionary))
	text, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	return json.Unmarshal(text, value)
}
