package cohort

import (
	"os"
	"testing"

	"github.com/asleep-mcp/asleep-mcp/internal/directory/postgrestest"
)

func TestMain(m *testing.M) { os.Exit(postgrestest.Tests{M: m}.Run()) }
