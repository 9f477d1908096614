#compdef asleep-mcp
# Completes asleep-mcp in zsh: source <(asleep-mcp completion zsh)
_asleep_mcp() {
	local -a words_with_space words_without
	local word help
	while IFS=$'\t' read -r word help; do
		if [[ $word == *= ]]; then words_without+=("$word"); else words_with_space+=("$word"); fi
	done < <("$words[1]" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)
	compadd -- $words_with_space
	compadd -S '' -- $words_without
	(( $#words_with_space + $#words_without )) || _files
}
if [[ $funcstack[1] == _asleep_mcp ]]; then _asleep_mcp "$@"; else compdef _asleep_mcp asleep-mcp; fi
