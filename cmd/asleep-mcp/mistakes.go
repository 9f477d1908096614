package main

import (
	"errors"
	"fmt"
)

// mistakes gathers what is wrong, each with the names of its flag and variable.
type mistakes struct{ found []error }

// err returns all of them, or nil.
func (m *mistakes) err() error {
	if err := errors.Join(m.found...); err != nil {
		return usageError{fmt.Errorf("the settings are wrong:\n%w", err)}
	}
	return nil
}

func (m *mistakes) add(names, format string, args ...any) {
	m.found = append(m.found, fmt.Errorf(names+": "+format, args...))
}
