package importers

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/asleep-mcp/asleep-mcp/asleep"
)

// A fixture is an export as a tracker writes it, made for these tests, and what must be
// read of it.
type fixture struct {
	tracker string
	zone    string // that is given
	files   map[string]string
	want    []string       // a line a session, see told
	codes   map[string]int // findings
}

// told is a session in one line: zone, clock times, and minutes of what is measured.
func told(s *asleep.Session) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s–%s bed %v", s.CreatedTimezone, local(s, s.Start), s.End.In(zoneOf(s.CreatedTimezone)).Format("15:04"), *s.Stat.TimeInBed/60)
	for _, one := range []struct {
		name string
		x    *float64
	}{
		{"asleep", s.Stat.TimeInSleep},
		{"light", s.Stat.TimeInLight},
		{"deep", s.Stat.TimeInDeep},
		{"rem", s.Stat.TimeInREM},
		{"waso", s.Stat.TimeInWake},
		{"latency", s.Stat.SleepLatency},
		{"snoring", s.Stat.TimeInSnoring},
	} {
		if one.x != nil {
			fmt.Fprintf(&b, " %s %v", one.name, *one.x/60)
		}
	}
	return b.String()
}

func appleRecords(lines ...string) string {
	var b strings.Builder
	b.WriteString("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!DOCTYPE HealthData [\n<!ELEMENT HealthData (ExportDate|Record)*>\n<!ATTLIST Record type CDATA #REQUIRED>\n]>\n<HealthData locale=\"fr_FR\">\n <ExportDate value=\"2026-07-01 09:00:00 +0200\"/>\n <!-- <Record> in a comment -->\n")
	b.WriteString(" <Record type=\"HKQuantityTypeIdentifierHeartRate\" sourceName=\"it's > a \" startDate=\"2026-03-28 22:00:00 +0200\" endDate=\"2026-03-28 22:00:01 +0200\" value=\"60\"/>\n")
	for _, line := range lines {
		f := strings.Split(line, "|")
		fmt.Fprintf(&b, " <Record type=\"HKCategoryTypeIdentifierSleepAnalysis\" sourceName=\"%s\" sourceVersion=\"%s\" device=\"&lt;&lt;HKDevice: 0x1&gt;, name:Watch, hardware:Watch7,4, software:26.1&gt;\" creationDate=\"%s\" startDate=\"%s\" endDate=\"%s\" value=\"HKCategoryValueSleepAnalysis%s\"", f[0], "26.1", f[3], f[2], f[3], f[1])
		if f[4] == "" {
			b.WriteString("/>\n")
		} else {
			fmt.Fprintf(&b, ">\n  <MetadataEntry key=\"HKTimeZone\" value=\"%s\"/>\n </Record>\n", f[4])
		}
	}
	b.WriteString("</HealthData>\n")
	return b.String()
}

