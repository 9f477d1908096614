# Completes asleep-mcp in fish: asleep-mcp completion fish | source
function __asleep_mcp_complete
	set -l words (commandline -opc) (commandline -ct)
	$words[1] complete -- $words[2..-1] 2>/dev/null
end
complete -c asleep-mcp -a '(__asleep_mcp_complete)'
