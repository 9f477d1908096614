package manage

import "github.com/asleep-mcp/asleep-mcp/asleep"

// Metadata is what the Asleep service may be told about a sleeper.
type Metadata struct {
	BirthYear  *int     `json:"birth_year,omitempty" jsonschema:"minimum=1900,maximum=2100" jsonschema_description:"Year of birth."`
	BirthMonth *int     `json:"birth_month,omitempty" jsonschema:"minimum=1,maximum=12" jsonschema_description:"Month of birth."`
	BirthDay   *int     `json:"birth_day,omitempty" jsonschema:"minimum=1,maximum=31" jsonschema_description:"Day of birth."`
	Gender     string   `json:"gender,omitempty" jsonschema:"enum=male,enum=female,enum=non_binary,enum=other,enum=prefer_not_to_say" jsonschema_description:"Gender."`
	Height     *float64 `json:"height,omitempty" jsonschema:"minimum=0,maximum=300" jsonschema_description:"In cm, one decimal."`
	Weight     *float64 `json:"weight,omitempty" jsonschema:"minimum=0,maximum=1000" jsonschema_description:"In kg, one decimal."`
}

// upstream returns nil when nothing is given.
func (m Metadata) upstream() *asleep.Metadata {
	if m == (Metadata{}) {
		return nil
	}
	out := &asleep.Metadata{
		BirthYear: m.BirthYear, BirthMonth: m.BirthMonth, BirthDay: m.BirthDay, Height: m.Height, Weight: m.Weight,
	}
	if m.Gender != "" {
		out.Gender = &m.Gender
	}
	return out
}

// metadataOf converts what the service says; nil when it says nothing.
func metadataOf(m *asleep.Metadata) *Metadata {
	if m == nil {
		return nil
	}
	out := &Metadata{BirthYear: m.BirthYear, BirthMonth: m.BirthMonth, BirthDay: m.BirthDay, Height: m.Height, Weight: m.Weight}
	if m.Gender != nil {
		out.Gender = *m.Gender
	}
	if *out == (Metadata{}) {
		return nil
	}
	return out
}