// Every fixture has a night in which clocks go forward, one in which they go back, and one
// of somebody who travelled, as far as the format can tell.
var fixtures = map[string]fixture{
	"apple health": {
		tracker: "apple_health", zone: "Europe/Paris",
		files: map[string]string{"apple_health_export/exportation.xml": appleRecords(
			"Zoé’s Watch|InBed|2026-03-29 00:00:00 +0200|2026-03-29 08:00:00 +0200|",
			"Zoé’s Watch|AsleepCore|2026-03-29 00:30:00 +0200|2026-03-29 04:30:00 +0200|",
			"Zoé’s Watch|AsleepDeep|2026-03-29 04:30:00 +0200|2026-03-29 06:00:00 +0200|",
			"Zoé’s Watch|Awake|2026-03-29 06:00:00 +0200|2026-03-29 06:10:00 +0200|",
			"Zoé’s Watch|AsleepREM|2026-03-29 06:10:00 +0200|2026-03-29 07:40:00 +0200|",
			"Zoé’s Watch|AsleepCore|2025-10-26 00:30:00 +0200|2025-10-26 08:30:00 +0200|Europe/Paris",
			"Phone|AsleepUnspecified|2026-03-29 00:20:00 +0200|2026-03-29 07:50:00 +0200|",
			"Zoé’s Watch|AsleepCore|2026-05-01 14:00:00 +0200|2026-05-01 21:00:00 +0200|Asia/Tokyo",
		)},
		want: []string{
			"Europe/Paris 2025-10-26 00:30–07:30 bed 480 asleep 480 light 480 waso 0",
			"Europe/Paris 2026-03-28 23:00–08:00 bed 480 asleep 420 light 240 deep 90 rem 90 waso 10",
			"Europe/Paris 2026-03-28 23:20–07:50 bed 450 asleep 450",
			"Asia/Tokyo 2026-05-01 21:00–04:00 bed 420 asleep 420 light 420 waso 0",
		},
	},
	"oura": {
		tracker: "oura",
		files: map[string]string{"App Data/sleepmodel.csv": "id;day;type;bedtime_start;bedtime_end;total_sleep_duration;light_sleep_duration;deep_sleep_duration;rem_sleep_duration;awake_time;latency;sleep_phase_5_min;movement_30_sec\n" +
			"k1;2026-03-29;long_sleep;2026-03-28T23:30:00.000+01:00;2026-03-29T07:30:00.000+02:00;24000;12000;6000;6000;1200;600;44" + strings.Repeat("2", 40) + strings.Repeat("1", 20) + "4" + strings.Repeat("3", 20) + "4;null\n" +
			"k2;2025-10-26;long_sleep;2025-10-25T23:30:00.000+02:00;2025-10-26T06:30:00.000+01:00;27000;;;;1800;;;null\n" +
			"k3;2026-05-02;long_sleep;2026-05-01T22:00:00.000+09:00;2026-05-02T05:00:00.000+09:00;24600;;;;600;;;null\n" +
			"k4;2026-05-03;rest;2026-05-03T13:00:00.000+02:00;2026-05-03T14:00:00.000+02:00;;;;;;;;null\n"},
		want: []string{
			"Europe/Berlin 2025-10-25 23:30–06:30 bed 480 asleep 450",
			"Europe/Berlin 2026-03-28 23:30–07:30 bed 420 asleep 400 light 200 deep 100 rem 100 waso 5 latency 10",
			"UTC+09:00 2026-05-01 22:00–05:00 bed 420 asleep 410",
		},
		codes: map[string]int{"not_sleep": 1, "zone_fits": 2},
	},
	"oura, first API": {
		tracker: "oura",
		files: map[string]string{"oura_2020.json": `{"sleep":[
{"summary_date":"2020-03-28","period_id":0,"is_longest":1,"timezone":60,"bedtime_start":"2020-03-28T23:30:00+01:00","bedtime_end":"2020-03-29T07:30:00+02:00","total":24000,"duration":25200,"light":12000,"rem":6000,"deep":6000,"awake":1200,"onset_latency":600,"hypnogram_5min":"44` + strings.Repeat("2", 40) + strings.Repeat("1", 20) + "4" + strings.Repeat("3", 20) + `4"},
{"summary_date":"2020-10-24","is_longest":1,"bedtime_start":"2020-10-24T23:30:00+02:00","bedtime_end":"2020-10-25T06:30:00+01:00","total":27000,"light":15000,"rem":6000,"deep":6000,"awake":1800,"onset_latency":0},
{"summary_date":"2020-10-25","is_longest":0,"bedtime_start":"2020-10-25T13:00:00+01:00","bedtime_end":"2020-10-25T14:00:00+01:00","total":3000,"light":3000,"rem":0,"deep":0,"awake":600,"onset_latency":300}],
"activity":[{"summary_date":"2020-03-28","day_start":"2020-03-28T04:00:00+01:00"}]}`},
		want: []string{
			"Europe/Berlin 2020-03-28 23:30–07:30 bed 420 asleep 400 light 200 deep 100 rem 100 waso 5 latency 10",
			"Europe/Berlin 2020-10-24 23:30–06:30 bed 480 asleep 450 light 250 deep 100 rem 100 latency 0",
			"Europe/Berlin 2020-10-25 13:00–14:00 bed 60 asleep 50 light 50 deep 0 rem 0 latency 5",
		},
		codes: map[string]int{"zone_fits": 3},
	},
	"oura, trends": {
		tracker: "oura",
		files: map[string]string{"oura_2026_trends.csv": "date,Sleep Score,Total Bedtime,Total Sleep Time,Awake Time,REM Sleep Time,Light Sleep Time,Deep Sleep Time,Sleep Latency,Bedtime Start,Bedtime End,Steps\n" +
			"2026-03-29,80,25200,24000,1200,6000,12000,6000,600,2026-03-28T23:30:00+01:00,2026-03-29T07:30:00+02:00,4000\n" +
			"2025-10-26,70,28800,27000,1800,6000,15000,6000,300,2025-10-25T23:30:00+02:00,2025-10-26T06:30:00+01:00,4000\n" +
			"2025-10-27,,,,,,,,,,,9000\n" +
			"2026-05-02,70,25200,24600,600,6000,12600,6000,300,2026-05-01T22:00:00+09:00,2026-05-02T05:00:00+09:00,1\n"},
		want: []string{
			"Europe/Berlin 2025-10-25 23:30–06:30 bed 480 asleep 450 light 250 deep 100 rem 100 latency 5",
			"Europe/Berlin 2026-03-28 23:30–07:30 bed 420 asleep 400 light 200 deep 100 rem 100 latency 10",
			"UTC+09:00 2026-05-01 22:00–05:00 bed 420 asleep 410 light 210 deep 100 rem 100 latency 5",
		},
		codes: map[string]int{"no_times": 1, "zone_fits": 2},
	},
	"fitbit without a table of times": {
		tracker: "fitbit", zone: "America/New_York",
		files: map[string]string{"Takeout/Fitbit/Global Export Data/sleep-2026-03-01.json": `[
{"logId":1,"dateOfSleep":"2026-03-08","startTime":"2026-03-07T23:00:00.000","endTime":"2026-03-08T07:00:00.000","duration":25200000,"minutesToFallAsleep":0,"type":"stages","mainSleep":true,
 "levels":{"data":[{"dateTime":"2026-03-07T23:00:00.000","level":"light","seconds":14400},{"dateTime":"2026-03-08T03:00:00.000","level":"rem","seconds":10800}],"shortData":[{"dateTime":"2026-03-08T00:00:00.000","level":"wake","seconds":60}]}},
{"logId":2,"dateOfSleep":"2025-11-02","startTime":"2025-11-02T01:30:00.000","endTime":"2025-11-02T08:00:00.000","duration":27000000,"minutesToFallAsleep":5,"type":"classic",
 "levels":{"data":[{"dateTime":"2025-11-02T01:30:00.000","level":"restless","seconds":300},{"dateTime":"2025-11-02T01:35:00.000","level":"asleep","seconds":26700}]}},
{"logId":3,"dateOfSleep":"2025-11-02","startTime":"2025-11-02T15:00:00.000","endTime":"2025-11-02T15:30:00.000","duration":1800000,"type":"classic","levels":{"data":[{"dateTime":"2025-11-02T15:00:00.000","level":"asleep","seconds":1800}]}}]`},
		want: []string{
			"America/New_York 2025-11-02 01:30–08:00 bed 450 asleep 445 waso 0 latency 5",
			"America/New_York 2025-11-02 15:00–15:30 bed 30 asleep 30",
			"America/New_York 2026-03-07 23:00–07:00 bed 420 asleep 419 light 239 rem 180 waso 1",
		},
	},
	"fitbit with a table of times": {
		tracker: "fitbit",
		files: map[string]string{
			"Takeout/Fitbit/Global Export Data/sleep-2026-03-01.json": `[
{"logId":1,"dateOfSleep":"2026-03-29","startTime":"2026-03-28T23:00:00.000","endTime":"2026-03-29T06:00:00.000","duration":25200000,"type":"stages","mainSleep":true,"levels":{"data":[{"dateTime":"2026-03-28T23:00:00.000","level":"light","seconds":25200}]}}]`,
			"Takeout/Fitbit/Health Fitness Data_GoogleData/UserSleeps_2026-03-01.csv": "sleep_id,sleep_type,minutes_in_sleep_period,minutes_asleep,minutes_awake,minutes_to_fall_asleep,start_utc_offset,sleep_start,end_utc_offset,sleep_end,data_source,algorithm_version\n" +
				"71,STAGES,420,420,0,0,+01:00,2026-03-28T22:00:00Z,+02:00,2026-03-29T05:00:00Z,DERIVED,5\n" +
				"72,STAGES,420,400,20,0,+09:00,2026-05-01T13:00:00Z,+09:00,2026-05-01T20:00:00Z,DERIVED,5\n" +
				"73,STAGES,420,400,20,0,+02:00,2026-05-20T21:00:00Z,+02:00,2026-05-21T04:00:00Z,DERIVED,5\n" +
				"74,STAGES,480,450,20,0,+02:00,2025-10-25T21:00:00Z,+01:00,2025-10-26T05:00:00Z,DERIVED,5\n",
		},
		want: []string{
			"Europe/Berlin 2025-10-25 23:00–06:00 bed 480 asleep 450",
			"Europe/Berlin 2026-03-28 23:00–07:00 bed 420 asleep 420 light 420 waso 0",
			"UTC+09:00 2026-05-01 22:00–05:00 bed 420 asleep 400",
			"Europe/Berlin 2026-05-20 23:00–06:00 bed 420 asleep 400",
		},
		codes: map[string]int{"zone_fits": 3},
	},
	"fitbit with tables alone": {
		tracker: "fitbit",
		files: map[string]string{
			"Health Fitness Data_GoogleData/UserSleeps_2026-03-01.csv": "sleep_id,sleep_type,minutes_in_sleep_period,minutes_asleep,minutes_awake,minutes_to_fall_asleep,start_utc_offset,sleep_start,end_utc_offset,sleep_end,data_source,algorithm_version\n" +
				"71,STAGES,420,400,20,0,+01:00,2026-03-28T22:00:00Z,+02:00,2026-03-29T05:00:00Z,DERIVED,5\n" +
				"72,CLASSIC,480,450,30,0,+02:00,2025-10-25T21:00:00Z,+01:00,2025-10-26T05:00:00Z,DERIVED,5\n",
			"Health Fitness Data_GoogleData/UserSleepStages_2026-03-01.csv": "sleep_id,sleep_stage_id,sleep_stage_type,start_utc_offset,sleep_stage_start,end_utc_offset,sleep_stage_end,data_source,sleep_stage_created,sleep_stage_last_updated\n" +
				"71,3,REM,+02:00,2026-03-29T03:00:00Z,+02:00,2026-03-29T05:00:00Z,DERIVED,x,x\n" +
				"71,1,LIGHT,+01:00,2026-03-28T22:00:00Z,+02:00,2026-03-29T02:40:00Z,DERIVED,x,x\n" +
				"71,2,AWAKE,+02:00,2026-03-29T02:40:00Z,+02:00,2026-03-29T03:00:00Z,DERIVED,x,x\n" +
				"71,4,NAPPING,+02:00,2026-03-29T02:40:00Z,+02:00,2026-03-29T03:00:00Z,DERIVED,x,x\n" +
				"99,4,LIGHT,+02:00,2026-03-29T02:40:00Z,+02:00,2026-03-29T03:00:00Z,DERIVED,x,x\n",
		},
		want: []string{
			"Europe/Berlin 2025-10-25 23:00–06:00 bed 480 asleep 450",
			"Europe/Berlin 2026-03-28 23:00–07:00 bed 420 asleep 400 light 280 rem 120 waso 20",
		},
		codes: map[string]int{"unknown_stage": 1, "zone_fits": 2},
	},
	"fitbit, first API": {
		tracker: "fitbit", zone: "America/New_York",
		files: map[string]string{"2016-03-13.json": `{"sleep":[{"awakeCount":1,"dateOfSleep":"2016-03-13","duration":1200000,"endTime":"2016-03-13T15:20:00.000","isMainSleep":true,"logId":5,"minuteData":[` +
			strings.Repeat(`{"dateTime":"15:00:00","value":"3"},`, 2) + strings.Repeat(`{"dateTime":"15:02:00","value":"1"},`, 16) + `{"dateTime":"15:18:00","value":"2"},{"dateTime":"15:19:00","value":"7"}],"minutesAsleep":16,"minutesAwake":3,"startTime":"2016-03-13T15:00:00.000","timeInBed":20},
{"dateOfSleep":"2016-03-14","duration":28800000,"endTime":"2016-03-14T07:00:00.000","isMainSleep":true,"logId":6,"minutesAsleep":400,"minutesAwake":80,"startTime":"2016-03-13T23:00:00.000","timeInBed":480}],"summary":{"totalMinutesAsleep":16}}`},
		want: []string{
			"America/New_York 2016-03-13 15:00–15:20 bed 20 asleep 16 waso 0",
			"America/New_York 2016-03-13 23:00–07:00 bed 480 asleep 400",
		},
		codes: map[string]int{"unknown_stage": 1},
	},
	"fitbit, web site": {
		tracker: "fitbit", zone: "Europe/London",
		files: map[string]string{"fitbit_export_20260601.csv": "Body\nDate,Weight,BMI,Fat\n\"29-03-2026\",\"70\",\"22\",\"0\"\n\nSleep\n" +
			"Start Time,End Time,Minutes Asleep,Minutes Awake,Number of Awakenings,Time in Bed,Minutes REM Sleep,Minutes Light Sleep,Minutes Deep Sleep\n" +
			"\"01-04-2026 1:10AM\",\"01-04-2026 9:10AM\",\"450\",\"30\",\"12\",\"480\",\"N/A\",\"N/A\",\"N/A\"\n" +
			"\"28-03-2026 11:00PM\",\"29-03-2026 7:00AM\",\"400\",\"20\",\"12\",\"420\",\"100\",\"200\",\"100\"\n" +
			"\"25-10-2025 11:00PM\",\"26-10-2025 6:00AM\",\"450\",\"30\",\"0\",\"480\",\"0\",\"0\",\"0\"\n" +
			"\"24-10-2025 11:00PM\",\"25-10-2025 10:00PM\",\"1,360\",\"20\",\"0\",\"1,380\",\"0\",\"1,360\",\"0\"\n" +
			"\"31-03-2026 3:00PM\",\"31-03-2026 3:30PM\",\"0\",\"30\",\"0\",\"30\",\"0\",\"0\",\"0\"\n"},
		want: []string{
			"Europe/London 2025-10-24 23:00–22:00 bed 1380 asleep 1360 light 1360 deep 0 rem 0",
			"Europe/London 2025-10-25 23:00–06:00 bed 480 asleep 450",
			"Europe/London 2026-03-28 23:00–07:00 bed 420 asleep 400 light 200 deep 100 rem 100",
			"Europe/London 2026-04-01 01:10–09:10 bed 480 asleep 450",
		},
		codes: map[string]int{"no_numbers": 1},
	},
	"garmin": {
		tracker: "garmin", zone: "Australia/Sydney",
		files: map[string]string{"DI_CONNECT/DI-Connect-Wellness/2026-01-01_2026-04-10_1_sleepData.json": "\ufeff" + `[
{"sleepStartTimestampGMT":"2026-04-04T12:30:00.0","sleepEndTimestampGMT":"2026-04-04T20:30:00.0","calendarDate":"2026-04-05","sleepWindowConfirmationType":"AUTO_CONFIRMED_FINAL","deepSleepSeconds":5400,"lightSleepSeconds":18000,"remSleepSeconds":4200,"awakeSleepSeconds":1200},
{"sleepStartTimestampGMT":"2025-10-04T12:30:00.0","sleepEndTimestampGMT":"2025-10-04T20:30:00.0","calendarDate":"2025-10-05","sleepWindowConfirmationType":"SOMETHING_NEW","deepSleepSeconds":5400,"lightSleepSeconds":23400,"awakeSleepSeconds":0},
{"sleepStartTimestampGMT":"2026-05-01T12:30:00.0","sleepEndTimestampGMT":"2026-05-01T20:30:00.0","calendarDate":"2026-05-02","sleepWindowConfirmationType":"OFF_WRIST"},
{"sleepStartTimestampGMT":"2026-05-02T12:30:00.0","sleepEndTimestampGMT":"2026-05-02T20:30:00.0","calendarDate":"2026-05-03","sleepWindowConfirmationType":"AUTO_CONFIRMED"}]`},
		want: []string{
			"Australia/Sydney 2025-10-04 22:30–07:30 bed 480 asleep 480 light 390 deep 90 waso 0",
			"Australia/Sydney 2026-04-04 23:30–06:30 bed 480 asleep 460 light 300 deep 90 rem 70 waso 20",
		},
		codes: map[string]int{"not_worn": 1, "no_numbers": 1},
	},
	"whoop": {
		tracker: "whoop", zone: "Europe/London",
		files: map[string]string{"my_whoop_data/sleeps.csv": "Cycle start time,Cycle end time,Cycle timezone,Sleep onset,Wake onset,Sleep performance %,Asleep duration (min),In bed duration (min),Light sleep duration (min),Deep (SWS) duration (min),REM duration (min),Awake duration (min),Sleep consistency %,Nap\n" +
			"2026-06-01 23:00:00,,UTC-07:00,2026-06-01 23:00:00,2026-06-02 06:00:00,80,400,420,200,100,100,20,,false\n" +
			"2026-03-28 23:00:00,2026-03-29 23:00:00,UTCZ,2026-03-28 23:00:00,2026-03-29 06:00:00,80,400,420,200,100,101,20,70,false\n" +
			"2025-10-25 23:00:00,2025-10-26 23:00:00,UTC+01:00,2025-10-25 23:00:00,2025-10-26 07:00:00,80,450,480,250,100,100,30,70,false\n" +
			"2025-10-25 23:00:00,2025-10-26 23:00:00,UTC+01:00,2025-10-26 15:00:00,2025-10-26 15:40:00,80,35,40,35,0,0,5,70,true\n" +
			"2026-04-01 23:00:00,,UTC+01:00,2026-04-01 23:00:00,2026-04-02 06:00:00,80,400,440,200,100,100,40,,false\n"},
		want: []string{
			"Europe/London 2025-10-25 23:00–06:00 bed 480 asleep 450 light 250 deep 100 rem 100 waso 30",
			"Europe/London 2025-10-26 14:00–14:40 bed 40 asleep 35 light 35 deep 0 rem 0 waso 5",
			"Europe/London 2026-03-28 23:00–07:00 bed 420 asleep 401 light 200 deep 100 rem 101 waso 19",
			"Europe/London 2026-04-01 23:00–06:00 bed 420 asleep 400 light 200 deep 100 rem 100",
			"UTC-07:00 2026-06-01 23:00–06:00 bed 420 asleep 400 light 200 deep 100 rem 100 waso 20",
		},
		codes: map[string]int{"offset_lags": 1, "contradicts_itself": 1},
	},
	"garmin, a day a file": {
		tracker: "garmin",
		files: map[string]string{
			"2026-03-29.json": `{"dailySleepDTO":{"id":1774735200000,"calendarDate":"2026-03-29","sleepTimeSeconds":24000,"sleepWindowConfirmationType":"enhanced_confirmed_final","sleepStartTimestampGMT":1774735200000,"sleepEndTimestampGMT":1774760400000,"sleepStartTimestampLocal":1774738800000,"sleepEndTimestampLocal":1774767600000,"deepSleepSeconds":6000,"lightSleepSeconds":12000,"remSleepSeconds":6000,"awakeSleepSeconds":1200,"sleepScores":{"overall":{"value":81}}},
"dailyNapDTOS":[{"napTimeSec":1200,"napStartTimestampGMT":"2026-03-29T12:00:00","napEndTimestampGMT":"2026-03-29T12:20:00"}],"sleepLevels":[]}`,
			"2026-05-02.json": `[{"dailySleepDTO":{"calendarDate":"2026-05-02","sleepTimeSeconds":24000,"sleepStartTimestampGMT":1777640400000,"sleepEndTimestampGMT":1777665600000,"sleepStartTimestampLocal":1777672800000,"sleepEndTimestampLocal":1777698000000}},{"dailySleepDTO":{"calendarDate":"2026-05-03","sleepStartTimestampGMT":null,"sleepEndTimestampGMT":null}}]`,
		},
		want: []string{
			"Europe/Berlin 2026-03-28 23:00–07:00 bed 420 asleep 400 light 200 deep 100 rem 100 waso 20",
			"Europe/Berlin 2026-03-29 14:00–14:20 bed 20 asleep 20",
			"UTC+09:00 2026-05-01 22:00–05:00 bed 420 asleep 400",
		},
		codes: map[string]int{"no_times": 1, "zone_fits": 2},
	},
	"garmin, web site": {
		tracker: "garmin", zone: "America/New_York",
		files: map[string]string{"Sleep.csv": "\ufeffSleep Score 4 Weeks,Score,Resting Heart Rate,Quality,Duration,Sleep Need,Bedtime,Wake Time\n" +
			"\"Mar 8, 2026\",76,52,Good,6h 40min,8h 0min,11:00 PM,7:00 AM\n" +
			"2025-11-02,81,52,Good,7h 30min,8h 0min,00:30,7:30\n" +
			"2025-11-03,--,--,--,--,8h 0min,--,--\n"},
		want: []string{
			"America/New_York 2025-11-02 00:30–07:30 bed 480 asleep 450",
			"America/New_York 2026-03-07 23:00–07:00 bed 420 asleep 400",
		},
		codes: map[string]int{"no_numbers": 1},
	},
	"whoop, cycles beside the sleeps": {
		tracker: "whoop", zone: "Europe/London",
		files: map[string]string{
			"physiological_cycles.csv": "Cycle start time,Cycle end time,Cycle timezone,Recovery score %,Sleep onset,Wake onset,Asleep duration (min),In bed duration (min),Light sleep duration (min),Deep (SWS) duration (min),REM duration (min),Awake duration (min)\n" +
				"2026-06-01 23:00:00,,UTC+01:00,60,2026-06-01 23:00:00,2026-06-02 06:00:00,400,420,200,100,100,20\n",
			"sleeps.csv": "Cycle start time,Cycle end time,Cycle timezone,Sleep onset,Wake onset,Asleep duration (min),In bed duration (min),Light sleep duration (min),Deep (SWS) duration (min),REM duration (min),Awake duration (min),Nap\n" +
				"2026-06-01 23:00:00,,UTC+01:00,2026-06-01 23:00:00,2026-06-02 06:00:00,400,420,200,100,100,20,false\n",
		},
		want: []string{"Europe/London 2026-06-01 23:00–06:00 bed 420 asleep 400 light 200 deep 100 rem 100 waso 20"},
	},
	"whoop, cycles alone": {
		tracker: "whoop", zone: "Europe/London",
		files: map[string]string{"physiological_cycles.csv": "Cycle start time,Cycle end time,Cycle timezone,Recovery score %,Sleep onset,Wake onset,Asleep duration (min),In bed duration (min),Light sleep duration (min),Deep (SWS) duration (min),REM duration (min),Awake duration (min)\n" +
			"2026-06-01 23:00:00,,UTC+01:00,60,2026-06-01 23:00:00,2026-06-02 06:00:00,400,420,200,100,100,20\n"},
		want: []string{"Europe/London 2026-06-01 23:00–06:00 bed 420 asleep 400 light 200 deep 100 rem 100 waso 20"},
	},
	"whoop by law": {
		tracker: "whoop",
		files: map[string]string{"Health/sleeps.csv": "created_at,during,timezone_offset,is_nap,state,quality_duration,light_sleep_duration,slow_wave_sleep_duration,rem_sleep_duration,wake_duration\n" +
			`x,"['2026-03-28T23:00:00.000Z','2026-03-29T06:00:00.000Z')",-0400,False,complete,24000000,12000000,6000000,6000000,1200000` + "\n"},
		want: []string{"UTC-04:00 2026-03-28 19:00–02:00 bed 420 asleep 400 light 200 deep 100 rem 100 waso 20"},
	},
	"withings": {
		tracker: "withings",
		files: map[string]string{
			"sleep.csv": "du,au,\"léger (s)\",\"profond (s)\",\"rem (s)\",\"éveillé (s)\",Réveils,\"Duration to sleep (s)\",\"Duration to wake up (s)\",\"Snoring (s)\"\n" +
				"2026-03-28T23:00:00+01:00,2026-03-29T07:00:00+02:00,12000,6000,4800,2400,2,900,300,600\n" +
				"2025-10-25T23:00:00+02:00,2025-10-26T06:00:00+01:00,24000,3000,0,1800,2,600,0,0\n" +
				"2026-05-01T22:00:00+09:00,2026-05-02T05:00:00+09:00,18000,3000,3000,1200,2,600,0,0\n",
			"raw_bed_sleep-state.csv": "start,duration,value\n" +
				`2026-06-10T23:00:00+02:00,"[600,21600]","[0,1]"` + "\n" + // in no row of the table of sleeps
				`2026-03-28T22:30:00+01:00,"[1800,3600]","[0,2]"` + "\n",
		},
		want: []string{
			"Europe/Berlin 2025-10-25 23:00–06:00 bed 480 asleep 450 light 400 deep 50 rem 0 waso 20 latency 10 snoring 0",
			"Europe/Berlin 2026-03-28 23:00–07:00 bed 420 asleep 380 light 200 deep 100 rem 80 waso 20 latency 15 snoring 10",
			"UTC+09:00 2026-05-01 22:00–05:00 bed 420 asleep 400 light 300 deep 50 rem 50 waso 10 latency 10 snoring 0",
			"Europe/Berlin 2026-06-10 23:00–05:10 bed 370 asleep 360 light 360 waso 0",
		},
		codes: map[string]int{"zone_fits": 3},
	},
	"withings, an older device": {
		tracker: "withings",
		files: map[string]string{"sleep.csv": "desde,hasta,\"ligero (s)\",\"profundo (s)\",\"rem (s)\",\"despierto (s)\",Despertar,\"Duration to sleep (s)\",\"Duration to wake up (s)\",\"Snoring (s)\",\"Night events\",Notes\n" +
			"2018-03-24T23:00:00+01:00,2018-03-25T07:00:00+02:00,18000,6000,0,1200,2,600,0,0,\"{\"\"1\"\":[0,300]}\",\n" +
			"2018-03-26T23:00:00+02:00,2018-03-27T06:00:00+02:00,18000,6000,0,1200,2,600,0,0,,\n"},
		want: []string{
			"Europe/Berlin 2018-03-24 23:00–07:00 bed 420 asleep 400 light 300 deep 100 waso 10 latency 10",
			"Europe/Berlin 2018-03-26 23:00–06:00 bed 420 asleep 400 light 300 deep 100 waso 10 latency 10",
		},
		codes: map[string]int{"zone_fits": 2},
	},
	"withings minutes": {
		tracker: "withings",
		files: map[string]string{"raw_bed_sleep-state.csv": "start,duration,value\n" +
			`2025-10-26T02:30:00+01:00,"[3600,3600]","[1,3]"` + "\n" +
			`2025-10-26T00:30:00+02:00,"[600,6600,3600]","[0,1,2]"` + "\n" +
			`2025-10-26T00:30:00+02:00,"[600,6600,3600]","[0,1,2]"` + "\n" +
			`2026-01-01T00:30:00+02:00,"[600,600]","[0,0]"` + "\n"},
		want:  []string{"Europe/Berlin 2025-10-26 00:30–04:30 bed 300 asleep 290 light 170 deep 60 rem 60 waso 0"},
		codes: map[string]int{"duplicate": 1, "no_numbers": 1, "zone_fits": 1},
	},
	"sleep as android": {
		tracker: "sleep_as_android",
		files: map[string]string{"sleep-export.csv": "Id,Tz,From,To,Sched,Hours,Rating,Comment,Framerate,Snore,Noise,Cycles,DeepSleep,LenAdjust,Geo,\"0:30\",\"Event\",\"Event\",\"Event\",\"Event\",\"Event\"\n" +
			`"1774738800000","Europe/Paris","29. 03. 2026 0:00","29. 03. 2026 8:00","29. 03. 2026 8:00","7.000","3.5","a ""b"" #work","1","-1","-1.0","3","0.3","0","","0.5","LIGHT_START-1774738800000","LIGHT_END-1774753200000","DHA-1774738800000--9.4E-38","DEEP_START-1774753200000","DEEP_END-1774760400000"` + "\n" +
			`"","","","","","","","","","","","","","","","0.1"` + "\n" +
			"Id,Tz,From,To,Sched,Hours,Rating,Comment,Framerate,Snore,Noise,Cycles\n" +
			`"1761431400000","Europe/London","25. 10. 2025 23:30","26. 10. 2025 7:30","26. 10. 2025 7:30","9,000","0.0","Manually added","1","-1","-1.0","-1"` + "\n" +
			"Id,Tz,From,To,Sched,Hours,Rating,Comment,Framerate,Snore,Noise,Cycles,DeepSleep,LenAdjust\n" +
			`"1777640400000","Asia/Tokyo","01. 05. 2026 22:00","02. 05. 2026 5:00","","7.000","0.0","","1","-1","-1.0","-1","-1","-30"` + "\n" +
			`"1777640400001","XXX/YYY","01. 05. 2026 22:00","02. 05. 2026 5:00","","7.000","0.0","","1","-1","-1.0","-1","-1","0"` + "\n"},
		want: []string{
			"Europe/London 2025-10-25 23:30–07:30 bed 540 asleep 540",
			"Europe/Paris 2026-03-29 00:00–08:00 bed 420 asleep 360 light 240 deep 120 waso 0",
			"Asia/Tokyo 2026-05-01 22:00–05:00 bed 420 asleep 390",
		},
		codes: map[string]int{"unknown_zone": 1},
	},
	"sleep cycle": {
		tracker: "sleep_cycle", zone: "Europe/Paris",
		files: map[string]string{"sleepdata.csv": "Start;End;Sleep Quality;Regularity;Time in bed (seconds);Time asleep (seconds);Time before sleep (seconds);Did snore;Snore time;Weather temperature (°C);Notes\r\n" +
			"2026-03-28 23:00:00;2026-03-29 07:00:00;84%;90%;25200.0;24000.0;600.0;true;120.0;9.0;a \"b\" c\r\n" +
			"2025-10-25 23:00:00;2025-10-26 06:00:00;84%;90%;28800.0;24000.0;0.0;false;0.0;9.0;\r\r\n" +
			"2026-05-01 23:00:00;2026-05-02 06:00:00;84%;90%;0.0;0.0;0.0;true;0.0;9.0;\r\n" +
			"2026-03-29 02:30:00;2026-03-29 02:50:00;84%;90%;1200;1200;0.0;true;0.0;9.0;\r\n"},
		want: []string{
			"Europe/Paris 2025-10-25 23:00–06:00 bed 480 asleep 400 snoring 0",
			"Europe/Paris 2026-03-28 23:00–07:00 bed 420 asleep 400 latency 10 snoring 2",
			"Europe/Paris 2026-05-01 23:00–06:00 bed 420",
		},
		codes: map[string]int{"skipped_hour": 1, "time_in_bed_only": 1, "overlap": 1},
	},
	"sleep cycle, older": {
		tracker: "sleep_cycle", zone: "Europe/Paris",
		files: map[string]string{"sleepdata.csv": "Start;End;Sleep quality;Time in bed;Wake up;Sleep Notes\n2014-03-29 23:00:00;2014-03-30 07:00:00;82%;7:00;:);Coffee:Tea\n2014-03-30 23:00:00;2014-03-31 07:00:00;82;8:00;;\n"},
		want:  []string{"Europe/Paris 2014-03-29 23:00–07:00 bed 420"},
		codes: map[string]int{"unreadable": 1, "time_in_bed_only": 1},
	},
	"sleep cycle, newer": {
		tracker: "sleep_cycle", zone: "America/Denver",
		files: map[string]string{"sleepdata.csv": "Start;End;Sleep Quality;Regularity;Awake (seconds);Dream (seconds);Light (seconds);Deep (seconds);Mood;Time in bed(seconds);Time asleep (seconds);Time before sleep (seconds);Snore time (seconds);Notes\n" +
			"2026-03-07 23:00:00;2026-03-08 07:00:00;84%;—;1200;6000;12000;6000;Good;25200;24000;600;60;;\n" +
			"2025-11-01 23:00:00;2025-11-02 06:00:00;84%;—;0;0;0;0;Good;28800;24000;600;0;;\n"},
		want: []string{
			"America/Denver 2025-11-01 23:00–06:00 bed 480 asleep 400 latency 10 snoring 0",
			"America/Denver 2026-03-07 23:00–07:00 bed 420 asleep 400 light 200 deep 100 rem 100 latency 10 snoring 1",
		},
	},
	"samsung health, before": {
		tracker: "samsung_health", zone: "Europe/Rome",
		files: map[string]string{
			"com.samsung.health.sleep.20180101000000.csv":       "com.samsung.health.sleep,10006,3\nstart_time,end_time,time_offset,datauuid,pkg_name\n2017-10-28 21:00:00.000,2017-10-29 05:00:00.000,UTC+0200,v1,com.sec.android.app.shealth,\n",
			"com.samsung.health.sleep_stage.20180101000000.csv": "com.samsung.health.sleep_stage,10006,3\nstart_time,end_time,stage,sleep_id\n2017-10-28 21:00:00.000,2017-10-29 05:00:00.000,40002,v1,\n",
		},
		want: []string{"Europe/Rome 2017-10-28 23:00–06:00 bed 480 asleep 480 light 480 waso 0"},
	},
	"samsung health": {
		tracker: "samsung_health", zone: "Asia/Seoul",
		files: map[string]string{
			"samsunghealth_a_1/com.samsung.shealth.sleep.20260101000000.csv": "com.samsung.shealth.sleep,1,1\nstart_time,end_time,time_offset\n2025-01-01 00:00:00.000,2025-01-01 07:00:00.000,UTC+0900,\n",
			"samsunghealth_a_1/com.samsung.shealth.sleep.20260601000000.csv": "\ufeffcom.samsung.shealth.sleep,1,1\r\ncombined_id,com.samsung.health.sleep.time_offset,com.samsung.health.sleep.start_time,com.samsung.health.sleep.end_time,com.samsung.health.sleep.pkg_name,com.samsung.health.sleep.datauuid,com.samsung.health.sleep.update_time,sleep_latency\r\n" +
				",UTC+0100,2026-03-28 22:30:00.000,2026-03-29 05:30:00.000,com.sec.android.app.shealth,u1,2026-03-29 06:00:00.000,600000,\r\n" +
				",UTC+0200,2025-10-25 21:30:00.000,2025-10-26 05:30:00.000,com.sec.android.app.shealth,u2,,,\r\n" +
				"c9,UTC+0900,1777640400000,1777651200000,com.sec.android.app.shealth,u3,,,\r\n" +
				"c9,UTC+0900,1777654800000,1777665600000,com.sec.android.app.shealth,u4,,,\r\n" +
				",,,,,,,,\r\n",
			"samsunghealth_a_1/com.samsung.health.sleep_stage.20260601000000.csv": "com.samsung.health.sleep_stage,1,1\nstart_time,sleep_id,stage,time_offset,end_time,datauuid\n" +
				"2026-03-28 22:30:00.000,u1,40001,UTC+0100,2026-03-28 22:40:00.000,s1,\n" +
				"2026-03-28 22:40:00.000,u1,40002,UTC+0100,2026-03-29 03:40:00.000,s2,\n" +
				"2026-03-29 03:40:00.000,u1,40004,UTC+0100,2026-03-29 05:30:00.000,s3,\n" +
				"2026-05-01 13:00:00.000,u3,40002,UTC+0900,2026-05-01 16:00:00.000,s4,\n" +
				"2026-05-01 17:00:00.000,u4,40003,UTC+0900,2026-05-01 20:00:00.000,s5,\n" +
				"2026-05-01 17:00:00.000,u4,40009,UTC+0900,2026-05-01 20:00:00.000,s6,\n",
		},
		want: []string{
			"UTC+02:00 2025-10-25 23:30–07:30 bed 480",
			"UTC+01:00 2026-03-28 23:30–06:30 bed 420 asleep 410 light 300 rem 110 waso 0 latency 10",
			"Asia/Seoul 2026-05-01 22:00–05:00 bed 420 asleep 360 light 180 deep 180 waso 60",
		},
		codes: map[string]int{"other_layout": 1, "unknown_stage": 1, "time_in_bed_only": 1},
	},
	"plain": {
		tracker: "csv", zone: "America/Chicago",
		files: map[string]string{"nights.csv": "id,bed_start,bed_end,asleep_minutes,light_minutes,deep_minutes,rem_minutes,awake_minutes,latency_minutes,snoring_minutes,zone,source,nap\n" +
			"1,2026-03-07T23:00,2026-03-08T07:00,400,200,100,100,10,10,5,,mat,false\n" +
			"2,2025-11-01T23:00-05:00,2025-11-02T06:00-06:00,450,,,,,,,,mat,\n" +
			"3,2026-05-01 22:00:00,2026-05-02 05:00:00,6:30,,,,,,,Asia/Tokyo,mat,\n"},
		want: []string{
			"America/Chicago 2025-11-01 23:00–06:00 bed 480 asleep 450",
			"America/Chicago 2026-03-07 23:00–07:00 bed 420 asleep 400 light 200 deep 100 rem 100 waso 10 latency 10 snoring 5",
			"Asia/Tokyo 2026-05-01 22:00–05:00 bed 420 asleep 390",
		},
	},
	"plain, in another language": {
		tracker: "csv", zone: "Europe/Berlin",
		files: map[string]string{"bed_start bed_end.csv": "wake_date;bed_start;bed_end;Schlafdauer (h)\r29/03/2026;11:00 PM;7:00 am;6,5\r30/03/2026;00:30;07:00;6:00\r"},
		want: []string{
			"Europe/Berlin 2026-03-28 23:00–07:00 bed 420 asleep 390",
			"Europe/Berlin 2026-03-30 00:30–07:00 bed 390 asleep 360",
		},
	},
}

