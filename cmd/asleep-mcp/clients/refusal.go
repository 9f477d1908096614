package clients

import "fmt"

// A refusal is the reason why a file is left as it is: one of [refusals].
type refusal int

const (
	leadsNowhere refusal = iota
	isFolder
	isNoFile
	tooLarge
	notUTF8
	isReadOnly
	changedNow
	noCopy
	noBraces
	notJSONIn
	notObject
	notList
	remoteServer
	notTOMLAtAll
	notTOMLIn
	unchangeable
	notMapping
	noKeys
	manyDocuments
	notYAMLAtAll
	notYAMLIn
)

// refusals are the texts, formats for their details. There is a line about each in
// docs/troubleshooting.md.
var refusals = [...]string{
	leadsNowhere:  "it is a link that leads nowhere",
	isFolder:      "it is a folder",
	isNoFile:      "it is not a file",
	tooLarge:      "it is larger than %d MiB",
	notUTF8:       "it is not saved as UTF-8, but perhaps as UTF-16: save it as UTF-8 first",
	isReadOnly:    "it is read-only",
	changedNow:    "somebody else changed it at this moment; try again",
	noCopy:        "no copy of it can be made: %w",
	noBraces:      "it does not hold an object in braces",
	notJSONIn:     "it is not JSON: see %s",
	notObject:     "%s is not an object",
	notList:       "%s is not a list",
	remoteServer:  "%s is a server at an address there; remove it first",
	notTOMLAtAll:  "it is not TOML",
	notTOMLIn:     "it is not TOML: see %s",
	unchangeable:  "%s is written there in a way that this program does not change: first %s %s",
	notMapping:    "%s is not a mapping",
	noKeys:        "it does not hold keys with values",
	manyDocuments: "it holds more than one document",
	notYAMLAtAll:  "it is not YAML",
	notYAMLIn:     "it is not YAML: see %s",
}

// err returns the refusal as an error.
func (r refusal) err(args ...any) error { return fmt.Errorf(refusals[r], args...) }
