package charts

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"slices"

	"golang.org/x/image/draw"
)

// mostBytes is how large a PNG may be.
const mostBytes = 60_000

// reduced writes a PNG with a small palette, which is all that flat colours and their soft
// edges need, and less than half as large. One that is still too large gets harder edges, and
// then fewer pixels.
func reduced(drawn []byte) ([]byte, error) {
	full, err := png.Decode(bytes.NewReader(drawn))
	if err != nil {
		return nil, fmt.Errorf("charts: read the picture drawn: %w", err)
	}
	pixels := image.NewRGBA(full.Bounds())
	draw.Draw(pixels, pixels.Bounds(), full, full.Bounds().Min, draw.Src)
	for {
		for _, soft := range []int{20, 2} { // with 2, a pixel takes half a byte
			small, err := encoded(pixels, soft)
			if err != nil || len(small) <= mostBytes {
				return small, err
			}
		}
		pixels = shrunk(pixels)
	}
}

// shrunk returns a picture with three quarters of the width and height.
func shrunk(pixels *image.RGBA) *image.RGBA {
	size := pixels.Bounds().Size()
	small := image.NewRGBA(image.Rect(0, 0, size.X*3/4, size.Y*3/4))
	draw.CatmullRom.Scale(small, small.Bounds(), pixels, pixels.Bounds(), draw.Src, nil)
	return small
}

// encoded writes a PNG with so many colours of soft edges.
func encoded(pixels *image.RGBA, soft int) ([]byte, error) {
	counts := map[color.RGBA]int{}
	eachRun(pixels, func(c color.RGBA, _, n int) { counts[c] += n })
	indexes, palette := paletteOf(counts, soft)
	small := image.NewPaletted(pixels.Bounds(), palette)
	eachRun(pixels, func(c color.RGBA, at, n int) {
		index := indexes[c]
		for i := range n {
			small.Pix[at+i] = index
		}
	})
	var b bytes.Buffer
	err := (&png.Encoder{CompressionLevel: png.BestCompression}).Encode(&b, small)
	return b.Bytes(), err
}

// eachRun calls do for each run of pixels of one colour, with where it begins and how long
// it is. Most of a picture is long runs.
func eachRun(pixels *image.RGBA, do func(c color.RGBA, at, n int)) {
	const bytesPerPixel = 4
	at := func(i int) color.RGBA {
		p := pixels.Pix[i*bytesPerPixel:]
		return color.RGBA{p[0], p[1], p[2], p[3]}
	}
	count := len(pixels.Pix) / bytesPerPixel
	for i := 0; i < count; {
		c, from := at(i), i
		for i++; i < count && at(i) == c; {
			i++
		}
		do(c, from, i-from)
	}
}

// paletteOf keeps the colours that mean something, however little there is of one, and the
// most frequent ones of soft edges; the others become the nearest of those.
func paletteOf(counts map[color.RGBA]int, soft int) (map[color.RGBA]uint8, color.Palette) {
	all := make([]color.RGBA, 0, len(counts))
	for c := range counts {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b color.RGBA) int {
		return cmp.Or(counts[b]-counts[a], int(a.R)-int(b.R), int(a.G)-int(b.G), int(a.B)-int(b.B), int(a.A)-int(b.A))
	})
	var palette color.Palette
	for _, c := range flat {
		palette = append(palette, color.RGBA{c.R, c.G, c.B, c.A})
	}
	mixed := slices.DeleteFunc(slices.Clone(all), func(c color.RGBA) bool { return slices.Contains(palette, color.Color(c)) })
	for _, c := range mixed[:min(soft, len(mixed))] {
		palette = append(palette, c)
	}
	indexes := make(map[color.RGBA]uint8, len(all))
	for _, c := range all {
		indexes[c] = uint8(palette.Index(c)) //nolint:gosec // below 256
	}
	return indexes, palette
}
