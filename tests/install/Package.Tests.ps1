#Requires -Version 7.6

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    $package, $archive, $bom = $global:packed
    $folder = Join-Path $TestDrive 'package'
    [IO.Compression.ZipFile]::ExtractToDirectory($package.FullName, $folder)
    $metadata = ([xml](Get-Content -Raw "$folder/Kamal.nuspec")).package.metadata
    $manifest = Import-PowerShellDataFile "$root/Kamal.psd1"
    $components = (Get-Content -Raw $bom | ConvertFrom-Json).components
    # An assembly's identity, which a compiled copy keeps, and the machine that its code is for.
    function Get-Image([string] $Path) {
        $image = [Reflection.PortableExecutable.PEReader]::new([IO.File]::OpenRead($Path))
        try {
            $reader = [Reflection.Metadata.PEReaderExtensions]::GetMetadataReader($image)
            @{
                Identity = $reader.GetGuid($reader.GetModuleDefinition().Mvid)
                Machine  = [int]$image.PEHeaders.CoffHeader.Machine -band 0xffff
            }
        }
        finally { $image.Dispose() }
    }
}

Describe 'The package' {
    It 'is the same each time' {
        Import-Module "$root/build/Package.psm1"
        $extra = @{ 'bom.cdx.json' = $bom.FullName; 'icon.png' = "$root/docs/pictures/icon.png" }
        $uri = 'https://github.com/OWNER/REPOSITORY'
        $again = New-ModulePackage "$root/out/Kamal/$($manifest.ModuleVersion)" $TestDrive "$root/CHANGELOG.md" $uri $extra
        (Get-FileHash $again).Hash | Should -Be (Get-FileHash $package).Hash
    }

    It 'has the module as it was built, the bill of materials and the icon' {
        $module = "$root/out/Kamal/$($manifest.ModuleVersion)"
        $files = Get-ChildItem $module -Recurse -File
        $files | Should -Not -BeNullOrEmpty
        foreach ($file in $files) {
            (Get-FileHash "$folder/$([IO.Path]::GetRelativePath($module, $file))").Hash | Should -Be (Get-FileHash $file).Hash
        }
        "$folder/bom.cdx.json", "$folder/icon.png" | Should -Exist
    }

    It 'has the same engine for each platform, compiled ahead' {
        $platforms = (Get-ChildItem "$folder/runtimes" | ForEach-Object Name | Sort-Object) -join ' '
        if ($global:platform -eq 'all') { $platforms | Should -Be 'linux-arm64 linux-x64 osx-arm64 win-x64' }
        else { -split $platforms | Should -Contain $global:platform }
        $machine = @{ x64 = 0x8664; arm64 = 0xaa64 }
        # What a ready-to-run file adds to the number of its processor (PE format, ".NET's own").
        $system = @{ win = 0; linux = 0x7b79; osx = 0x4644 }
        foreach ($platform in Get-ChildItem "$folder/runtimes") {
            $names = Get-ChildItem $platform -Recurse -File | ForEach-Object { [IO.Path]::GetRelativePath($platform, $_).Replace('\', '/') }
            $names | Should -Be 'Kamal.Engine.dll'
            foreach ($name in $names) {
                $copy = Get-Image "$platform/$name"
                $copy.Identity | Should -Be (Get-Image "$folder/$name").Identity -Because "$platform/$name"
                $of, $processor = $platform.Name -split '-'
                $copy.Machine | Should -Be ($machine[$processor] -bxor $system[$of]) -Because "$platform/$name"
            }
        }
    }

    It 'says what it is, from whom, and under which licence' {
        $metadata.id, $metadata.version | Should -Be 'Kamal', $manifest.ModuleVersion
        $metadata.authors | Should -Be $manifest.Author
        $metadata.licenseUrl | Should -Be $manifest.PrivateData.PSData.LicenseUri
        $metadata.projectUrl | Should -Be 'https://github.com/OWNER/REPOSITORY'
        $raw = "https://raw.githubusercontent.com/OWNER/REPOSITORY/v$($manifest.ModuleVersion)"
        $metadata.iconUrl | Should -Be "$raw/docs/pictures/icon.png"
    }

    It 'has the tags by which the Gallery finds modules and cmdlets' {
        $tags = -split $metadata.tags
        $tags | Should -Contain 'PSModule'
        $tags | Should -Contain 'PSEdition_Core'
        $tags | Should -Contain 'PSCommand_Invoke-KamalDeploy'
        $metadata.tags.Length | Should -BeLessOrEqual 4000
    }

    It 'has the release notes of its version, without Markdown' {
        $metadata.releaseNotes | Should -Not -Match '\]\(|\*\*|`'
        $metadata.releaseNotes.Length | Should -BeGreaterThan 100
    }

    It 'contains no path of this machine' {
        foreach ($file in Get-ChildItem $folder -Recurse -File) {
            $text = [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes($file))
            $text.Contains($root, 'Ordinal') | Should -BeFalse -Because $file.Name
        }
    }
}

Describe 'The symbols' {
    It 'name sources by their place in the repository' {
        foreach ($file in Get-ChildItem $folder -Recurse -Filter *.pdb) {
            $provider = [Reflection.Metadata.MetadataReaderProvider]::FromPortablePdbStream([IO.File]::OpenRead($file))
            try {
                $reader = $provider.GetMetadataReader()
                $names = foreach ($handle in $reader.Documents) { $reader.GetString($reader.GetDocument($handle).Name) }
                $names | Should -Not -BeNullOrEmpty
                $names | Where-Object { -not $_.StartsWith('/_/') } | Should -BeNullOrEmpty -Because $file.Name
            }
            finally { $provider.Dispose() }
        }
    }
}

Describe 'The archive' {
    It 'is the module in a directory of $env:PSModulePath' {
        $zip = [IO.Compression.ZipFile]::OpenRead($archive)
        try { $zip.Entries.FullName | Should -Contain "Kamal/$($manifest.ModuleVersion)/Kamal.psd1" } finally { $zip.Dispose() }
    }
}

Describe 'The bill of materials' {
    It 'has the package of every library that is shipped, with its version, hash and licence' {
        $shipped = Get-ChildItem "$folder/deps/*.dll" -Exclude 'Kamal.*' | ForEach-Object BaseName
        $named = $components.name -replace '^SSH\.NET$', 'Renci.SshNet' | Sort-Object
        $named | Should -Be @($shipped | Sort-Object)
        foreach ($component in $components) {
            $component.purl | Should -Be "pkg:nuget/$($component.name)@$($component.version)"
            $component.hashes[0].content | Should -Match '^[0-9a-f]{128}$'
            $component.licenses[0].license.id | Should -Be 'MIT'
        }
    }

    It 'knows every component that a component depends on' {
        $graph = (Get-Content -Raw $bom | ConvertFrom-Json).dependencies
        $graph.dependsOn | ForEach-Object { $graph.ref | Should -Contain $_ }
        ($graph | Where-Object ref -Like 'pkg:nuget/Kamal@*').dependsOn | Should -HaveCount 3
    }
}

Describe 'The third-party notices' {
    It 'name every library that is shipped' {
        $notices = Get-Content -Raw "$folder/THIRD-PARTY-NOTICES.md"
        foreach ($file in Get-ChildItem "$folder/deps/*.dll" -Exclude 'Kamal.*') {
            $notices | Should -Match ([regex]::Escape("| ``$($file.Name)`` |"))
        }
        foreach ($component in $components) { $notices | Should -Match ([regex]::Escape("[$($component.name)](")) }
    }
}
