# Packs once, and runs the tests of this directory with the Pester that the build put into out/console.
$ErrorActionPreference = 'Stop'
# Compiling for all platforms takes as long as the tests.
$global:platform = $env:KAMAL_ALL_PLATFORMS -eq '1' ? 'all' : [Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier
$global:packed = & "$PSScriptRoot/../../build.ps1" -Task Package -ProjectUri https://github.com/OWNER/REPOSITORY -Platform $platform
Import-Module "$PSScriptRoot/../../out/console/ModulePath/Pester/Pester.psd1"
$configuration = New-PesterConfiguration
$configuration.Run.Path = $PSScriptRoot
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Detailed'
$result = Invoke-Pester -Configuration $configuration
$failed = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
"$($result.PassedCount) passed, $failed failed"
exit [int]($failed -gt 0 -or $result.PassedCount -eq 0)
