package charts

import draw "github.com/go-analyze/charts"

// Colours of the page.
var (
	white = draw.ColorFromHex("#ffffff")
	ink   = draw.ColorFromHex("#1b2430") // text and axes
	quiet = draw.ColorFromHex("#5b6573") // text beside the point; 5.9 to 1 on white
	grid  = draw.ColorFromHex("#e3e7ec")
	shade = draw.ColorFromHex("#f5f7fa") // weekends, empty rows
	hole  = draw.ColorFromHex("#d3d8df") // not scored, not recorded
)

// Colours of what is shown. They are told apart by people with any kind of colour blindness
// and in grey, because each is darker than the one before; a test measures it.
var (
	awakeColour = draw.ColorFromHex("#fdc34d")
	lightColour = draw.ColorFromHex("#79aede")
	remColour   = draw.ColorFromHex("#a9508f")
	deepColour  = draw.ColorFromHex("#1f3a70")

	sleepColour = draw.ColorFromHex("#2f66a8")
	inBedColour = draw.ColorFromHex("#c9dcf0")
	napColour   = draw.ColorFromHex("#8fb8e0")
	otherColour = draw.ColorFromHex("#b4540a") // what is compared with: dashed, or the second of two
)

// flat are all colours that areas and lines are drawn in.
var flat = []draw.Color{
	white, ink, quiet, grid, shade, hole,
	awakeColour, lightColour, remColour, deepColour, sleepColour, inBedColour, napColour, otherColour,
}
