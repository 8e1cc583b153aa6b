<#
.SYNOPSIS
Packs the module for the PowerShell Gallery. The same files give the same bytes: sorted entries, one fixed time, no random names.
#>
Set-StrictMode -Version 3

# ZIP's first time: packages show none.
$script:epoch = [DateTimeOffset]::new(1980, 1, 1, 0, 0, 0, [timespan]::Zero)

<#
.SYNOPSIS
Returns what CHANGELOG.md has for a version, as plain text: the Gallery does not render Markdown, and relative links lead nowhere there.
#>
function Get-ReleaseNote {
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [string] $Version)
    $text = [IO.File]::ReadAllText($Path).Replace("`r`n", "`n")
    $section = [regex]::Match($text, "(?ms)^## [^\n]*\b$([regex]::Escape($Version))\b[^\n]*\n(.*?)(?=^## |\z)")
    if (-not $section.Success) { throw "$Path has no section for $Version." }
    $section.Groups[1].Value.Trim() -replace '\[([^\]]+)\]\([^)]*\)', '$1' -replace '\*\*|`'
}

<#
.SYNOPSIS
Returns the text of the .nuspec file: what the manifest says, the release notes, and where the project is.
#>
function Get-PackageSpecification {
    param(
        [Parameter(Mandatory)] [hashtable] $Manifest,
        [Parameter(Mandatory)] [string] $ReleaseNote,
        [string] $ProjectUri
    )
    $data = $Manifest.PrivateData.PSData
    # The Gallery limits tags to 4000 characters: cmdlets are named once, as Find-PSResource -CommandName looks for them.
    $tags = @('PSModule'; 'PSIncludes_Cmdlet'; $data.Tags; $Manifest.CmdletsToExport | ForEach-Object { "PSCommand_$_" })
    $fields = [ordered]@{
        id                       = 'Kamal'
        version                  = Get-PackageVersion $Manifest
        authors                  = $Manifest.Author
        owners                   = $Manifest.CompanyName
        requireLicenseAcceptance = 'false'
        licenseUrl               = $data.LicenseUri
        projectUrl               = $ProjectUri
        icon                     = 'icon.png'
        iconUrl                  = if ($ProjectUri -match '^https://github\.com/(.+)$') {
            "https://raw.githubusercontent.com/$($Matches[1])/v$(Get-PackageVersion $Manifest)/docs/pictures/icon.png"
        }
        description              = $Manifest.Description
        releaseNotes             = $ReleaseNote
        copyright                = $Manifest.Copyright
        tags                     = $tags -join ' '
    }
    $lines = foreach ($name in $fields.Keys) {
        if ($fields[$name]) { "    <$name>$([Security.SecurityElement]::Escape($fields[$name]))</$name>" }
    }
    @('<?xml version="1.0" encoding="utf-8"?>'
        '<package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">'
        '  <metadata>'; $lines; '  </metadata>'; '</package>'; '') -join "`n"
}

<#
.SYNOPSIS
Returns the version of a package: the module's version, with the label of a prerelease if the manifest has one.
#>
function Get-PackageVersion {
    param([Parameter(Mandatory)] [hashtable] $Manifest)
    $label = $Manifest.PrivateData.PSData['Prerelease']
    if ($label) { "$($Manifest.ModuleVersion)-$label" } else { $Manifest.ModuleVersion }
}

# The parts that every package of the Open Packaging Conventions has. NuGet gives the last one a random name; its content needs none.
function Get-PackagePart([string] $Specification, [string[]] $Names) {
    $xml = '<?xml version="1.0" encoding="utf-8"?>'
    $relationship = 'http://schemas.microsoft.com/packaging/2010/07/manifest'
    $types = @('rels'; 'nuspec'; $Names | ForEach-Object { [IO.Path]::GetExtension($_).TrimStart('.') }) -ne '' | Sort-Object -Unique
    $defaults = foreach ($type in $types) {
        $content = if ($type -eq 'rels') { 'application/vnd.openxmlformats-package.relationships+xml' } else { 'application/octet' }
        "<Default Extension=`"$type`" ContentType=`"$content`"/>"
    }
    # Parts without an extension are named one by one.
    $overrides = foreach ($name in $Names | Where-Object { -not [IO.Path]::GetExtension($_) } | Sort-Object) {
        "<Override PartName=`"/$name`" ContentType=`"application/octet`"/>"
    }
    @{
        '[Content_Types].xml' = "$xml<Types xmlns=`"http://schemas.openxmlformats.org/package/2006/content-types`">" +
            "$(-join $defaults)$(-join $overrides)</Types>"
        '_rels/.rels'         = "$xml<Relationships xmlns=`"http://schemas.openxmlformats.org/package/2006/relationships`">" +
            "<Relationship Type=`"$relationship`" Target=`"/Kamal.nuspec`" Id=`"R1`"/></Relationships>"
        'Kamal.nuspec'        = $Specification
    }
}

