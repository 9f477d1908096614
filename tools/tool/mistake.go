package tool

import (
	"encoding/json"
	"fmt"

	"github.com/asleep-mcp/asleep-mcp/internal/errtext"
)

// Argument is the name of an argument in the text of a [Mistake].
type Argument string

func (a Argument) String() string { return Shown(string(a)) }

// Received is what was sent, as the text of a [Mistake] shows it.
type Received string

// Example is a JSON object of arguments that would be accepted.
type Example json.RawMessage

func (e Example) String() string { return string(e) }

// Mistake returns a failure that the caller can fix by asking differently. The first
// [Argument], [Received] and [Example] among args become its fields, so that text and
// fields cannot disagree.
func Mistake(format string, args ...any) *Failure {
	f := &Failure{Code: InvalidArgument}
	f.add(format, args...)
	return f
}

// add continues the text of a mistake.
func (f *Failure) add(format string, args ...any) {
	f.Text += fmt.Sprintf(format, args...)
	f.format += format
	f.args = append(f.args, args...)
	for _, arg := range args {
		switch arg := arg.(type) {
		case Argument:
			if f.Argument == "" {
				f.Argument = string(arg)
			}
		case Received:
			if f.Received == "" {
				f.Received = string(arg)
			}
		case Example:
			if f.Example == nil {
				f.Example = json.RawMessage(arg)
			}
		}
	}
}

// Render returns the text with arguments and examples as the functions write them.
func (f *Failure) Render(argument func(name string) string, example func(object json.RawMessage) string) string {
	if f.format == "" {
		return f.Text
	}
	args := make([]any, len(f.args))
	for i, arg := range f.args {
		switch arg := arg.(type) {
		case Argument:
			args[i] = argument(string(arg))
		case Example:
			args[i] = example(json.RawMessage(arg))
		default:
			args[i] = arg
		}
	}
	return fmt.Sprintf(f.format, args...)
}

// Shown returns a received text as it may appear in an error.
func Shown(value string) string { return errtext.Text(value) }

// ReceivedText returns a received text for a [Mistake].
func ReceivedText(value string) Received { return Received(Shown(value)) }
