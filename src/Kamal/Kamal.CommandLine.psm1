# Without cmdlets, none of which need be there yet when the module is imported.
${alias:Invoke-Kamal} = "$PSScriptRoot/Invoke-Kamal.ps1"
$alias:kamal = 'Invoke-Kamal'
Export-ModuleMember -Alias Invoke-Kamal, kamal

Register-ArgumentCompleter -Native -CommandName kamal, Invoke-Kamal -ScriptBlock {
    param($word, $command, $cursor)
    [Kamal.Completion.CommandLineCompleter]::Complete($word, $command, $cursor)
}
