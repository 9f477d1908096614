#compdef asleep-mcp
# Completes asleep-mcp in zsh: source <(asleep-mcp completion zsh)
_asleep-mcp() {
	local -a words_with_space words_without
	local word help
	while IFS=$'\t' read -r word help; do
		if [[ $word == *= ]]; then words_without+=("$word"); else words_with_space+=("$word"); fi
	done < <("$words[1]" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
	compadd -- $words_with_space
	compadd -S '' -- $words_without
	(( $#words_with_space + $#words_without )) || _files
}
if [[ $funcstack[1] == _asleep-mcp ]]; then _asleep-mcp "$@"; else compdef _asleep-mcp asleep-mcp; fi