func TestFormats(t *testing.T) {
	t.Parallel()
	for name, f := range fixtures {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := Options{}
			if f.zone != "" {
				o.Zone = zoneOf(f.zone)
			}
			r := readOne(t, folder(t, f.files), f.tracker, o)
			var got []string
			for i := range r.Sessions {
				got = append(got, told(&r.Sessions[i]))
			}
			assert.Equal(t, f.want, got)
			if f.codes == nil {
				f.codes = map[string]int{}
			}
			assert.Equal(t, f.codes, codesOf(r))
			holds(t, r)

			again := readOne(t, folder(t, f.files), f.tracker, o)
			assert.Equal(t, r, again, "a second reading is the same")
		})
	}
}

// holds checks what every session promises.
func holds(t testing.TB, r *Result) {
	t.Helper()
	ids := map[string]bool{}
	for i := range r.Sessions {
		s := &r.Sessions[i]
		require.NoError(t, asleep.CheckSessionID(s.ID))
		require.False(t, ids[s.ID], "an id is there twice")
		ids[s.ID] = true
		require.NotNil(t, zoneOf(s.CreatedTimezone), s.CreatedTimezone)
		require.True(t, s.End.After(s.Start))
		require.Less(t, s.End.Sub(s.Start), longest)
		require.False(t, s.Start.After(testNow))
		st := s.Stat
		require.InDelta(t, s.End.Sub(s.Start).Seconds(), *st.TimeInBed, 0.001)
		if st.TimeInSleep == nil {
			require.Nil(t, st.SleepTime)
			require.Nil(t, st.TimeInWake)
			continue
		}
		require.Positive(t, *st.TimeInSleep)
		require.False(t, st.SleepTime.Before(s.Start), "sleep before the start")
		require.False(t, st.WakeTime.After(*s.End), "sleep after the end")
		require.LessOrEqual(t, *st.TimeInSleep, st.WakeTime.Sub(*st.SleepTime).Seconds()+slack.Seconds())
		if st.TimeInLight != nil && st.TimeInDeep != nil && st.TimeInREM != nil {
			require.InDelta(t, *st.TimeInSleep, *st.TimeInLight+*st.TimeInDeep+*st.TimeInREM, slack.Seconds()+1)
		}
		require.LessOrEqual(t, len(s.SleepStages), int(longest/epoch))
	}
}

