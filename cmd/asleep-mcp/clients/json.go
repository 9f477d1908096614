package clients

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"regexp"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/tailscale/hujson"
)

// jsonText is JSON with the comments and trailing commas that editors allow. It is changed
// by insertions and replacements in the text, so that everything else in it stays, down to
// the last blank.
type jsonText struct {
	text  []byte
	root  hujson.Value // of the text
	inner string       // one step of indentation
}

// readJSON reads a file's text; an empty one counts as an empty object.
func readJSON(text []byte) (*jsonText, error) {
	if len(bytes.TrimSpace(text)) == 0 {
		text = []byte("{}\n")
	}
	j := &jsonText{text: text, inner: "  "}
	if first := regexp.MustCompile(`\n([ \t]+)\S`).FindSubmatch(text); first != nil {
		j.inner = string(first[1])
	}
	if err := j.reread(); err != nil {
		return nil, err
	}
	if _, ok := j.root.Value.(*hujson.Object); !ok {
		return nil, noBraces.err()
	}
	return j, nil
}

// reread parses the text again. Its error names the line of a mistake, but not what is
// there, which may be a secret.
func (j *jsonText) reread() (err error) {
	if j.root, err = hujson.Parse(bytes.Clone(j.text)); err != nil {
		line := regexp.MustCompile(`line \d+`).FindString(err.Error())
		return notJSONIn.err(line)
	}
	return checkNames(standard(j.root))
}

// standard returns the value as standard JSON; lines stay where they are.
func standard(v hujson.Value) []byte {
	v = v.Clone()
	v.Standardize()
	return v.Pack()
}

// checkNames finds a name that occurs twice in one object: it is not known which of the two
// a client uses.
func checkNames(text []byte) error {
	err := jsontext.NewDecoder(bytes.NewReader(text)).SkipValue()
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return notJSONIn.err(fmt.Sprintf("line %d", 1+bytes.Count(text[:min(int(syntax.ByteOffset), len(text))], []byte("\n"))))
	}
	return err
}

// find returns the value at a path of names, nil for none. Our names need no
// escapes.
func (j *jsonText) find(path ...string) *hujson.Value {
	return j.root.Find("/" + strings.Join(path, "/"))
}

// set sets the value at a path of names, and makes the objects on the way. If the value is
// there already, nothing changes.
func (j *jsonText) set(value any, path ...string) error {
	at := &j.root
	for i, name := range path {
		object, ok := at.Value.(*hujson.Object)
		if !ok {
			return notObject.err(strings.Join(path[:i], "."))
		}
		child := j.find(path[:i+1]...)
		if child == nil {
			for _, missing := range slices.Backward(path[i+1:]) {
				value = map[string]any{missing: value}
			}
			var last *hujson.Value
			if n := len(object.Members); n > 0 {
				last = &object.Members[n-1].Value
			}
			return j.insert(at, last, quoted(name)+": ", value)
		}
		at = child
	}
	if sameJSON(standard(*at), value) {
		return nil
	}
	written := j.written(value, j.indentation(at.StartOffset))
	j.text = slices.Concat(j.text[:at.StartOffset], written, j.text[at.EndOffset:])
	return j.reread()
}

// add puts an object at the end of the array of that name, unless one with the
// same id is there.
func (j *jsonText) add(name, id string, value any) error {
	at := j.find(name)
	if at == nil {
		return j.set([]any{value}, name)
	}
	array, ok := at.Value.(*hujson.Array)
	if !ok {
		return notList.err(name)
	}
	var last *hujson.Value
	for i := range array.Elements {
		last = &array.Elements[i]
		var known struct {
			ID any `json:"id"`
		}
		if json.Unmarshal(standard(*last), &known) == nil && known.ID == id {
			return nil
		}
	}
	return j.insert(at, last, "", value)
}

// insert writes a child after the last one of an object or array.
func (j *jsonText) insert(into, last *hujson.Value, label string, value any) error {
	outer := j.indentation(into.StartOffset)
	closing := into.EndOffset - 1
	before := len(bytes.TrimRight(j.text[:closing], " \t\r\n")) // comments included
	child := slices.Concat(j.lines("\n"+outer+j.inner+label), j.written(value, outer+j.inner))
	if !bytes.Contains(j.text[before:closing], []byte("\n")) {
		child = append(child, j.lines("\n"+outer)...)
	}
	j.text = slices.Concat(j.text[:before], child, j.text[before:])
	if last != nil && last.AfterExtra == nil { // otherwise there is a comma
		j.text = slices.Insert(j.text, last.EndOffset, ',')
	}
	return j.reread()
}

// indentation returns the white space at the beginning of the line of an offset.
func (j *jsonText) indentation(at int) string {
	line := j.text[bytes.LastIndexByte(j.text[:at], '\n')+1 : at]
	return string(line[:len(line)-len(bytes.TrimLeft(line, " \t"))])
}

func (j *jsonText) written(value any, indent string) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent(indent, j.inner)
	if err := e.Encode(value); err != nil {
		panic(err) // texts, lists and maps of them can be written
	}
	return j.lines(strings.TrimSpace(b.String()))
}

// lines end as those of the text do.
func (j *jsonText) lines(text string) []byte {
	return []byte(strings.ReplaceAll(text, "\n", lineEnd(j.text)))
}

// sameJSON reports whether a text of JSON means the value.
func sameJSON(text []byte, value any) bool {
	written, err := json.Marshal(value)
	var a, b any
	return err == nil && json.Unmarshal(text, &a) == nil && json.Unmarshal(written, &b) == nil && reflect.DeepEqual(a, b)
}
