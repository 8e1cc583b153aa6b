# Runs kamal.ps1 of the newest Kamal module of $env:PSModulePath, for kamal.cmd. The name ends as that of kamal.ps1 does, which finds its
# arguments in the command line after it.
$found = foreach ($folder in $env:PSModulePath -split [IO.Path]::PathSeparator) { Get-Item "$folder/Kamal/*/kamal.ps1" -ErrorAction Ignore }
$newest = $found | Sort-Object { [version]$_.Directory.Name } | Select-Object -Last 1
if (-not $newest) {
    [Console]::Error.WriteLine('kamal: The Kamal module is not installed. In PowerShell, run Install-PSResource Kamal.')
    exit 127
}
& $newest.FullName @args
exit $LASTEXITCODE
