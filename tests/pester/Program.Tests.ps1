#Requires -Version 7.6
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '6.0' }

BeforeAll {
    . $PSScriptRoot/Shop.ps1
    $program = Join-Path $manifest.Directory.FullName 'kamal.ps1'
    Enter-Shop (Join-Path $TestDrive 'shop')

    # What a hook that calls `kamal ARGS` starts. Standard error goes to a file: it is not part of the output.
    function Invoke-Program {
        $output = & $pwsh -NoLogo -NoProfile -File $program @args 2>"$TestDrive/error"
        [pscustomobject]@{ Output = $output -join "`n"; Error = Get-Content "$TestDrive/error" -Raw; ExitCode = $LASTEXITCODE }
    }
}

AfterAll { Pop-Location }

Describe 'The kamal program' {
    It 'prints to standard output and exits with 0' {
        $run = Invoke-Program version
        $run.Output | Should -Be (Import-PowerShellDataFile $manifest.FullName).ModuleVersion
        $run.Error | Should -BeNullOrEmpty
        $run.ExitCode | Should -Be 0
    }

    It 'prints the whole table' {
        Push-Location (New-Item -ItemType Directory "$TestDrive/new")
        try { $run = Invoke-Program init } finally { Pop-Location }
        $run.Output | Should -Match '(?m)^\S*config.deploy\.yml +written'
        $run.Output | Should -Match '(?m)pre-deploy\.sample +written'
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
        $null = 'n' | & $pwsh -NoLogo -NoProfile -File $program remove 2>&1
        $LASTEXITCODE | Should -Be 0
        $null = 'y' | & $pwsh -NoLogo -NoProfile -File $program remove 2>&1
        $LASTEXITCODE | Should -Be 1
    }
}
