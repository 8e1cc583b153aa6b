#!/usr/bin/env pwsh
<#
.SYNOPSIS
Builds, tests and packs the module: a thin caller of the targets that CI calls too.
.PARAMETER Task
What to do. Package makes out/Kamal.VERSION.zip of the built module.
.PARAMETER Configuration
The build configuration.
.EXAMPLE
./build.ps1 -Task Build, Test
#>
[CmdletBinding()]
param(
    [ValidateSet('Clean', 'Build', 'Test', 'Package')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release'
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3

function Invoke-Dotnet {
    & dotnet @args
    if ($LASTEXITCODE -ne 0) { throw "dotnet $($args -join ' ') failed with exit code $LASTEXITCODE." }
}

function Get-ModuleFolder {
    $version = (Import-PowerShellDataFile (Join-Path $PSScriptRoot 'Kamal.psd1')).ModuleVersion
    Join-Path $PSScriptRoot "out/Kamal/$version"
}

function Invoke-Clean {
    Invoke-Dotnet clean (Join-Path $PSScriptRoot 'Kamal.sln') -c $Configuration --nologo -v quiet
    $out = Join-Path $PSScriptRoot 'out'
    if (Test-Path $out) { Remove-Item $out -Recurse -Force }
}

function Invoke-Build {
    Invoke-Dotnet build (Join-Path $PSScriptRoot 'Kamal.sln') -c $Configuration --nologo -v quiet
}

function Invoke-Test {
    Invoke-Build
    foreach ($project in 'Kamal.Engine.Tests', 'Kamal.Ssh.Tests', 'Kamal.Tests', 'Kamal.Module.Tests') {
        Invoke-Dotnet test (Join-Path $PSScriptRoot "tests/$project") -c $Configuration --no-build --nologo
    }
    # With the PowerShell and the Pester that the build put there, whichever pwsh runs this script.
    & (Join-Path $PSScriptRoot 'out/console/pwsh') -NoLogo -NoProfile -File (Join-Path $PSScriptRoot 'tests/pester/run.ps1')
    if ($LASTEXITCODE -ne 0) { throw 'Pester tests failed.' }
}

function Invoke-Package {
    Invoke-Build
    $folder = Get-ModuleFolder
    $archive = Join-Path $PSScriptRoot "out/Kamal.$(Split-Path $folder -Leaf).zip"
    if (Test-Path $archive) { Remove-Item $archive }
    Compress-Archive -Path (Split-Path $folder -Parent) -DestinationPath $archive
    Get-Item $archive
}

foreach ($name in $Task) { & "Invoke-$name" }
