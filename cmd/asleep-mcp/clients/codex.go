package clients

import (
	"github.com/pelletier/go-toml/v2"
)

// writeCodex writes Codex's TOML file. Codex passes on variables by name.
func writeCodex(text []byte, l Launch) ([]byte, error) {
	var there struct {
		Servers map[string]struct {
			Env     map[string]any `toml:"env"`
			EnvVars []any          `toml:"env_vars"`
			Enabled any            `toml:"enabled"`
		} `toml:"mcp_servers"`
	}
	_ = toml.Unmarshal(text, &there) // setTOML says what is wrong with it
	was := there.Servers[ServerName]
	pairs := []pair{
		{"command", tomlValue(l.Command)},
		{"args", tomlValue(named(l.Args, nil))},
		{"env", tomlValue(also(l.environment(nil), was.Env))},
		{"env_vars", tomlValue(named(l.Secrets, was.EnvVars))},
	}
	if was.Enabled != nil {
		pairs = append(pairs, pair{"enabled", tomlValue(true)})
	}
	return setTOML(text, []string{"mcp_servers", ServerName}, pairs)
}