// The fixtures cover every format.
func TestEveryFormatHasAFixture(t *testing.T) {
	t.Parallel()
	covered := map[string]bool{}
	for _, f := range fixtures {
		covered[f.tracker] = true
	}
	for _, one := range formats {
		assert.True(t, covered[one.tracker], one.title)
	}
}

// Files written with other encodings and ends of lines say the same.
func TestEncodings(t *testing.T) {
	t.Parallel()
	for name, f := range fixtures {
		for encoding, encode := range map[string]func(string) string{
			"UTF-16LE": func(s string) string { return utf16Text(s, false, true) }, "UTF-16BE": func(s string) string { return utf16Text(s, true, true) },
			"UTF-16LE without a mark": func(s string) string { return utf16Text(s, false, false) }, "with a mark": func(s string) string { return "\ufeff" + strings.TrimPrefix(s, "\ufeff") },
			"CRLF": func(s string) string { return strings.ReplaceAll(strings.ReplaceAll(s, "\r", ""), "\n", "\r\n") },
		} {
			if encoding == "CRLF" && strings.HasPrefix(name, "plain, in") {
				continue // its lines end in CR alone
			}
			t.Run(name+" in "+encoding, func(t *testing.T) {
				t.Parallel()
				files := map[string]string{}
				for path, text := range f.files {
					files[path] = encode(text)
				}
				o := Options{}
				if f.zone != "" {
					o.Zone = zoneOf(f.zone)
				}
				r := readOne(t, folder(t, files), f.tracker, o)
				assert.Len(t, r.Sessions, len(f.want))
			})
		}
	}
}

