#Requires -Version 7.6

BeforeAll {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    $pwsh = (Get-ChildItem "$root/out/powershell/$($PSVersionTable.PSVersion)/pwsh*")[0].FullName
    Import-Module "$root/build/Package.psm1"
    $version = (Import-PowerShellDataFile "$root/Kamal.psd1").ModuleVersion
    $built = "$root/out/Kamal/$version"
    $repository = (New-Item -ItemType Directory "$TestDrive/repository").FullName

    # A prerelease of an older version.
    $old = (New-Item -ItemType Directory "$TestDrive/old").FullName
    Copy-Item "$built/*" $old -Recurse
    $text = (Get-Content -Raw "$old/Kamal.psd1") -replace [regex]::Escape("'$version'"), "'0.0.9'"
    Set-Content "$old/Kamal.psd1" ($text -replace 'PSData = @\{', "PSData = @{`n            Prerelease = 'preview1'")
    Set-Content "$TestDrive/CHANGELOG.md" "## 0.0.9`n`nA preview."
    $packages = @($global:packed[0]; New-ModulePackage $old $TestDrive "$TestDrive/CHANGELOG.md")

    $project = (New-Item -ItemType Directory "$TestDrive/project/config").Parent.FullName
    Set-Content "$project/config/deploy.yml" @'
service: shop
image: acme/shop
servers: [ web1.example.com ]
registry: { username: acme, password: [ PASSWORD ] }
builder: { arch: amd64 }
'@
    # A command in a new PowerShell: exit code and output. It finds the module where Install-PSResource put it.
    function Invoke-New([string[]] $Arguments) {
        Push-Location $project
        try { & $pwsh -NoLogo -NoProfile -NonInteractive @Arguments 2>&1 | Out-String } finally { Pop-Location }
    }
}

Describe 'A package in a local repository' {
    It 'is published and found' {
        Register-PSResourceRepository -Name Local -Uri $repository -Trusted
        foreach ($package in $packages) { Publish-PSResource -NupkgPath $package -Repository Local }
        $found = Find-PSResource Kamal -Repository Local
        $found.Version, $found.Prerelease | Should -Be $version, ''
        $found.Author | Should -Not -BeNullOrEmpty
        $found.LicenseUri | Should -Be 'https://opensource.org/license/mit'
        $found.Tags | Should -Contain 'Docker'
        (Find-PSResource Kamal -Repository Local -Prerelease -Version '*').Prerelease | Should -Contain 'preview1'
    }

    It 'is installed as a prerelease' {
        Install-PSResource Kamal -Version 0.0.9-preview1 -Prerelease -Repository Local
        $installed = Get-InstalledPSResource Kamal
        $installed.Version, $installed.Prerelease | Should -Be '0.0.9', 'preview1'
    }

    It 'is updated' {
        Update-PSResource Kamal -Repository Local
        (Get-InstalledPSResource Kamal).Version | Should -Be $version, '0.0.9'
    }

    It 'runs in a new PowerShell without an import' {
        $text = Invoke-New '-Command', 'kamal config --version v1; (Get-KamalConfig -Version v1).Service; "$((Get-Module Kamal).Version)"'
        $text | Should -BeLike "*:absolute_image: acme/shop:v1*shop*$version*"
    }

    It 'runs the code that was compiled for this platform' {
        $text = Invoke-New '-Command', '$null = Get-KamalConfig -Version v1; [Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier
            $loaded = ([AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { -not $_.IsDynamic }).Location
            $loaded -match "Kamal[.]|SshNet|YamlDotNet" -replace "\\", "/" -replace ".*/Kamal/[^/]*/"'
        $platform, $loaded = $text.Trim() -split '\r?\n'
        $loaded | Should -Contain "runtimes/$platform/Kamal.Engine.dll"
        $loaded | Should -Contain 'deps/YamlDotNet.dll'
        $loaded | Should -Contain 'Kamal.dll'
        $loaded | Should -Not -Contain 'Kamal.Engine.dll'
    }

    It 'runs on a platform that nothing was compiled for' {
        Copy-Item $built "$TestDrive/other" -Recurse
        Remove-Item "$TestDrive/other/runtimes" -Recurse
        $text = Invoke-New '-Command', "Import-Module $TestDrive/other/Kamal.psd1; (Get-KamalConfig -Version v1).Service
            [Kamal.Engine.KamalException].Assembly.Location"
        $text.Trim() -split '\r?\n' | Should -Be 'shop', (Join-Path $TestDrive 'other/Kamal.Engine.dll')
    }

    It 'runs as a program of shells' -Skip:$IsWindows {
        Copy-Item "$((Get-InstalledPSResource Kamal)[0].InstalledLocation)/Kamal/$version/bin/kamal" "$TestDrive/kamal"
        chmod 755 "$TestDrive/kamal"
        $path = $env:PATH
        $env:PATH = "$(Split-Path $pwsh):$path"
        Push-Location $project
        try {
            sh -c "'$TestDrive/kamal' config --version v1" | Should -Contain ':absolute_image: acme/shop:v1'
            sh -c "'$TestDrive/kamal' no-such-command 2>/dev/null"
            $LASTEXITCODE | Should -Be 1
        }
        finally {
            Pop-Location
            $env:PATH = $path
        }
    }

    It 'is uninstalled, and then the program says what is missing' -Skip:$IsWindows {
        Uninstall-PSResource Kamal -Version '*'
        Get-InstalledPSResource Kamal -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        Get-Module Kamal -ListAvailable | Should -BeNullOrEmpty
        sh -c "'$TestDrive/kamal' config 2>&1" | Should -BeLike '*Install-PSResource Kamal*'
    }
}
