package charts

import (
	"encoding/json"
	"fmt"
)

// envelope is a picture as JSON: its kind beside its own members.
type envelope struct {
	Kind        string          `json:"kind"`
	Description string          `json:"description,omitempty"` // for those who cannot see it
	Picture     json.RawMessage `json:"picture"`
}

// Encode writes a picture as JSON, for the app that hosts show.
func Encode(p Picture) (json.RawMessage, error) {
	picture, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("charts: encode %s: %w", p.Kind(), err)
	}
	return json.Marshal(envelope{p.Kind(), p.Describe(), picture})
}

// Decode reads what [Encode] wrote.
func Decode(encoded json.RawMessage) (Picture, error) {
	var e envelope
	if err := json.Unmarshal(encoded, &e); err != nil {
		return nil, fmt.Errorf("charts: %w", err)
	}
	switch e.Kind {
	case KindNight:
		return decoded[Night](e.Picture)
	case KindNights:
		return decoded[Nights](e.Picture)
	case KindMonths:
		return decoded[Months](e.Picture)
	case KindContrast:
		return decoded[Contrast](e.Picture)
	case KindGroup:
		return decoded[Group](e.Picture)
	}
	return nil, fmt.Errorf("charts: there is no picture of the kind %q", e.Kind)
}

func decoded[P Picture](raw json.RawMessage) (Picture, error) {
	var p P
	if err := json.Unmarshal(raw, &p); err != nil {
		return nil, fmt.Errorf("charts: %w", err)
	}
	return p, nil
}
