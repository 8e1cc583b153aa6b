<#
.SYNOPSIS
The set-up that the test files share: dot-source it in BeforeAll or BeforeDiscovery.
#>

# The module that the build published last, and its folder.
$manifest = Get-ChildItem "$PSScriptRoot/../../out/Kamal/*/Kamal.psd1" | Sort-Object { [version]$_.Directory.Name } | Select-Object -Last 1
if (-not $manifest) { throw 'The module is not built: run dotnet build.' }

# Run as a .NET tool, the process is dotnet.
$pwsh = [Environment]::ProcessPath
if ((Split-Path $pwsh -LeafBase) -ne 'pwsh') { $pwsh = (Get-Command pwsh -CommandType Application)[0].Source }

# Creates a project with three hosts that do not answer, and enters it; Pop-Location leaves it.
function Enter-Shop([string] $Project) {
    $null = New-Item -ItemType Directory "$Project/config", "$Project/.kamal"
    Set-Content "$Project/Dockerfile" 'FROM scratch'
    Set-Content "$Project/.kamal/secrets" 'PASSWORD=hunter2'
    Set-Content "$Project/config/deploy.yml" @'
service: shop
image: acme/shop
servers:
  web: [ 192.0.2.1, 192.0.2.2 ]
  workers: [ 192.0.2.3 ]
registry: { username: acme, password: [ PASSWORD ] }
builder: { arch: amd64 }
accessories:
  db: { image: postgres:17, host: 192.0.2.3 }
aliases:
  boot: app boot -r workers
  again: boot
  loop: loop
'@
    Push-Location $Project
}
