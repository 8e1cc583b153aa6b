#Requires -Version 7.6
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '6.0' }

BeforeAll {
    $program = Get-ChildItem "$PSScriptRoot/../../out/Kamal/*/kamal.ps1" | Sort-Object { [version]$_.Directory.Name } | Select-Object -Last 1
    $pwsh = [Environment]::ProcessPath
    $project = Join-Path $TestDrive 'shop'
    $null = New-Item -ItemType Directory "$project/config", "$project/.kamal"
    Set-Content "$project/.kamal/secrets" 'PASSWORD=hunter2'
    Set-Content "$project/config/deploy.yml" @'
service: shop
image: acme/shop
servers: [ 192.0.2.1 ]
registry: { username: acme, password: [ PASSWORD ] }
builder: { arch: amd64 }
'@
    Push-Location $project

    # What a hook that calls `kamal ARGS` starts. Standard error goes to a file: it is not part of the output.
    function Invoke-Program {
        $output = & $pwsh -NoLogo -NoProfile -File $program.FullName @args 2>"$TestDrive/error"
        [pscustomobject]@{ Output = $output -join "`n"; Error = Get-Content "$TestDrive/error" -Raw; ExitCode = $LASTEXITCODE }
    }
}

AfterAll { Pop-Location }

Describe 'The kamal program' {
    It 'prints to standard output and exits with 0' {
        $run = Invoke-Program version
        $run.Output | Should -Be (Import-PowerShellDataFile (Join-Path $program.Directory 'Kamal.psd1')).ModuleVersion
        $run.Error | Should -BeNullOrEmpty
        $run.ExitCode | Should -Be 0
    }

    It 'takes a word with a colon as it was written: <Word>' -ForEach @(
        @{ Word = '--nosuch=host.example:2222' }
        @{ Word = '--nosuch:' }
        @{ Word = '--nosuch:$true' }
    ) {
        # An unknown option is named in the error, so the error shows the word that arrived.
        (Invoke-Program $Word).Error | Should -BeLike "*$Word*"
    }

    It 'writes an error as lines on standard error, without the place in a script, and exits with 1' {
        $run = Invoke-Program app boot -c nosuch.yml
        $run.Output | Should -BeNullOrEmpty
        $run.Error | Should -BeLike 'ERROR: *nosuch.yml*'
        $run.Error | Should -Not -Match 'kamal\.ps1|Line \||\x1b'
        $run.ExitCode | Should -Be 1
    }

    It 'reads an answer from standard input' {
        # A yes would fail, for there is no git repository and so no version.
        $null = 'n' | & $pwsh -NoLogo -NoProfile -File $program.FullName remove 2>&1
        $LASTEXITCODE | Should -Be 0
        $null = 'y' | & $pwsh -NoLogo -NoProfile -File $program.FullName remove 2>&1
        $LASTEXITCODE | Should -Be 1
    }
}
