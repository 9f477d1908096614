// Package condition is a small language of conditions over named fields, such as
//
//	asleep_minutes < 360 and (weekend or bedtime > "23:30")
//
// A [Language] is a list of typed fields. Compiling a text against it gives a
// [Condition], which can be evaluated for one thing after another, or an [*Error] that
// says where the text is wrong and what would be right.
//
// # What can be written
//
// Comparisons (== != < <= > >=) of fields with numbers, texts, clock times "HH:MM" and
// dates "YYYY-MM-DD"; in and not in, with a list or a range of whole numbers such as
// 6..8; and, or, not (also && || !); "text" in a set of texts; + - * / between numbers;
// parentheses. Nothing else: no calls, no loops, no regular expressions. The grammar is
// that of expr-lang, whose parser reads the text; the meaning is defined here.
//
// # Three truth values
//
// A field has no value if it was not measured. A comparison with it is neither true nor
// false but [Unknown], and "and", "or" and "not" follow Kleene's logic: false and
// unknown is false, true or unknown is true. An unknown condition does not hold; how
// often that happens can be counted.
//
// # Bounds
//
// A text has at most [MaxLength] bytes and 200 parts, which also bounds how deep it can
// be nested. Evaluating it takes time proportional to the number of parts and allocates
// nothing.
package condition
