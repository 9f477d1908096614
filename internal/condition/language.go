package condition

import (
	"fmt"
	"strconv"
	"strings"

	"cloud.google.com/go/civil"
)

// Kind is what the values of a field are.
type Kind int

// Kinds of values.
const (
	Number Kind = iota + 1
	Clock       // minutes after midnight, compared on the field's own day
	Text        // compared only for being equal
	Date        // YYYY-MM-DD, earlier is less
	Flag        // 1 is true, 0 is false; stands in a condition alone
	Set         // of texts, asked with "a text" in field
)

const minutesOfDay = 24 * 60

// A Field is something that a condition can ask about a T.
type Field[T any] struct {
	Name string
	Kind Kind

	// Number returns the value of a number, a clock time or a flag, Text that of a text or a
	// date, Set those of a set; ok is false where it is not known.
	Number func(T) (value float64, ok bool)
	Text   func(T) (value string, ok bool)
	Set    func(T) (texts []string, ok bool)

	// DayBegins is the minute after midnight at which the day of a [Clock] begins: on a
	// day from noon, 00:30 is later than 23:30.
	DayBegins float64

	// Words are the values a [Text] can have, in any case; empty: any.
	Words []string
}

// Example returns a condition with the field.
func (f *Field[T]) Example() string {
	switch f.Kind {
	case Clock:
		return f.Name + ` < "23:00"`
	case Date:
		return f.Name + ` >= "2026-10-01"`
	case Text:
		if len(f.Words) > 0 {
			return f.Name + " == " + strconv.Quote(f.Words[0])
		}
		return f.Name + ` == "Europe/Paris"`
	case Flag:
		return "not " + f.Name
	case Set:
		return `"alcohol" in ` + f.Name
	}
	return f.Name + " < 6"
}

// says what kind of value the field has.
func (f *Field[T]) says() string {
	switch f.Kind {
	case Clock:
		return `a clock time "HH:MM"`
	case Date:
		return `a date "YYYY-MM-DD"`
	case Text:
		if len(f.Words) > 0 {
			return "one of " + strings.Join(f.Words, ", ")
		}
		return "a text"
	case Flag:
		return "true or false"
	case Set:
		return "several texts"
	}
	return "a number"
}

// OnDay returns a value as it is compared: a clock time in minutes after the beginning of the
// field's day, any other as it is.
func (f *Field[T]) OnDay(v float64) float64 {
	if f.Kind == Clock && v < f.DayBegins {
		return v - f.DayBegins + minutesOfDay
	}
	return v - f.DayBegins
}

// literal reads a text that stands beside the field; problem says why it cannot be one of its
// values.
func (f *Field[T]) literal(text string) (v value, problem string) {
	switch f.Kind {
	case Clock:
		if minutes, ok := clock(text); ok {
			return value{number: f.OnDay(minutes)}, ""
		}
	case Date:
		if d, err := civil.ParseDate(text); err == nil {
			return value{text: d.String()}, ""
		}
	case Text:
		if len(f.Words) == 0 {
			return value{text: text}, ""
		}
		for _, word := range f.Words {
			if strings.EqualFold(word, text) {
				return value{text: word}, ""
			}
		}
	}
	return v, fmt.Sprintf("%s is %s", f.Name, f.says())
}

// clock reads "23:05" as minutes after midnight; "24:00" is midnight, too.
func clock(text string) (minutes float64, ok bool) {
	hour, minute, found := strings.Cut(text, ":")
	h, err := strconv.ParseUint(hour, 10, 8)
	m, err2 := strconv.ParseUint(minute, 10, 8)
	if !found || err != nil || err2 != nil || len(hour) > 2 || len(minute) != 2 || m > 59 || h > 24 || h == 24 && m > 0 {
		return 0, false
	}
	return float64((h%24)*60 + m), true
}

// A Language is the fields that conditions are about.
type Language[T any] struct {
	fields []Field[T]
	byName map[string]*Field[T]
}

// New returns a language. It panics on a field without the function that its kind needs.
func New[T any](fields []Field[T]) *Language[T] {
	l := &Language[T]{fields: fields, byName: make(map[string]*Field[T], len(fields))}
	for i := range fields {
		f := &fields[i]
		isText, isSet := f.Kind == Text || f.Kind == Date, f.Kind == Set
		if f.Kind == 0 || isText != (f.Text != nil) || isSet != (f.Set != nil) || (isText || isSet) == (f.Number != nil) {
			panic("condition: incomplete field " + f.Name)
		}
		l.byName[f.Name] = f
	}
	return l
}

// Field returns the field of a name, or nil.
func (l *Language[T]) Field(name string) *Field[T] { return l.byName[name] }

// Names returns the names of all fields in the order they were given.
func (l *Language[T]) Names() []string {
	names := make([]string, len(l.fields))
	for i := range l.fields {
		names[i] = l.fields[i].Name
	}
	return names
}
