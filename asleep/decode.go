package asleep

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"cloud.google.com/go/civil"
)

// maxItems bounds every list of an answer, so that a small body of empty items
// cannot become a large amount of memory. A day has 2,880 epochs.
const maxItems = 20_000

var errTooMany = fmt.Errorf("a list has more than %d items", maxItems)

// checker is a result that knows which of its members must be there.
type checker interface{ check() error }

// decode returns the result member of a 2xx answer.
func decode[T any](op string, status int, body []byte) (*T, error) {
	var envelope struct {
		Result *T `json:"result"`
	}
	if err := json.Unmarshal(body, &envelope); err != nil {
		return nil, &Error{Op: op, Code: BadResponse, Status: status, Err: explain(err, len(body))}
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

// explain says where a body went wrong in words of our own: those of
// encoding/json repeat values.
func explain(err error, size int) error {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("%s is not %s", cmp.Or(fieldPath(wrong.Field), "the body"), kind(wrong.Type))
	}
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok && syntax.Offset >= int64(size) {
		return errCut
	}
	if errors.Is(err, errTooMany) {
		return errTooMany
	}
	return errors.New("the body is not JSON")
}

// fieldPath drops the Go names of embedded structs, which encoding/json puts
// into a path. The service's own names have no capitals.
func fieldPath(path string) string {
	parts := slices.DeleteFunc(strings.Split(path, "."), func(part string) bool {
		return part != strings.ToLower(part)
	})
	return strings.Join(parts, ".")
}

func kind(t reflect.Type) string {
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

// wrongType is an error to which encoding/json adds the path of the field.
func wrongType[T any]() error {
	return &json.UnmarshalTypeError{Type: reflect.TypeFor[T]()}
}

// list is a bounded list. Null reads as an absent one.
type list[T any] []T

func (l *list[T]) UnmarshalJSON(b []byte) error {
	if string(b) == "null" {
		return nil
	}
	dec := json.NewDecoder(bytes.NewReader(b))
	if t, err := dec.Token(); err != nil || t != json.Delim('[') {
		return wrongType[[]T]()
	}
	*l = list[T]{}
	for dec.More() {
		if len(*l) == maxItems {
			return errTooMany
		}
		var item T
		if err := dec.Decode(&item); err != nil {
			return within(err, len(*l))
		}
		*l = append(*l, item)
	}
	return nil
}

// within adds an item's place in a list to the path of err's field.
func within(err error, item int) error {
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		wrong.Field = strings.TrimSuffix(strconv.Itoa(item)+"."+wrong.Field, ".")
	}
	return err
}

// whole is an integer that may be written as 3 or 3.0.
type whole int

func (w *whole) UnmarshalJSON(b []byte) error {
	var f float64
	if err := json.Unmarshal(b, &f); err != nil || f != math.Trunc(f) || math.Abs(f) > 1<<53 {
		return wrongType[int]()
	}
	*w = whole(f)
	return nil
}

// text unquotes a JSON string and gives it to parse.
func text[T any](b []byte, parse func(string) (T, error)) (T, error) {
	// b is valid JSON: without a backslash a string is what stands between its quotes.
	s, ok := "", b[0] == '"' && bytes.IndexByte(b, '\\') < 0
	if ok {
		s = string(b[1 : len(b)-1])
	} else {
		ok = json.Unmarshal(b, &s) == nil
	}
	if ok {
		if v, err := parse(s); err == nil {
			return v, nil
		}
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

// wireIdentity is what every session has. The endpoints name its members
// differently; whichever name comes is taken.
type wireIdentity struct {
	ID            string   `json:"id"`
	SessionID     string   `json:"session_id"`
	StartTime     *instant `json:"start_time"`
	SessionStart  *instant `json:"session_start_time"`
	EndTime       *instant `json:"end_time"`
	SessionEnd    *instant `json:"session_end_time"`
	CompleteTime  *instant `json:"complete_time"`
	CompletedTime *instant `json:"completed_time"`
}

func (i *wireIdentity) id() string { return cmp.Or(i.ID, i.SessionID) }

func (i *wireIdentity) start() time.Time { return moment(i.StartTime, i.SessionStart) }

func (i *wireIdentity) end() *time.Time { return (*time.Time)(cmp.Or(i.EndTime, i.SessionEnd)) }

func (i *wireIdentity) completed() *time.Time {
	return (*time.Time)(cmp.Or(i.CompleteTime, i.CompletedTime))
}

// check names the member of path that is missing, if one is.
func (i *wireIdentity) check(path string) error {
	switch {
	case i.id() == "":
		return fmt.Errorf("%s.id is missing", path)
	case i.start().IsZero():
		return fmt.Errorf("%s.start_time is missing", path)
	}
	return nil
}

// moment returns the first time given, the zero time if none is.
func moment(times ...*instant) time.Time {
	if t := cmp.Or(times...); t != nil {
		return time.Time(*t)
	}
	return time.Time{}
}
