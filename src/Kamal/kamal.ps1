# Kamal's command line as a program: what a hook finds as `kamal` on its PATH runs this. Also: pwsh -File kamal.ps1 deploy -P
# This script must not name the variable of pipeline input: pwsh would read standard input for it, as text, and no prompt could be answered.
Import-Module "$PSScriptRoot/Kamal.psd1" -ErrorAction Stop
$words = [string[]]$args
# `pwsh -File` splits `--hosts=HOST:22` at its colon, reads `:$true` as a value and drops a last word that ends with a colon. The
# process's own command line still has the words as they were written. It counts only where it holds the same words: a session may run
# this script as well.
$commandLine = [Environment]::GetCommandLineArgs()
$first = 0
while ($first -lt $commandLine.Count -and -not $commandLine[$first++].EndsWith('kamal.ps1')) { }
if ($first -lt $commandLine.Count) {
    $written = @($commandLine[$first..($commandLine.Count - 1)])
    $kept = $written -join '' -replace '[:$]'
    if ($written[-1] -match '^-.*:$') { $kept = $kept.Substring(0, $kept.Length - ($written[-1] -replace '[:$]').Length) }
    if ($kept -eq ($words -join '' -replace '[:$]')) { $words = $written }
}

# A program's errors are lines on standard error; where in this script they passed by is nobody's concern.
filter Show-Failure {
    if ($_ -isnot [Management.Automation.ErrorRecord]) { return $_ }
    [Console]::Error.WriteLine("ERROR: $_")
    if ($_.ErrorDetails.RecommendedAction) { [Console]::Error.WriteLine("  $($_.ErrorDetails.RecommendedAction)") }
}

# Colours are for terminals.
if ([Console]::IsOutputRedirected) { $PSStyle.OutputRendering = 'PlainText' }
$global:LASTEXITCODE = 1
if ($MyInvocation.ExpectingInput) { throw 'kamal.ps1 is a program for shells and hooks. In a session, pipe to kamal instead.' }
try { Kamal\Invoke-KamalCommandLine -ArgumentList $words -AsProgram 2>&1 | Show-Failure }
catch { $_ | Show-Failure }
exit $global:LASTEXITCODE
