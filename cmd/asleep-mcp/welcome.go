package main

import (
	"io"
)

// welcome is for people who type the program's name into a terminal, where a server would
// wait for messages without a word.
const welcome = `asleep-mcp answers questions about sleep. AI assistants start it and talk to it
over MCP; you can also ask from here:

  asleep-mcp last-night --demo      last night of a made-up sleeper
  asleep-mcp week --demo            and their last seven nights
  asleep-mcp setup claude-desktop   add it to an assistant (setup --help)
  asleep-mcp doctor                 check settings, key and connection
  asleep-mcp --help                 everything else

For your own nights, set ASLEEP_API_KEY and ASLEEP_USER_ID and leave out --demo.
To serve MCP in this terminal anyway: asleep-mcp stdio
`

func (p *program) welcome() error {
	_, err := io.WriteString(p.stdout, welcome)
	return err
}
