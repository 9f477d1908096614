package charts

// Format is a way to write a picture.
type Format string

// The formats.
const (
	SVG Format = "svg"
	PNG Format = "png"
)

// MediaType returns the format's media type.
func (f Format) MediaType() string {
	if f == SVG {
		return "image/svg+xml"
	}
	return "image/png"
}

// Kinds of pictures.
const (
	KindNight    = "night"
	KindNights   = "nights"
	KindMonths   = "months"
	KindContrast = "contrast"
	KindGroup    = "group"
)

// A Picture is what can be drawn: a [Night], [Nights], [Months], a [Contrast] or a [Group].
type Picture interface {
	// Kind returns which of these it is.
	Kind() string
	// Describe tells what is to be seen, for those who cannot see it.
	Describe() string

	frame() Frame
	// body returns how high the drawing is, and a function that draws it from y on.
	body() (height float64, draw func(c canvas, y float64))
}

// Frame is what every picture says around the drawing.
type Frame struct {
	Title    string   `json:"title"`
	Subtitle string   `json:"subtitle,omitempty"` // the facts, in one sentence
	Zone     string   `json:"timezone,omitempty"` // IANA name of the zone of its clock times
	Demo     bool     `json:"demo,omitempty"`     // made-up nights
	Notes    []string `json:"notes,omitempty"`    // what is missing or must be known
}

func (f Frame) frame() Frame { return f }
