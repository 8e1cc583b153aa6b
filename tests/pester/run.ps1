<#
.SYNOPSIS
Runs the Pester tests with the Pester that the build put into out/console. The last line is `N passed, N failed`.
.PARAMETER ResultPath
Where the results go, as NUnit XML.
#>
[CmdletBinding()]
param([string] $ResultPath = "$PSScriptRoot/../../out/test-results/pester.xml")

$ErrorActionPreference = 'Stop'
$root = (Resolve-Path "$PSScriptRoot/../..").Path
Import-Module "$root/out/console/ModulePath/Pester/Pester.psd1"
$null = New-Item -ItemType Directory (Split-Path $ResultPath) -Force

$configuration = New-PesterConfiguration
$configuration.Run.Path = $PSScriptRoot
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Detailed'
$configuration.TestResult.Enabled = $true
$configuration.TestResult.OutputPath = $ResultPath
$result = Invoke-Pester -Configuration $configuration
$failed = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
"$($result.PassedCount) passed, $failed failed"
exit [int]($failed -gt 0 -or $result.PassedCount -eq 0)
