package importers

import (
	"bufio"
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/asleep-mcp/asleep-mcp/internal/errtext"
)

// Apple Health writes one XML file of all that it knows, some gigabytes of it, in which a
// stretch of one stage is one element. Its offsets are those of the day of the export.
var appleHealth = format{
	tracker: "apple_health", title: "Apple Health",
	is:   func(_ string, head []byte) bool { return bytes.Contains(head, []byte("<HealthData")) },
	read: readAppleHealth,
}

const (
	appleGap      = 2 * time.Hour // from which on two stretches are two sleeps
	mostStretches = 1_000_000     // a century of them
)

var sleepAnalysis = []byte("HKCategoryTypeIdentifierSleepAnalysis")

// appleRecord is the element of a stretch.
type appleRecord struct {
	Source   string `xml:"sourceName,attr"`
	Version  string `xml:"sourceVersion,attr"`
	Device   string `xml:"device,attr"`
	Created  string `xml:"creationDate,attr"`
	Start    string `xml:"startDate,attr"`
	End      string `xml:"endDate,attr"`
	Value    string `xml:"value,attr"`
	Metadata []struct {
		Key   string `xml:"key,attr"`
		Value string `xml:"value,attr"`
	} `xml:"MetadataEntry"`
}

// appleStages are the values without their common beginning.
var appleStages = map[string]stage{
	"InBed": inBed, "Asleep": asleepAny, "AsleepUnspecified": asleepAny, "Awake": awake, "AsleepCore": light, "AsleepDeep": deep, "AsleepREM": rem,
}

// A stretch is one element, kept small because there may be many.
type stretch struct {
	span

	number int32 // of the element
	origin int32
	zone   int32
}

// appleOrigin is what wrote a stretch.
type appleOrigin struct{ app, device, version string }

// appleReading is what was read so far.
type appleReading struct {
	*sink

	file      file
	stretches []stretch
	origins   names[appleOrigin]
	zones     names[string]
}

// names numbers values in the order in which they are first seen.
type names[T comparable] struct {
	list []T
	at   map[T]int32
}

func (n *names[T]) number(value T) int32 {
	if n.at == nil {
		n.at = map[T]int32{}
	}
	i, ok := n.at[value]
	if !ok {
		i = int32(len(n.list))
		n.list, n.at[value] = append(n.list, value), i
	}
	return i
}

func readAppleHealth(ctx context.Context, s *sink, files []file) error {
	for _, f := range files {
		a := &appleReading{sink: s, file: f}
		if err := a.read(ctx); err != nil {
			return err
		}
		a.sleeps()
	}
	return nil
}

// read goes through the file.
func (a *appleReading) read(ctx context.Context) error {
	text, err := a.file.text(ctx, false, a.progress)
	if err != nil {
		return err
	}
	defer text.Close()
	broken := func(err error) error { return &fault{file: a.file.name, err: err} }
	x := elements{r: text}
	for number := 0; ; {
		text.next()
		tag, err := x.next()
		switch {
		case errors.Is(err, io.EOF):
			return broken(errors.New("the file ends before </HealthData>, so it was cut off: export it again"))
		case err != nil:
			return broken(err)
		case bytes.HasPrefix(tag, []byte("</HealthData")):
			return nil
		case !bytes.HasPrefix(tag, []byte("<Record")):
			continue
		}
		number++
		if !bytes.Contains(tag, sleepAnalysis) {
			continue
		}
		element, err := x.whole(tag, "</Record>")
		if err != nil {
			return broken(err)
		}
		a.take(number, element)
		if len(a.stretches) > mostStretches {
			return broken(fmt.Errorf("it has more than %d sleep records", mostStretches))
		}
	}
}

// take reads one element.
func (a *appleReading) take(number int, element []byte) {
	where := fmt.Sprintf("record %d", number)
	var r appleRecord
	if err := xml.Unmarshal(element, &r); err != nil {
		a.refuse(a.file, where, unreadable, "an element")
		return
	}
	value, known := strings.CutPrefix(r.Value, "HKCategoryValueSleepAnalysis")
	what, is := appleStages[value]
	if !known || !is {
		a.refuse(a.file, where, unknownStage, errtext.Text(r.Value))
		return
	}
	start, _, ok1 := stampOf(r.Start)
	end, _, ok2 := stampOf(r.End)
	if !ok1 || !ok2 {
		a.refuse(a.file, where, unreadable, "startDate or endDate")
		return
	}
	switch {
	case !end.After(start):
		a.refuse(a.file, where, endsFirst, "")
		return
	case end.Sub(start) >= longest:
		a.refuse(a.file, where, tooLong, "")
		return
	case start.After(a.now):
		a.refuse(a.file, where, future, "")
		return
	}
	zone := ""
	for _, m := range r.Metadata {
		if m.Key == "HKTimeZone" && m.Value != "" {
			if zone, is = a.zoneNamed(a.file, where, m.Value); !is {
				return
			}
		}
	}
	one := stretch{
		span: spanOf(start, end, what), number: int32(number),
		origin: a.origins.number(appleOrigin{r.Source, appleDevice(r.Device), r.Version}), zone: a.zones.number(zone),
	}
	created, _, _ := stampOf(r.Created)
	one.rank = appleRank(what) + max(0, created.Unix())
	a.stretches = append(a.stretches, one)
}

