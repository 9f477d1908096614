package clients

import "strings"

// ours reports whether a variable is one of this program's: those are set afresh with every
// launch, and the others, such as a proxy's, are left alone.
func ours(variable string) bool { return strings.HasPrefix(variable, "ASLEEP_") }

// also adds to env the file's variables that are not this program's.
func also(env, there map[string]any) map[string]any {
	for name, value := range there {
		if !ours(name) {
			env[name] = value
		}
	}
	return env
}

// named returns the names of the secrets, and the file's names that are not this program's.
func named(secrets []string, there []any) (all []any) {
	for _, name := range secrets {
		all = append(all, name)
	}
	for _, other := range there {
		if name, ok := other.(string); !ok || !ours(name) {
			all = append(all, other)
		}
	}
	return all
}
