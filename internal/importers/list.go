package importers

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// eachOf calls a function with every element of a JSON list, or of the list that is
// the member of that name of an object; without a name, an object is the only element. An
// element that has other types than T is counted.
func eachOf[T any](ctx context.Context, s *sink, f file, member string, each func(where string, one *T) error) error {
	text, err := f.text(ctx, false, s.progress)
	if err != nil {
		return err
	}
	defer text.Close()
	d := json.NewDecoder(text)
	n := 0
	broken := func(err error) error {
		where := ""
		if n > 0 {
			where = fmt.Sprintf("record %d", n)
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			err = errors.New("the file ends too early, so it was cut off: export it again")
		}
		return &fault{file: f.name, where: where, err: err}
	}
	start, _ := text.Peek(headBytes)
	alone := member == "" && bytes.HasPrefix(bytes.TrimSpace(start), []byte("{"))
	if !alone {
		if err := toList(d, member); err != nil {
			return broken(err)
		}
	}
	for alone && n == 0 || !alone && d.More() {
		text.next()
		n++
		where := fmt.Sprintf("record %d", n)
		var one T
		if err := d.Decode(&one); err != nil {
			wrong, ok := errors.AsType[*json.UnmarshalTypeError](err)
			if !ok {
				return broken(err)
			}
			s.refuse(f, where, unreadable, wrong.Field)
			continue
		}
		if err := each(where, &one); err != nil {
			return err
		}
	}
	if _, err := d.Token(); err != nil && (!alone || !errors.Is(err, io.EOF)) {
		return broken(err)
	}
	return nil
}

// toList reads up to the first element of the list.
func toList(d *json.Decoder, member string) error {
	token, err := d.Token()
	if err != nil {
		return err
	}
	if token == json.Delim('[') {
		return nil
	}
	if token != json.Delim('{') || member == "" {
		return errors.New("it is not a list of records")
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			return err
		}
		if name == member {
			token, err := d.Token()
			if err == nil && token != json.Delim('[') {
				err = fmt.Errorf("%s is not a list of records", member)
			}
			return err
		}
		var skipped json.RawMessage
		if err := d.Decode(&skipped); err != nil {
			return err
		}
	}
	return fmt.Errorf("it has no %s", member)
}
