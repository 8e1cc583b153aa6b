# The engine, before PowerShell reads the types of Kamal.dll. Where scripts may not call .NET, Kamal.dll finds the one beside it.
if ($ExecutionContext.SessionState.LanguageMode -eq 'FullLanguage') { [Kamal.Loading.EngineLoader]::Load() }

# Uses no cmdlets, because other modules may not be loaded yet during the import.
${alias:Invoke-Kamal} = "$PSScriptRoot/Invoke-Kamal.ps1"
$alias:kamal = 'Invoke-Kamal'

# Get-Help follows the alias to the name of the script, which it would not find by that name.
function Invoke-Kamal.ps1 {
    <#
    .FORWARDHELPTARGETNAME Invoke-KamalCommandLine
    .FORWARDHELPCATEGORY Cmdlet
    #>
    & "$PSScriptRoot/Invoke-Kamal.ps1" @args
}
Export-ModuleMember -Function Invoke-Kamal.ps1 -Alias Invoke-Kamal, kamal

Register-ArgumentCompleter -Native -CommandName kamal, Invoke-Kamal -ScriptBlock {
    param($word, $command, $cursor)
    [Kamal.Completion.CommandLineCompleter]::Complete($word, $command, $cursor)
}
