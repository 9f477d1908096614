package analytics

// Findings is what the rules say before the most important are picked.
var Findings = findings
