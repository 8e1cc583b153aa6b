<#
.SYNOPSIS
Runs the Pester tests with the Pester that the build put into out/console. The last line is `N passed, N failed`.
.PARAMETER Path
The tests. The default is all in this directory; on Windows, those of tests/windows too.
.PARAMETER ResultPath
Where the results go, as NUnit XML; empty for nowhere.
#>
[CmdletBinding()]
param(
    [string[]] $Path = @($PSScriptRoot; if ($IsWindows) { "$PSScriptRoot/../windows" }),
    [string] $ResultPath = "$PSScriptRoot/../../out/test-results/pester.xml"
)

$ErrorActionPreference = 'Stop'
# The tests are as anywhere else in a job of a CI service; those about such services set its variables.
foreach ($name in 'TF_BUILD', 'GITHUB_ACTIONS', 'GITEA_ACTIONS', 'FORGEJO_ACTIONS', 'GITLAB_CI', 'TEAMCITY_VERSION', 'BUILDKITE') {
    [Environment]::SetEnvironmentVariable($name, $null)
}
$root = (Resolve-Path "$PSScriptRoot/../..").Path
Import-Module "$(Split-Path ([Environment]::ProcessPath))/ModulePath/Pester/Pester.psd1"
if ($ResultPath) { $null = New-Item -ItemType Directory (Split-Path $ResultPath) -Force }

$configuration = New-PesterConfiguration
$configuration.Run.Path = $Path
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Detailed'
$configuration.TestResult.Enabled = [bool]$ResultPath
if ($ResultPath) { $configuration.TestResult.OutputPath = $ResultPath }
$result = Invoke-Pester -Configuration $configuration
$failed = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
"$($result.PassedCount) passed, $failed failed"
exit [int]($failed -gt 0 -or $result.PassedCount -eq 0)
