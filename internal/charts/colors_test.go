package charts

import (
	"math"
	"testing"

	draw "github.com/go-analyze/charts"
	"github.com/stretchr/testify/assert"
)

// luminance is the relative luminance of sRGB, as WCAG 2 defines it.
func luminance(c draw.Color) float64 {
	linear := func(v uint8) float64 {
		s := float64(v) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(c.R) + 0.7152*linear(c.G) + 0.0722*linear(c.B)
}

// In grey, and so for every kind of colour blindness, each stage is clearly darker than the
// one before it; text is readable on the page.
func TestColoursDifferInLightness(t *testing.T) {
	t.Parallel()
	stages := []draw.Color{awakeColour, lightColour, remColour, deepColour}
	for i := 1; i < len(stages); i++ {
		assert.GreaterOrEqual(t, (luminance(stages[i-1])+0.05)/(luminance(stages[i])+0.05), 1.4, "stage %d", i)
	}
	for _, text := range []draw.Color{ink, quiet, otherColour} {
		assert.GreaterOrEqual(t, 1.05/(luminance(text)+0.05), 4.5)
	}
	assert.GreaterOrEqual(t, (luminance(inBedColour)+0.05)/(luminance(sleepColour)+0.05), 3.0)
}
