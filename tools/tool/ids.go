package tool

import (
	"time"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// ZoneNamed finds an IANA zone by its name; see [asleep.Zone].
func ZoneNamed(name string) (*time.Location, bool) { return asleep.Zone(name) }

// IsUserID reports whether an id has the form of an Asleep user's.
func IsUserID(id string) bool { return asleep.CheckUserID(id) == nil }

// NameReceived adds the id that was sent to an error about its form.
func NameReceived(err error, id string) error {
	if asleep.CodeOf(err) != asleep.BadID {
		return err
	}
	if id == "" {
		return Mistake(`The server's own user id (ASLEEP_USER_ID) is not of the expected form: 1 to 128 letters, digits, "-" or "_". Fix the setting, or give %s.`, Argument("user_id"))
	}
	return Mistake(`%s must be 1 to 128 letters, digits, "-" or "_", received %s. For example %s.`, Argument("user_id"), ReceivedText(id), ExampleOf("user_id"))
}

// AskedZone reads a timezone argument; "" gives nil.
func AskedZone(name string) (*time.Location, error) {
	if name == "" {
		return nil, nil
	}
	z, ok := ZoneNamed(name)
	if !ok {
		return nil, Mistake(`%s must be an IANA zone, received %s. For example %s, %s or %s.`, Argument("timezone"), ReceivedText(name),
			ExampleOf("timezone"), ExampleWith("timezone", "America/New_York"), ExampleWith("timezone", "UTC"))
	}
	return z, nil
}

// CheckSessionID refuses a malformed id; "" means that none was given.
func CheckSessionID(id string) error {
	if id == "" || asleep.CheckSessionID(id) == nil {
		return nil
	}
	return Mistake(`%s must be 14 digits, usually followed by "_" and five letters or digits, received %s. For example %s. The ids are in the answers of list_sessions.`,
		Argument("session_id"), ReceivedText(id), ExampleOf("session_id"))
}
