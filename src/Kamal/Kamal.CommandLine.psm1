# Uses no cmdlets, because other modules may not be loaded yet during the import.
${alias:Invoke-Kamal} = "$PSScriptRoot/Invoke-Kamal.ps1"
$alias:kamal = 'Invoke-Kamal'
Export-ModuleMember -Alias Invoke-Kamal, kamal

Register-ArgumentCompleter -Native -CommandName kamal, Invoke-Kamal -ScriptBlock {
    param($word, $command, $cursor)
    [Kamal.Completion.CommandLineCompleter]::Complete($word, $command, $cursor)
}