// appleRank makes what says more count where stretches overlap, and of equal ones the one
// that was written last.
func appleRank(s stage) int64 {
	const above = 1 << 40 // any time in seconds
	switch s {
	case inBed:
		return 0
	case awake:
		return above
	case asleepAny:
		return 2 * above
	}
	return 3 * above
}

// appleDevice returns the model of a device out of "<<HKDevice: 0x3>, name:Apple Watch,
// hardware:Watch6,1, software:11.5>".
func appleDevice(text string) string {
	var parts []string
	for _, field := range []string{"name:", "hardware:"} {
		if _, after, ok := strings.Cut(text, field); ok {
			value, _, _ := strings.Cut(after, ", ")
			parts = append(parts, strings.Trim(value, "<> "))
		}
	}
	return strings.Join(parts, " ")
}

// sleeps puts the stretches of each source together.
func (a *appleReading) sleeps() {
	app := func(s *stretch) string { return a.origins.list[s.origin].app }
	slices.SortStableFunc(a.stretches, func(x, y stretch) int {
		if c := strings.Compare(app(&x), app(&y)); c != 0 {
			return c
		}
		return int(min(max(x.from-y.from, -1), 1))
	})
	for first := 0; first < len(a.stretches); {
		end := first + 1
		until := a.stretches[first].to
		for end < len(a.stretches) && app(&a.stretches[end]) == app(&a.stretches[first]) &&
			a.stretches[end].from-until <= appleGap.Milliseconds() {
			until = max(until, a.stretches[end].to)
			end++
		}
		a.sleep(a.stretches[first:end])
		first = end
	}
}

// sleep makes a record of the stretches of one sleep.
func (a *appleReading) sleep(all []stretch) {
	spans := make([]span, 0, len(all))
	seen := map[span]bool{}
	for _, one := range all {
		key := one.span
		key.rank = 0
		if seen[key] {
			a.note(a.file, fmt.Sprintf("record %d", one.number), duplicate, "")
			continue
		}
		seen[key] = true
		spans = append(spans, one.span)
	}
	r := record{file: a.file, where: fmt.Sprintf("record %d", all[0].number), line: overlay(spans)}
	r.start, r.end = time.UnixMilli(r.line[0].from), time.UnixMilli(r.line[len(r.line)-1].to)
	for _, one := range all {
		o := a.origins.list[one.origin]
		r.app, r.algorithm = o.app, o.version
		if o.device != "" {
			r.device = o.device
		}
		if zone := a.zones.list[one.zone]; zone != "" {
			r.zone = zone
		}
	}
	a.add(r)
}

// elements reads the tags of an XML text. It looks at nothing else, so that what is not
// about sleep costs little, and no entity is ever resolved in it.
type elements struct {
	r   *stream
	tag []byte
}

// next returns the next tag, from < to >. It is good until the next call.
func (x *elements) next() ([]byte, error) {
	for {
		if err := skipTo(x.r, '<'); err != nil {
			return nil, err
		}
		x.tag = append(x.tag[:0], '<')
		if err := x.upTo('>'); err != nil {
			return nil, err
		}
		switch {
		case bytes.HasPrefix(x.tag, []byte("<!--")):
			for !bytes.HasSuffix(x.tag, []byte("-->")) {
				if err := x.raw('>'); err != nil {
					return nil, err
				}
			}
		case bytes.HasPrefix(x.tag, []byte("<!DOCTYPE")) && bytes.IndexByte(x.tag, '[') >= 0:
			for !bytes.HasSuffix(bytes.Join(bytes.Fields(x.tag[max(0, len(x.tag)-64):]), nil), []byte("]>")) {
				if err := x.raw('>'); err != nil {
					return nil, err
				}
			}
		default:
			return x.tag, nil
		}
	}
}

// whole returns an element whose first tag was read, with its children.
func (x *elements) whole(tag []byte, closing string) ([]byte, error) {
	if bytes.HasSuffix(tag, []byte("/>")) {
		return tag, nil
	}
	for !bytes.HasSuffix(x.tag, []byte(closing)) {
		if err := x.raw('>'); err != nil {
			return nil, err
		}
		if len(x.tag) > longestRecord {
			return nil, errLong
		}
	}
	return x.tag, nil
}

// upTo appends to the tag up to a byte that stands in no quotes.
func (x *elements) upTo(end byte) error {
	for {
		if err := x.raw(end); err != nil {
			return err
		}
		if bytes.HasPrefix(x.tag, []byte("<!")) || !openQuote(x.tag) {
			return nil
		}
	}
}

// openQuote reports whether a tag ends inside of an attribute's value.
func openQuote(tag []byte) bool {
	if bytes.Count(tag, []byte{'"'})%2 == 0 && !bytes.Contains(tag, []byte("='")) {
		return false // as in all but the rarest
	}
	var quote byte
	for {
		i := bytes.IndexAny(tag, `"'`)
		if quote != 0 {
			i = bytes.IndexByte(tag, quote)
		}
		if i < 0 {
			return quote != 0
		}
		if quote == 0 {
			quote = tag[i]
		} else {
			quote = 0
		}
		tag = tag[i+1:]
	}
}

// raw appends to the tag up to the next such byte.
func (x *elements) raw(end byte) error {
	for {
		part, err := x.r.ReadSlice(end)
		x.tag = append(x.tag, part...)
		if err == nil || !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}

// skipTo reads up to and including a byte.
func skipTo(r *stream, end byte) error {
	for {
		_, err := r.ReadSlice(end)
		if err == nil || !errors.Is(err, bufio.ErrBufferFull) {
			return err
		}
	}
}