<#
.SYNOPSIS
Writes an archive of files and texts, sorted by name, all with the same time.
.PARAMETER Entry
Names in the archive, with the path of a file or the bytes for each.
#>
function Write-Archive {
    param([Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [hashtable] $Entry)
    $names = [string[]]$Entry.Keys
    [Array]::Sort($names, [StringComparer]::Ordinal)
    $stream = [IO.File]::Create($Path)
    try {
        $archive = [IO.Compression.ZipArchive]::new($stream, [IO.Compression.ZipArchiveMode]::Create)
        foreach ($name in $names) {
            $item = $archive.CreateEntry($name, [IO.Compression.CompressionLevel]::Optimal)
            $item.LastWriteTime = $script:epoch
            # A regular file that its owner can write and all can read.
            $item.ExternalAttributes = 0x81A4 -shl 16
            $bytes = if ($Entry[$name] -is [string]) { [IO.File]::ReadAllBytes($Entry[$name]) } else { $Entry[$name] }
            $content = $item.Open()
            try { $content.Write($bytes, 0, $bytes.Length) } finally { $content.Dispose() }
        }
        $archive.Dispose()
    }
    finally { $stream.Dispose() }
}

# The files below a directory: name in an archive, path.
function Get-FolderEntry([string] $Folder) {
    $entries = @{}
    foreach ($file in Get-ChildItem $Folder -Recurse -File -Force) {
        $entries[[IO.Path]::GetRelativePath($Folder, $file.FullName).Replace('\', '/')] = $file.FullName
    }
    $entries
}

<#
.SYNOPSIS
Packs a module's directory as a package for the PowerShell Gallery, and returns the file.
.PARAMETER Folder
The directory with Kamal.psd1.
.PARAMETER Extra
More files of the package: name, and path or bytes.
#>
function New-ModulePackage {
    param(
        [Parameter(Mandatory)] [string] $Folder,
        [Parameter(Mandatory)] [string] $Destination,
        [Parameter(Mandatory)] [string] $Changelog,
        [string] $ProjectUri,
        [hashtable] $Extra = @{}
    )
    $manifest = Import-PowerShellDataFile (Join-Path $Folder 'Kamal.psd1')
    $entries = Get-FolderEntry $Folder
    foreach ($name in $Extra.Keys) { $entries[$name] = $Extra[$name] }
    $note = Get-ReleaseNote $Changelog $manifest.ModuleVersion
    $specification = Get-PackageSpecification $manifest $note $ProjectUri
    $parts = Get-PackagePart $specification ([string[]]$entries.Keys)
    foreach ($name in $parts.Keys) { $entries[$name] = [Text.UTF8Encoding]::new($false).GetBytes($parts[$name]) }
    $path = Join-Path $Destination "Kamal.$(Get-PackageVersion $manifest).nupkg"
    Write-Archive $path $entries
    Get-Item $path
}

<#
.SYNOPSIS
Packs a module's directory as an archive to unpack into a directory of $env:PSModulePath, and returns the file.
#>
function New-ModuleArchive {
    param(
        [Parameter(Mandatory)] [string] $Folder,
        [Parameter(Mandatory)] [string] $Destination,
        [hashtable] $Extra = @{}
    )
    $manifest = Import-PowerShellDataFile (Join-Path $Folder 'Kamal.psd1')
    $files = Get-FolderEntry $Folder
    foreach ($name in $Extra.Keys) { $files[$name] = $Extra[$name] }
    $entries = @{}
    foreach ($name in $files.Keys) { $entries["Kamal/$($manifest.ModuleVersion)/$name"] = $files[$name] }
    $path = Join-Path $Destination "Kamal.$(Get-PackageVersion $manifest).zip"
    Write-Archive $path $entries
    Get-Item $path
}

Export-ModuleMember -Function New-ModulePackage, New-ModuleArchive, Get-PackageVersion
