package asleep

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Names that are sent fill the memory no more than there are zones.
func TestSpellingsAreNotKept(t *testing.T) {
	t.Parallel()
	for _, sent := range []string{"europe/Riga", "EUROPE/riga", "eUROPE/rIGA"} {
		_, ok := Zone(sent)
		require.True(t, ok)
		_, kept := zones.Load(sent)
		assert.False(t, kept, sent)
	}
}

func TestZone(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"UTC", "Europe/Paris", "America/Argentina/Buenos_Aires", "CET", "Etc/GMT+2"} {
		for range 2 { // read, then kept
			zone, ok := Zone(name)
			require.True(t, ok, name)
			assert.Equal(t, name, zone.String())
		}
	}
	for sent, name := range map[string]string{
		"asia/seoul": "Asia/Seoul", "AMERICA/NEW_YORK": "America/New_York", "america/port-au-prince": "America/Port-au-Prince",
		"africa/dar_ES_salaam": "Africa/Dar_es_Salaam", "utc": "UTC", "est5edt": "EST5EDT", "etc/greenwich": "Etc/Greenwich",
		"america/argentina/buenos_aires": "America/Argentina/Buenos_Aires",
	} {
		zone, ok := Zone(sent)
		require.True(t, ok, sent)
		assert.Equal(t, name, zone.String())
	}
	for _, name := range []string{
		"", "Local", "LOCAL", "localtime", "Localtime", "Paris", "GMT+2", "+02:00", "Europe/./Paris", "Europe//Paris", "./UTC", "Europe/Paris/",
		"../etc/passwd", "/etc/localtime", "Mars/Base", "Europe/Paris\x00", strings.Repeat("a", 65),
	} {
		_, ok := Zone(name)
		assert.False(t, ok, "%q", name)
	}
}

func TestFixedZones(t *testing.T) {
	t.Parallel()
	for offset, want := range map[int]string{0: "UTC+00:00", 7200: "UTC+02:00", -12600: "UTC-03:30", 20700: "UTC+05:45", 50400: "UTC+14:00", 50460: "", -50460: "", 30: ""} {
		name := Fixed(offset)
		assert.Equal(t, want, name)
		zone, found := Zone(name)
		require.Equal(t, want != "", found, offset)
		if found {
			_, is := time.Unix(0, 0).In(zone).Zone()
			assert.Equal(t, offset, is)
			assert.Equal(t, name, zone.String())
		}
	}
	for _, name := range []string{"UTC+2", "UTC+0200", "UTC-00:00", "UTC+14:01", "UTC+02:60", "UTC02:00"} {
		_, found := Zone(name)
		assert.False(t, found, name)
	}
}
