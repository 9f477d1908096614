package asleep

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"cloud.google.com/go/civil"
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Every list of an answer is bounded, so that a small body of tiny items cannot become
// a large amount of memory.
const (
	maxEpochs = 20_000 // of a list of stages; a day has 2,880
	maxItems  = 1_000  // of any other list; the longest is the sessions of MaxDays days
)

// ownError is an error in this package's own words.
type ownError string

func (e ownError) Error() string { return string(e) }

// lenient accepts what encoding/json would: a duplicate member or an invalid character
// does not cost a night.
var lenient = json.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

// checker is a result that checks that its required members are there.
type checker interface{ check() error }

// mender is a result that may still be read in another way where its body could not be read
// at once.
type mender interface{ mend(body []byte) bool }

// decode returns the result member of a 2xx answer.
func decode[T any](op string, status int, body []byte) (*T, error) {
	var envelope struct {
		Result *T `json:"result"`
	}
	if err := json.Unmarshal(body, &envelope, lenient); err != nil {
		var whole T
		if m, ok := any(&whole).(mender); ok && m.mend(body) {
			return &whole, nil
		}
		return nil, &Error{Op: op, Code: BadResponse, Status: status, Err: explain(err)}
	}
	if envelope.Result == nil {
		return nil, unreadable(op, status, "result is missing")
	}
	if c, ok := any(envelope.Result).(checker); ok {
		if err := c.check(); err != nil {
			return nil, unreadable(op, status, "result.%w", err)
		}
	}
	return envelope.Result, nil
}

func unreadable(op string, status int, format string, args ...any) *Error {
	return &Error{Op: op, Code: BadResponse, Status: status, Err: fmt.Errorf(format, args...)}
}

// explain says in this package's own words where a body is wrong: the decoder's repeat
// values.
func explain(err error) error {
	if errors.Is(err, io.ErrUnexpectedEOF) {
		return errCut
	}
	if own, ok := errors.AsType[ownError](err); ok {
		return own
	}
	if wrong, ok := errors.AsType[*json.SemanticError](err); ok {
		return fmt.Errorf("%s is not %s", cmp.Or(dotted(wrong.JSONPointer), "the body"), typeName(wrong.GoType))
	}
	return errors.New("the body is not JSON")
}

// dotted writes a pointer as "result.session.id".
func dotted(p jsontext.Pointer) string {
	return strings.Join(slices.Collect(p.Tokens()), ".")
}

func typeName(t reflect.Type) string {
	switch t {
	case reflect.TypeFor[time.Time]():
		return "a timestamp"
	case reflect.TypeFor[civil.Date]():
		return "a date"
	case reflect.TypeFor[ClockTime]():
		return "a clock time"
	}
	switch t.Kind() {
	case reflect.Int:
		return "a whole number"
	case reflect.Float64:
		return "a number"
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "a list"
	default:
		return "an object"
	}
}

// wrongType is an error to which the decoder adds the path of the field.
func wrongType[T any]() error {
	return &json.SemanticError{GoType: reflect.TypeFor[T]()}
}

// list is a bounded list. Null reads as an absent one.
type list[T any] []T

// oneByOne reads the sessions of a list that could not be read together. Of one whose numbers
// cannot be read only the identity is kept. If that holds for several and for all, the service
// speaks another language, and nothing is mended.
func oneByOne[T any](sessions list[jsontext.Value], identity func(*T) *wireIdentity) (read list[T], ok bool) {
	read = make(list[T], len(sessions))
	broken := 0
	for i, raw := range sessions {
		one := &read[i]
		if json.Unmarshal(raw, one, lenient) != nil {
			*one = *new(T)
			broken++
			if json.Unmarshal(raw, identity(one), lenient) != nil {
				return nil, false
			}
		}
		if identity(one).wrong() != "" {
			return nil, false
		}
	}
	return read, broken < max(2, len(sessions))
}

// limit returns how many items a list may have.
func (l list[T]) limit() int {
	if _, epochs := any(l).(list[*whole]); epochs {
		return maxEpochs
	}
	return maxItems
}

