#!/usr/bin/env pwsh
<#
.SYNOPSIS
Builds, tests, signs and packs the module: a thin caller of the targets that CI calls too.
.PARAMETER Task
What to do. Package packs the built module: out/Kamal.VERSION.nupkg for the PowerShell Gallery, out/Kamal.VERSION.zip to unpack by hand, and
out/Kamal.VERSION.cdx.json, the bill of materials, which both contain. The same sources give the same bytes. Sign signs the built module
with Authenticode, on Windows. It reads the certificate and its password from the variables SIGNING_CERTIFICATE (a PFX file as base64) and
SIGNING_PASSWORD, never from arguments, which process lists show. Without a certificate, it signs nothing. Files that already have a valid
signature keep it.
.PARAMETER Configuration
The build configuration.
.PARAMETER ProjectUri
The address of the project that the package names, such as https://github.com/OWNER/REPOSITORY. The default is the one that the built module
has: the repository on GitHub that builds it, or that this is a clone of.
.PARAMETER Platform
The platform that the package has compiled code for, such as win-x64, or all. On others, .NET compiles when the module is loaded.
.EXAMPLE
./build.ps1 -Task Build, Test
.EXAMPLE
./build.ps1 -Task Build, Sign, Package
#>
[CmdletBinding()]
param(
    [ValidateSet('Clean', 'Build', 'Test', 'Sign', 'Package')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release',

    [string] $ProjectUri,

    [string] $Platform = 'all'
)

$ErrorActionPreference = 'Stop'
Set-StrictMode -Version 3

function Invoke-Dotnet {
    & dotnet @args
    if ($LASTEXITCODE -ne 0) { throw "dotnet $($args -join ' ') failed with exit code $LASTEXITCODE." }
}

function Get-ModuleFolder {
    $version = (Import-PowerShellDataFile (Join-Path $PSScriptRoot 'Kamal.psd1')).ModuleVersion
    $folder = Join-Path $PSScriptRoot "out/Kamal/$version"
    if (-not (Test-Path $folder)) { throw "The module is not built: $folder does not exist." }
    $folder
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

function Invoke-Sign {
    if (-not $env:SIGNING_CERTIFICATE) {
        Write-Warning 'SIGNING_CERTIFICATE is not set: the module is not signed.'
        return
    }

    $certificate = [Security.Cryptography.X509Certificates.X509Certificate2]::new(
        [Convert]::FromBase64String($env:SIGNING_CERTIFICATE), $env:SIGNING_PASSWORD)
    if (-not $certificate.HasPrivateKey) { throw 'SIGNING_CERTIFICATE has no private key.' }
    Invoke-CompileAhead
    $files = Get-ChildItem (Get-ModuleFolder) -Recurse -File -Include *.dll, *.ps1, *.psm1, *.psd1, *.ps1xml
    $unsigned = @($files | Where-Object { (Get-AuthenticodeSignature $_.FullName).Status -ne 'Valid' })
    foreach ($file in $unsigned) {
        $signature = Set-AuthenticodeSignature -FilePath $file.FullName -Certificate $certificate -HashAlgorithm SHA256 `
            -IncludeChain NotRoot -TimestampServer 'http://timestamp.digicert.com'
        if ($signature.Status -ne 'Valid') { throw "$($file.Name) could not be signed: $($signature.StatusMessage)" }
    }

    Write-Host "$($unsigned.Count) files signed by $($certificate.Subject)."
}

# The module's assemblies for the platforms. What has been compiled since the build, and perhaps signed, stays as it is.
function Invoke-CompileAhead {
    Invoke-Dotnet build (Join-Path $PSScriptRoot 'build/ReadyToRun') -c $Configuration "-p:CompileFor=$Platform" --nologo -v quiet '-clp:NoSummary' | Out-Host
}

# Building again would replace signed files.
function Invoke-Package {
    $folder = Get-ModuleFolder
    Invoke-CompileAhead
    $out = Join-Path $PSScriptRoot 'out'
    Import-Module (Join-Path $PSScriptRoot 'build/Package.psm1'), (Join-Path $PSScriptRoot 'build/Bom.psm1') -Force
    $manifest = Import-PowerShellDataFile (Join-Path $folder 'Kamal.psd1')
    $version = Get-PackageVersion $manifest
    $bom = Join-Path $out "Kamal.$version.cdx.json"
    $lock = Join-Path $PSScriptRoot 'src/Kamal.Adapters/packages.lock.json'
    [IO.File]::WriteAllText($bom, (Get-BillOfMaterial $lock $version))
    $extra = @{ 'bom.cdx.json' = $bom; 'icon.png' = Join-Path $PSScriptRoot 'docs/pictures/icon.png' }
    $uri = if ($ProjectUri) { $ProjectUri } else { $manifest.PrivateData.PSData['ProjectUri'] }
    New-ModulePackage $folder $out (Join-Path $PSScriptRoot 'CHANGELOG.md') $uri $extra
    New-ModuleArchive $folder $out @{ 'bom.cdx.json' = $bom }
    Get-Item $bom
}

foreach ($name in $Task) { & "Invoke-$name" }
