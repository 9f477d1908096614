// Package skills holds the Agent Skills that the server offers: instructions for
// longer pieces of work, which a host reads when a person's wish fits one.
//
// # Vocabulary
//
// A skill is a folder of files as the Agent Skills specification has them
// (agentskills.io), SKILL.md first. The front matter of SKILL.md names and
// describes it; its metadata names under "tools" those without which the skill is
// of no use. What it says about any others it says for the case that they are off.
//
// # Promise
//
// Files are told byte for byte as they stand in the repository, so that their
// digests hold. Like the prompts, they hold no health value, share the rules of
// wording in prompts/rules.md, and depend on nobody who asks.
package skills
