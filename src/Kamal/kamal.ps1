# Kamal's command line as a program. The `kamal` on the PATH of hooks runs this script. Also: pwsh -File kamal.ps1 deploy -P
# This script must not mention the variable for pipeline input: pwsh would then read standard input as text, and prompts would not work.
Import-Module "$PSScriptRoot/Kamal.psd1" -ErrorAction Stop
$words = [string[]]$args
# `pwsh -File` splits `--hosts=HOST:22` at the colon, reads `:$true` as a value and drops a last argument that ends with a colon. The
# command line of the process has the original arguments. It is used only if it contains the same arguments, because a session can also
# run this script.
$commandLine = [Environment]::GetCommandLineArgs()
$first = 0
while ($first -lt $commandLine.Count -and -not $commandLine[$first++].EndsWith('kamal.ps1')) { }
if ($first -lt $commandLine.Count) {
    $written = @($commandLine[$first..($commandLine.Count - 1)])
    $kept = $written -join '' -replace '[:$]'
    if ($written[-1] -match '^-.*:$') { $kept = $kept.Substring(0, $kept.Length - ($written[-1] -replace '[:$]').Length) }
    if ($kept -eq ($words -join '' -replace '[:$]')) { $words = $written }
}

# Writes warnings and errors as lines on standard error, so that standard output has only the result; errors without their position in
# this script. A log line is never wrapped.
filter Show-Result {
    if ($_ -is [Kamal.Engine.Results.KamalLogLine]) { return [Kamal.Streams.ShownText]::Lines("[$($_.HostName) $($_.Source)]", $_.Line) }
    if ($_ -is [Management.Automation.WarningRecord]) { return [Console]::Error.WriteLine("WARNING: $_") }
    if ($_ -isnot [Management.Automation.ErrorRecord]) { return $_ }
    [Console]::Error.WriteLine("ERROR: $_")
    if ($_.ErrorDetails.RecommendedAction) { [Console]::Error.WriteLine("  $($_.ErrorDetails.RecommendedAction)") }
}

# Only a terminal gets colors.
if ([Console]::IsOutputRedirected) { $PSStyle.OutputRendering = 'PlainText' }
$global:LASTEXITCODE = 1
if ($MyInvocation.ExpectingInput) { throw 'kamal.ps1 is a program for shells and hooks. In a session, pipe to kamal instead.' }
# `exit` drops output that the default formatter has not written yet, so the formatter ends first.
try { Kamal\Invoke-KamalCommandLine -ArgumentList $words -AsProgram 2>&1 3>&1 | Show-Result | Out-Default }
catch { $_ | Show-Result }
exit $global:LASTEXITCODE