func utf16Text(s string, big, mark bool) string {
	var b strings.Builder
	write := func(r rune) {
		if big {
			b.WriteByte(byte(r >> 8))
			b.WriteByte(byte(r))
		} else {
			b.WriteByte(byte(r))
			b.WriteByte(byte(r >> 8))
		}
	}
	if mark {
		write(0xFEFF)
	}
	for _, r := range strings.TrimPrefix(s, "\ufeff") {
		write(r)
	}
	return b.String()
}

// A zone is asked for exactly where the file tells none.
func TestZonesAreAskedFor(t *testing.T) {
	t.Parallel()
	for name, f := range fixtures {
		if f.zone == "" {
			continue
		}
		exports, err := folder(t, f.files).Detect(t.Context())
		require.NoError(t, err)
		_, err = exports[0].Nights(t.Context(), Options{Now: testNow})
		needs := !slices.Contains([]string{"whoop", "samsung_health"}, f.tracker)
		if needs {
			var zone *ZoneError
			require.ErrorAs(t, err, &zone, name)
			assert.Contains(t, err.Error(), "--timezone")
			assert.Contains(t, slices.Collect(maps.Keys(f.files)), zone.File)
		} else {
			require.NoError(t, err, name)
		}
	}
}

// What lies ahead is refused, whatever the format.
func TestFutureNights(t *testing.T) {
	t.Parallel()
	for name, f := range fixtures {
		exports, err := folder(t, f.files).Detect(t.Context())
		require.NoError(t, err)
		r, err := exports[0].Nights(t.Context(), Options{Now: time.Date(2010, 1, 1, 0, 0, 0, 0, time.UTC), Zone: time.UTC})
		require.NoError(t, err, name)
		assert.Empty(t, r.Sessions, name)
		assert.Positive(t, codesOf(r)["future"], name)
	}
}
