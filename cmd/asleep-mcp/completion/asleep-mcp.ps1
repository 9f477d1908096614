# Completes asleep-mcp in PowerShell: asleep-mcp completion powershell | Out-String | Invoke-Expression
Register-ArgumentCompleter -Native -CommandName asleep-mcp -ScriptBlock {
	param($wordToComplete, $commandAst, $cursorPosition)
	$words = @($commandAst.CommandElements | Select-Object -Skip 1 |
		Where-Object { $_.Extent.StartOffset -lt $cursorPosition } | ForEach-Object { $_.ToString() })
	if ($wordToComplete -eq '') { $words += '""' } # Windows PowerShell would drop an empty word
	& asleep-mcp complete -- @words 2>$null | ForEach-Object {
		$word, $help = $_ -split "`t", 2
		if (-not $help) { $help = $word }
		[System.Management.Automation.CompletionResult]::new($word, $word, 'ParameterValue', $help)
	}
}
