package clients

import "maps"

// ServerName is what the program is called in a client's configuration.
const ServerName = "asleep"

// Launch is how a client is to start the program.
type Launch struct {
	Command string
	Args    []string
	Env     map[string]string // settings that everybody may read
	Secrets []string          // names of variables that files only name

	value func(name string) string // of secrets; nil: they are not written to files
}

// WithSecrets returns a launch whose secrets are written to the files of clients that have no
// other place for them.
func (l Launch) WithSecrets(value func(name string) string) Launch {
	l.value = value
	return l
}

// opened returns the launch with its secrets among the settings that everybody may read.
func (l Launch) opened(value func(name string) string) Launch {
	l.Env = maps.Clone(l.Env)
	if l.Env == nil {
		l.Env = map[string]string{}
	}
	for _, name := range l.Secrets {
		l.Env[name] = value(name)
	}
	l.Secrets = nil
	return l
}

// environment returns the variables for a file, with secrets as refers writes them; a nil
// refers leaves them out.
func (l Launch) environment(refers func(name string) string) map[string]any {
	env := map[string]any{}
	for name, value := range l.Env {
		env[name] = value
	}
	if refers != nil {
		for _, name := range l.Secrets {
			env[name] = refers(name)
		}
	}
	return env
}
