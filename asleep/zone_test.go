package asleep

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestZone(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"UTC", "Europe/Paris", "America/Argentina/Buenos_Aires", "CET", "Etc/GMT+2"} {
		for range 2 { // read, then kept
			zone, ok := Zone(name)
			require.True(t, ok, name)
			assert.Equal(t, name, zone.String())
		}
	}
	for _, name := range []string{
		"", "Local", "LOCAL", "localtime", "Localtime", "Paris", "GMT+2", "+02:00", "Europe/./Paris", "Europe//Paris", "./UTC", "Europe/Paris/",
		"../etc/passwd", "/etc/localtime", "Mars/Base", "Europe/Paris\x00", strings.Repeat("a", 65),
	} {
		_, ok := Zone(name)
		assert.False(t, ok, "%q", name)
	}
}
