# Completes asleep-mcp in fish: asleep-mcp completion fish | source
function __asleep_mcp_complete
	set -l words (commandline -opc) (commandline -ct)
	set -l found ($words[1] complete -- $words[2..-1] 2>/dev/null)
	if set -q found[1]
		printf '%s\n' $found
	else
		__fish_complete_path (commandline -ct)
	end
end
complete -c asleep-mcp -f -a '(__asleep_mcp_complete)'
