package tool

import (
	"encoding/json"

	"github.com/asleep-mcp/asleep-mcp/internal/charts"
)

// Answer is what a tool answers.
type Answer struct {
	JSON json.RawMessage // compact
	// Picture makes what the answer looks like, when somebody wants to see it; nil: it has
	// no picture.
	Picture func() charts.Picture
	// Image is the picture that was asked for with the argument chart; nil: none was.
	Image *Image
}

// Image is a picture as a file.
type Image struct {
	Format charts.Format
	Data   []byte
}

// Charted is embedded in the arguments of tools whose answers are [Pictured].
type Charted struct {
	Chart string `json:"chart,omitempty" jsonschema:"enum=png,enum=svg" jsonschema_description:"Adds a picture, for people."`
}

func (c Charted) chart() charts.Format { return charts.Format(c.Chart) }

// Pictured is an answer that can be drawn. The picture is made from what the answer was made
// of, only when it is wanted.
type Pictured interface{ Picture() charts.Picture }

func hasPicture[Out any]() bool {
	_, ok := any(*new(Out)).(Pictured)
	return ok
}

// charter is what arguments are that embed [Charted].
type charter interface{ chart() charts.Format }

func hasChart[In any]() bool {
	_, ok := any(*new(In)).(charter)
	return ok
}

// answerOf encodes an answer, and draws it if the arguments say so.
func answerOf(in, out any) (a Answer, err error) {
	if a.JSON, err = json.Marshal(out); err != nil {
		return Answer{}, err
	}
	p, ok := out.(Pictured)
	if !ok {
		return a, nil
	}
	a.Picture = p.Picture
	if asked, ok := in.(charter); ok && asked.chart() != "" {
		drawn, err := charts.Draw(p.Picture(), asked.chart())
		if err != nil {
			return Answer{}, err
		}
		a.Image = &Image{asked.chart(), drawn}
	}
	return a, nil
}
