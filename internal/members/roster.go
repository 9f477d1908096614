package members

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/asleep-mcp/asleep-mcp/asleep"
	"github.com/asleep-mcp/asleep-mcp/internal/directory"
)

// Row is one person of a roster: a member to be added, and their login if the roster
// names it.
type Row struct {
	Line int // of the file, from 1
	Addition
	Login directory.Login // the zero value: none
}

// Refused is a line of a roster that cannot be used, or a person who could not be added.
type Refused struct {
	Line int
	Err  error
}

func (r Refused) Error() string { return fmt.Sprintf("line %d: %v", r.Line, r.Err) }

// Columns are those that a roster may have, in any order and in any case. Only email is
// needed. issuer and subject go together.
var Columns = []string{"email", "user_id", "role", "birth_year", "gender", "issuer", "subject"}

// LongestRoster is the number of people that a roster may have.
const LongestRoster = 100_000

// ReadRoster reads the members of an organization from a CSV file in UTF-8, whose first
// line names the columns, separated by commas, semicolons or tabs. Lines that cannot be
// used are returned beside the rows; the error means that the file as a whole cannot be.
func ReadRoster(r io.Reader, organization string) ([]Row, []Refused, error) {
	lines, columns, err := readHeader(r)
	if err != nil {
		return nil, nil, err
	}
	var (
		rows    []Row
		refused []Refused
		seen    = map[string]int{}
	)
	for {
		cells, err := lines.Read()
		if errors.Is(err, io.EOF) {
			return rows, refused, nil
		}
		line := 0
		if len(cells) > 0 {
			line, _ = lines.FieldPos(0)
			if !slices.ContainsFunc(cells, func(cell string) bool { return strings.TrimSpace(cell) != "" }) {
				continue // an empty line of a spreadsheet
			}
		}
		if wrong, ok := errors.AsType[*csv.ParseError](err); ok {
			line = wrong.StartLine
			if !errors.Is(err, csv.ErrFieldCount) {
				return nil, nil, fmt.Errorf("line %d is not CSV: %w", line, wrong.Err)
			}
			err = fmt.Errorf("it has %d cells and the first line has %d", len(cells), len(columns))
		}
		var row Row
		if err == nil {
			row, err = readRow(columns, cells, organization)
		}
		if earlier := seen[strings.ToLower(row.Email)]; err == nil && earlier > 0 {
			err = fmt.Errorf("the e-mail is in line %d too", earlier)
		}
		if err != nil {
			refused = append(refused, Refused{line, err})
			continue
		}
		if len(rows) == LongestRoster {
			return nil, nil, fmt.Errorf("there are more than %d people; split the file", LongestRoster)
		}
		row.Line = line
		seen[strings.ToLower(row.Email)] = line
		rows = append(rows, row)
	}
}

// readHeader returns what follows the first line, and the columns that it names.
func readHeader(r io.Reader) (*csv.Reader, []string, error) {
	buffered := bufio.NewReaderSize(transform.NewReader(r, unicode.BOMOverride(encoding.Nop.NewDecoder())), 4<<10) // spreadsheets write UTF-16, too
	start, _ := buffered.Peek(4 << 10)                                                                             // fewer bytes are a short file
	first, _, _ := bytes.Cut(start, []byte("\n"))
	lines := csv.NewReader(buffered)
	for _, separator := range ";\t" {
		if bytes.Count(first, []byte(string(separator))) > bytes.Count(first, []byte(string(lines.Comma))) {
			lines.Comma = separator
		}
	}
	lines.TrimLeadingSpace = lines.Comma != '\t'
	columns, err := lines.Read()
	if errors.Is(err, io.EOF) {
		return nil, nil, errors.New("the file is empty")
	}
	if err != nil {
		return nil, nil, fmt.Errorf("the first line is not CSV: %w", err)
	}
	for i, name := range columns {
		columns[i] = strings.ToLower(strings.TrimSpace(name))
		if !slices.Contains(Columns, columns[i]) {
			return nil, nil, fmt.Errorf("column %d is called %.40q; the columns are %s", i+1, name, strings.Join(Columns, ", "))
		}
		if slices.Contains(columns[:i], columns[i]) {
			return nil, nil, fmt.Errorf("there are two columns %s", columns[i])
		}
	}
	if !slices.Contains(columns, "email") {
		return nil, nil, errors.New("there is no column email; the first line must name the columns")
	}
	return lines, columns, nil
}

// readRow reads one line, and checks what can be checked without asking anybody.
func readRow(columns, cells []string, organization string) (Row, error) {
	row := Row{Addition: Addition{Organization: organization}}
	for i, name := range columns {
		cell := strings.TrimSpace(cells[i])
		switch name {
		case "email":
			row.Email = cell
		case "user_id":
			row.UserID = cell
		case "role":
			row.Role = directory.Role(strings.ToLower(cell))
		case "gender":
			row.Metadata.Gender = strings.ToLower(cell)
		case "issuer":
			row.Login.Issuer = cell
		case "subject":
			row.Login.Subject = cell
		case "birth_year":
			year, err := strconv.Atoi(cell)
			if cell != "" && err != nil {
				return row, errors.New("birth_year must be a year, such as 1985")
			}
			row.Metadata.BirthYear = year
		}
	}
	return row, row.check()
}

func (row Row) check() error {
	if (row.Login.Issuer == "") != (row.Login.Subject == "") {
		return errors.New("issuer and subject go together")
	}
	if row.UserID != "" && asleep.CheckUserID(row.UserID) != nil {
		return errors.New("user_id must be 1 to 128 letters, digits, hyphens and underscores")
	}
	return directory.CheckMember(directory.Member{Organization: row.Organization, Email: row.Email, Role: row.Role, Metadata: row.Metadata})
}
