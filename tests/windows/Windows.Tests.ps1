#Requires -Version 7.6
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '6.0' }
# What only Windows does. `tests/run windows` runs it under Wine, the GitHub workflow on Windows itself.

BeforeAll {
    $manifest = Get-ChildItem "$PSScriptRoot/../../out/Kamal/*/Kamal.psd1" |
        Sort-Object { [version]$_.Directory.Name } | Select-Object -Last 1
    Import-Module $manifest.FullName -Force
    $path = $env:PATH
    # Git for Windows with its shell out of PATH, as it installs itself.
    $env:PATH = ($path -split ';' | Where-Object { $_ -and -not (Test-Path (Join-Path $_ 'sh.exe')) }) -join ';'
    $project = Join-Path $TestDrive 'shop'
    $null = New-Item -ItemType Directory "$project/config", "$project/.kamal/hooks"
    Push-Location $project
    $env:VERSION = 'v1'

    function Set-Project([string] $Secrets = '', [string] $Yaml = '', [string] $Service = 'shop') {
        Set-Content .kamal/secrets "PASSWORD=hunter2`n$Secrets"
        # Port 1 refuses at once.
        Set-Content config/deploy.yml @"
service: $Service
image: acme/shop
servers: [ 127.0.0.1:1 ]
registry: { username: acme, password: [ PASSWORD ] }
builder: { arch: amd64 }
ssh: { config: false }
$Yaml
"@
    }

    function Get-Failure([scriptblock] $Command) {
        $ErrorActionPreference = 'Stop'
        try { $null = & $Command } catch { return $_ }
        throw "It succeeded: $Command"
    }

    function Set-Hook([string] $Name, [string] $Text) {
        Remove-Item .kamal/hooks/* -Force
        [IO.File]::WriteAllText("$project/.kamal/hooks/$Name", $Text)
    }
}

AfterAll {
    $env:PATH = $path
    Remove-Item env:VERSION
    Pop-Location
}

Describe 'A secret from $(...) without sh in PATH' -Tag Windows {
    It 'is what PowerShell prints: <Command>' -ForEach @(
        @{ Command = "Write-Output 'grün'"; Value = 'grün' }
        @{ Command = "'a', 'b' -join '+'"; Value = 'a+b' }
        @{ Command = "'a', 'b'"; Value = "a`nb" }
        @{ Command = 'C:/Windows/System32/cmd.exe /c echo native'; Value = 'native' }
        @{ Command = 'Write-Output "$PASSWORD!"'; Value = 'hunter2!' }
    ) {
        Set-Project -Secrets "WANTED=`$($Command)"
        Get-KamalSecret WANTED -AsPlainText | Should -BeExactly $Value
    }

    It 'fails with its error, not with a value: <Command>' -ForEach @(
        @{ Command = 'op-is-not-installed read op://vault/item'; Says = "*The term 'op-is-not-installed' is not recognized*" }
        @{ Command = 'Get-Content nosuch.txt'; Says = '*nosuch.txt*' }
        @{ Command = 'C:/Windows/System32/cmd.exe /c exit 3'; Says = '*ended with exit code 3*' }
        @{ Command = 'op-is-not-installed | Select-Object -First 1'; Says = '*op-is-not-installed*' }
        @{ Command = "[Console]::OpenStandardOutput().Write([byte[]](103, 252, 110), 0, 3)"; Says = '*not UTF-8*' }
    ) {
        Set-Project -Secrets "WANTED=`$($Command)"
        $failure = Get-Failure { Get-KamalSecret WANTED -AsPlainText }
        "$failure" | Should -BeLike $Says
        "$failure" | Should -BeLike '*WANTED*'
    }
}

Describe 'A command in a template without sh in PATH' -Tag Windows {
    It 'is what PowerShell prints' {
        Set-Project -Service '<%= `Write-Output shop`.strip %>' -Yaml "labels: { city: <%= ``Write-Output 'Zürich'``.strip %> }"
        $config = Get-KamalConfig
        "$($config | ConvertTo-Json -Depth 9)" | Should -Match 'Zürich'
    }

    It 'fails where it fails' {
        Set-Project -Service '<%= `op-is-not-installed`.strip %>'
        "$(Get-Failure { Get-KamalConfig })" | Should -BeLike '*op-is-not-installed failed with exit code 1*'
    }
}

Describe 'Hooks' -Tag Windows {
    BeforeAll { Set-Project }

    It 'are PowerShell scripts: their exit code and output in UTF-8 count' {
        Set-Hook pre-connect.ps1 "Write-Output `"Größe `$env:KAMAL_SERVICE`"`nexit 3`n"
        $failure = Get-Failure { kamal server exec hostname }
        "$failure" | Should -BeLike '*pre-connect hook failed with exit code 3*Größe shop*'
    }

    It 'may call programs that fail, as with -File' {
        Set-Hook pre-connect.ps1 "C:/Windows/System32/cmd.exe /c exit 4`nSet-Content ran.txt `$env:KAMAL_COMMAND`n"
        Remove-Item ran.txt -ErrorAction Ignore
        "$(Get-Failure { kamal server exec hostname })" | Should -Not -BeLike '*hook*'
        Get-Content ran.txt | Should -Be 'server'
    }

    It 'find this module as kamal' {
        Set-Hook pre-connect.ps1 "kamal config`nexit 8`n"
        "$(Get-Failure { kamal server exec hostname })" | Should -BeLike '*pre-connect hook failed with exit code 8*:logging:*'
    }

    It "are run by Git's sh where they name a POSIX shell: <_>" -ForEach '#!/bin/sh', '#!/usr/bin/env bash', '#!/usr/bin/env -S sh -e' {
        Set-Hook pre-connect "$_`necho hook of `$KAMAL_SERVICE`nexit 5`n"
        "$(Get-Failure { kamal server exec hostname })" | Should -BeLike '*pre-connect hook failed with exit code 5*hook of shop*'
    }

    It 'are run by the PowerShell that they name' {
        Set-Hook pre-connect "#!/usr/bin/env pwsh`n'hook of ' + `$env:KAMAL_SERVICE`nexit 6`n"
        "$(Get-Failure { kamal server exec hostname })" | Should -BeLike '*pre-connect hook failed with exit code 6*hook of shop*'
    }

    It "are run by Git's sh where they name no interpreter" {
        Set-Hook pre-connect "echo hook of `$KAMAL_SERVICE`nexit 7`n"
        "$(Get-Failure { kamal server exec hostname })" | Should -BeLike '*pre-connect hook failed with exit code 7*hook of shop*'
    }

    It 'whose interpreter is missing say what to do' {
        Set-Hook pre-connect "#!/usr/bin/env nosuchruby`n"
        $failure = Get-Failure { kamal server exec hostname }
        "$failure" | Should -BeLike '*its interpreter nosuchruby is not in PATH*'
        $failure.ErrorDetails.RecommendedAction | Should -BeLike '*pre-connect.ps1*-SkipHooks*'
    }
}

Describe 'Files that hold secrets' -Tag Windows {
    It 'are for this account and the system alone' {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive 'new')
        Push-Location $folder
        try { Initialize-KamalProject | Out-Null }
        finally { Pop-Location }
        $me = [Security.Principal.WindowsIdentity]::GetCurrent().User.Value
        $security = [IO.FileSystemAclExtensions]::GetAccessControl([IO.FileInfo]"$folder/.kamal/secrets")
        $rules = $security.GetAccessRules($true, $true, [Security.Principal.SecurityIdentifier])
        $rules.IdentityReference.Value | Should -BeIn $me, 'S-1-5-18', 'S-1-5-32-544'
        $rules.IdentityReference.Value | Should -Contain $me
    }
}

Describe 'The account that runs a command' -Tag Windows {
    It "has HOME and USER, as in Ruby: <Name>" -ForEach @(
        @{ Name = 'HOME'; Own = 'USERPROFILE' }
        @{ Name = 'USER'; Own = 'USERNAME' }
    ) {
        $before = [Environment]::GetEnvironmentVariable($Name)
        Remove-Item "env:$Name" -ErrorAction Ignore
        try {
            $value = [Environment]::GetEnvironmentVariable($Own)
            Set-Project -Secrets "PLAIN=`$$Name`nSHELL=`$(Write-Output `$$Name)" `
                -Service "<%= ENV['$Name'] == ENV['$Own'] ? 'same' : 'other' %>"
            (Get-KamalConfig).Service | Should -Be 'same'
            Get-KamalSecret PLAIN, SHELL -AsPlainText | Should -Be $value, $value
        }
        finally { if ($null -ne $before) { Set-Item "env:$Name" $before } }
    }

    It 'is named by its user name where there is no git' {
        Set-Project
        Set-Hook pre-connect.ps1 '"it is $($env:KAMAL_PERFORMER -eq [Environment]::UserName)"; exit 3'
        $with = $env:PATH
        $env:PATH = ($with -split ';' | Where-Object { $_ -and -not (Test-Path (Join-Path $_ 'git.exe')) }) -join ';'
        try { "$(Get-Failure { kamal server exec hostname })" | Should -BeLike '*it is True*' }
        finally { $env:PATH = $with }
    }
}

Describe 'A destination' -Tag Windows {
    It 'has the case of its file' {
        Set-Project
        Set-Content config/deploy.staging.yml 'servers: [ 127.0.0.2:1 ]'
        (Get-KamalConfig -Destination staging).Destination | Should -BeExactly 'staging'
        $failure = Get-Failure { Get-KamalConfig -Destination STAGING }
        "$failure" | Should -BeLike '*destination STAGING has no configuration file*'
        $failure.ErrorDetails.RecommendedAction | Should -Be 'Did you mean staging?'
    }
}

Describe 'SSH' -Tag Windows {
    It 'reads %USERPROFILE%\.ssh\config, with the host of an error as it is there' {
        Set-Project
        $yaml = (Get-Content config/deploy.yml -Raw) -replace 'ssh: .*', '' -replace '127.0.0.1:1', 'windows-test-host'
        Set-Content config/deploy.yml $yaml
        $ssh = Join-Path $HOME '.ssh'
        $kept = Test-Path "$ssh/config"
        if ($kept) { Copy-Item "$ssh/config" "$TestDrive/ssh-config" }
        $null = New-Item -ItemType Directory $ssh -Force
        Set-Content "$ssh/config" "Host windows-test-host`n  HostName 127.0.0.1`n  Port 1`n  User deployer`n"
        Remove-Item .kamal/hooks/* -Force
        try { "$(Get-Failure { kamal server exec hostname })" | Should -BeLike '*windows-test-host*deployer@127.0.0.1:1*' }
        finally { if ($kept) { Copy-Item "$TestDrive/ssh-config" "$ssh/config" } else { Remove-Item "$ssh/config" } }
    }
}
