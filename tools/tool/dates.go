package tool

import (
	"time"

	"cloud.google.com/go/civil"
)

// ParseDate reads a date whose form the schema has checked; "" gives nil.
func ParseDate(s string) *civil.Date {
	d, err := civil.ParseDate(s)
	if err != nil {
		return nil
	}
	return &d
}

// Instant writes t with the offset of zone.
func Instant(t time.Time, zone *time.Location) string {
	return t.In(zone).Format(time.RFC3339)
}
