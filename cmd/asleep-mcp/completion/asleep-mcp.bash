# Completes asleep-mcp in bash: source <(asleep-mcp completion bash)
_asleep_mcp() {
	local line=${COMP_LINE:0:COMP_POINT} current word
	local -a words
	read -ra words <<<"$line"
	[[ $line != *[[:space:]] ]] || words+=("")
	current=${words[${#words[@]}-1]}
	COMPREPLY=()
	while IFS=$'\t' read -r word _; do
		# bash takes what stands behind = for a word of its own
		if [[ $current == *=* ]]; then word=${word#"${current%%=*}="}; fi
		COMPREPLY+=("$word")
	done < <("${words[0]}" complete -- "${words[@]:1}" 2>/dev/null)
	if [[ ${COMPREPLY[0]} == *= ]]; then compopt -o nospace 2>/dev/null; fi
}
complete -o default -F _asleep_mcp asleep-mcp
