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

	value func(name string) string // of secrets; nil: files do not get them
}

// WithSecrets lets files of clients that have no other place for secrets hold
// them.
func (l Launch) WithSecrets(value func(name string) string) Launch {
	l.value = value
	return l
}

// opened is the launch with its secrets among what everybody may read.
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

// environment is what a file says of variables, with secrets as refers writes
// them; nil leaves them out.
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
