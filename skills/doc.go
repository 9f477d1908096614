// Package skills holds the Agent Skills that the server offers: instructions for longer
// pieces of work, which a host reads when one fits what a person wants.
//
// # Vocabulary
//
// A skill is a folder of files as defined by the Agent Skills specification
// (agentskills.io), SKILL.md first. The front matter of SKILL.md names and describes
// the skill, and lists under "tools" in its metadata the tools without which the skill
// is of no use. Other tools that a skill mentions may be switched off, and it says what
// to do then.
//
// # Promise
//
// Files are served byte for byte as they are in the repository, so that their digests
// match. Like the prompts, they contain no health values, share the rules of wording in
// prompts/rules.md, and do not depend on who asks.
package skills