// UnmarshalJSONFrom reads one item after the other and stops at the first that lacks a
// required member, or has an impossible id.
func (l *list[T]) UnmarshalJSONFrom(dec *jsontext.Decoder) error {
	switch dec.PeekKind() {
	case 'n':
		return dec.SkipValue()
	case '{', '"', '0', 't', 'f':
		return wrongType[[]T]()
	}
	if *l != nil {
		return ownError("a list is given twice") // else one answer could hold millions of numbers
	}
	if _, err := dec.ReadToken(); err != nil {
		return err
	}
	*l = list[T]{}
	for dec.PeekKind() != ']' {
		if len(*l) == l.limit() {
			return ownError(fmt.Sprintf("a list has more than %d items", l.limit()))
		}
		*l = append(*l, *new(T))
		item := &(*l)[len(*l)-1]
		if w, ok := any(item).(**whole); ok && dec.PeekKind() == '0' {
			if err := readWhole(dec, w); err != nil {
				return err
			}
			continue
		}
		if err := json.UnmarshalDecode(dec, item); err != nil {
			return err
		}
		if has, ok := any(item).(interface{ wrong() string }); ok {
			if what := has.wrong(); what != "" {
				return ownError(dotted(dec.StackPointer()) + "." + what)
			}
		}
	}
	_, err := dec.ReadToken()
	return err
}

// whole is an integer that may be written as 3 or 3.0.
type whole int

func (w *whole) UnmarshalJSON(b []byte) error {
	f, err := strconv.ParseFloat(string(b), 64)
	if err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return wrongType[int]()
	}
	*w = whole(f)
	return nil
}

// within returns a number from least to most, and nil for any other: no measurement is better than
// one that cannot be.
func within[T whole | float64](v *T, least, most T) *T {
	if v == nil || *v < least || *v > most {
		return nil
	}
	return v
}

// digits are what most epochs point to: a night has thousands.
var digits = [...]whole{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}

// readWhole reads a number as [json.UnmarshalDecode] would.
func readWhole(dec *jsontext.Decoder, w **whole) error {
	b, err := dec.ReadValue()
	switch {
	case err != nil:
		return err
	case len(b) == 1:
		*w = &digits[b[0]-'0']
		return nil
	}
	*w = new(whole)
	if (*w).UnmarshalJSON(b) != nil {
		return &json.SemanticError{JSONPointer: dec.StackPointer(), GoType: reflect.TypeFor[int]()}
	}
	return nil
}

// maxText is the longest string of an answer, in bytes of JSON.
const maxText = 1024

// short is a bounded string. Null reads as "".
type short string

func (s *short) UnmarshalJSON(b []byte) error {
	if len(b) > maxText {
		return ownError(fmt.Sprintf("a string has more than %d bytes", maxText))
	}
	if err := json.Unmarshal(b, (*string)(s), lenient); err != nil {
		return wrongType[string]()
	}
	return nil
}

// zoneName is the name of a zone; "" for what is none that is known here.
type zoneName string

func (z *zoneName) UnmarshalJSON(b []byte) error {
	var s short
	if err := s.UnmarshalJSON(b); err != nil {
		return err
	}
	if _, ok := Zone(string(s)); ok {
		*z = zoneName(s)
	}
	return nil
}

// word is one of a list of words that the service may add to, such as a state; "" for what
// cannot be one.
type word string

func (w *word) UnmarshalJSON(b []byte) error {
	var s short
	if err := s.UnmarshalJSON(b); err != nil {
		return err
	}
	if len(s) <= maxWord && !strings.ContainsFunc(string(s), notInUserID) {
		*w = word(s)
	}
	return nil
}

// maxWord is the longest word in bytes; the longest known has 32.
const maxWord = 40

// text unquotes a JSON string and gives it to parse.
func text[T any](b []byte, parse func(string) (T, error)) (T, error) {
	var s string
	switch {
	case len(b) > maxText:
	case b[0] == '"' && bytes.IndexByte(b, '\\') < 0: // b is valid JSON
		s = string(b[1 : len(b)-1])
	case json.Unmarshal(b, &s, lenient) != nil:
		s = ""
	}
	if v, err := parse(s); err == nil {
		return v, nil
	}
	var none T
	return none, wrongType[T]()
}

// instant is a timestamp, read into UTC.
type instant time.Time

func (i *instant) UnmarshalJSON(b []byte) error {
	t, err := text(b, parseInstant)
	*i = instant(t.UTC())
	return err
}

// day is a calendar date.
type day civil.Date

func (d *day) UnmarshalJSON(b []byte) error {
	v, err := text(b, civil.ParseDate)
	*d = day(v)
	return err
}
