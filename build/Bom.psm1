<#
.SYNOPSIS
Writes the module's bill of materials (SBOM) as CycloneDX 1.6: the packages that it ships, from packages.lock.json, and their licences,
from the packages themselves. It has no time and no random number, so that the same sources give the same bytes.
#>
Set-StrictMode -Version 3

# A package as NuGet unpacked it, of the locked version. Its hash is that of the package's file, signature included; the lock file's is
# without the signature, and NuGet has checked it.
function Get-PackageComponent([string] $Name, [hashtable] $Locked) {
    $version = $Locked.resolved
    $packages = $env:NUGET_PACKAGES ? $env:NUGET_PACKAGES : (Join-Path ($env:HOME ?? $env:USERPROFILE) '.nuget/packages')
    $folder = Join-Path $packages $Name.ToLowerInvariant() $version
    $specification = Join-Path $folder "$($Name.ToLowerInvariant()).nuspec"
    if (-not (Test-Path $specification)) { throw "$Name $version is not restored: $specification does not exist. Run dotnet restore." }
    $metadata = ([xml](Get-Content -Raw $specification)).package.metadata
    $license = $metadata.SelectSingleNode('*[local-name()="license"][@type="expression"]')
    $file = Get-Content -Raw (Join-Path $folder "$($Name.ToLowerInvariant()).$version.nupkg.sha512")
    $hash = [Convert]::ToHexString([Convert]::FromBase64String($file)).ToLower()
    [ordered]@{
        type      = 'library'
        'bom-ref' = "pkg:nuget/$Name@$version"
        authors   = @([ordered]@{ name = $metadata.authors })
        name      = $Name
        version   = $version
        scope     = 'required'
        hashes    = @([ordered]@{ alg = 'SHA-512'; content = $hash })
        licenses  = @(if ($license) { [ordered]@{ license = [ordered]@{ id = $license.InnerText } } })
        purl      = "pkg:nuget/$Name@$version"
    }
}

# What a package or project needs, by their names here.
function Get-Dependency([hashtable] $Locked, [string] $Name) {
    $needed = if ($Locked[$Name].ContainsKey('dependencies')) { $Locked[$Name].dependencies.Keys }
    foreach ($each in $needed | Sort-Object) {
        $known = $Locked.Keys | Where-Object { $_ -eq $each }
        if ($Locked[$known].type -eq 'Project') { Get-Dependency $Locked $known } else { "pkg:nuget/$known@$($Locked[$known].resolved)" }
    }
}

# An identifier that follows from the content (RFC 9562, version 8).
function Get-ContentId([string] $Text) {
    $bytes = [Security.Cryptography.SHA256]::HashData([Text.Encoding]::UTF8.GetBytes($Text))[0..15]
    $bytes[6] = $bytes[6] -band 0x0f -bor 0x80
    $bytes[8] = $bytes[8] -band 0x3f -bor 0x80
    [guid]::new([byte[]]$bytes, $true)
}

<#
.SYNOPSIS
Returns the bill of materials as JSON.
.PARAMETER LockFile
The packages.lock.json of the project whose packages are shipped.
#>
function Get-BillOfMaterial {
    param([Parameter(Mandatory)] [string] $LockFile, [Parameter(Mandatory)] [string] $Version)
    $framework = (Get-Content -Raw $LockFile | ConvertFrom-Json -AsHashtable).dependencies
    $locked = $framework[@($framework.Keys)[0]]
    $packages = @($locked.Keys | Where-Object { $locked[$_].type -ne 'Project' } | Sort-Object)
    $direct = @(foreach ($name in $locked.Keys) {
            if ($locked[$name].type -eq 'Direct') { "pkg:nuget/$name@$($locked[$name].resolved)" }
            elseif ($locked[$name].type -eq 'Project') { Get-Dependency $locked $name }
        }) | Sort-Object -Unique
    $module = "pkg:nuget/Kamal@$Version"
    $graph = @([ordered]@{ ref = $module; dependsOn = @($direct) })
    foreach ($name in $packages) {
        $graph += [ordered]@{ ref = "pkg:nuget/$name@$($locked[$name].resolved)"; dependsOn = @(Get-Dependency $locked $name) }
    }
    $bom = [ordered]@{
        '$schema'    = 'http://cyclonedx.org/schema/bom-1.6.schema.json'
        bomFormat    = 'CycloneDX'
        specVersion  = '1.6'
        serialNumber = ''
        version      = 1
        metadata     = [ordered]@{
            component = [ordered]@{
                type      = 'library'
                'bom-ref' = $module
                name      = 'Kamal'
                version   = $Version
                licenses  = @([ordered]@{ license = [ordered]@{ id = 'MIT' } })
                purl      = $module
            }
        }
        components   = @(foreach ($name in $packages) { Get-PackageComponent $name $locked[$name] })
        dependencies = $graph
    }
    $bom.serialNumber = "urn:uuid:$(Get-ContentId ($bom | ConvertTo-Json -Depth 10 -Compress))"
    ($bom | ConvertTo-Json -Depth 10).Replace("`r`n", "`n") + "`n"
}

Export-ModuleMember -Function Get-BillOfMaterial
