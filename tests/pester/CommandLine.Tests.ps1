#Requires -Version 7.6
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '6.0' }

BeforeAll {
    . $PSScriptRoot/Shop.ps1
    Import-Module $manifest.FullName -Force
    $project = Join-Path $TestDrive 'shop'
    Enter-Shop $project

    # A session of its own, as CI starts it.
    function Invoke-Pwsh([string] $Mode, [string] $Script) {
        $text = "Import-Module '$($manifest.FullName)'; Set-Location '$project'; $Script"
        if ($Mode -eq '-File') {
            Set-Content "$TestDrive/script.ps1" $text
            $text = "$TestDrive/script.ps1"
        }

        $output = & $pwsh -NoLogo -NoProfile -NonInteractive $Mode $text 2>&1
        # The two streams come in no fixed order.
        $errors, $text = $output.Where({ $_ -is [Management.Automation.ErrorRecord] }, 'Split')
        [pscustomobject]@{ ExitCode = $LASTEXITCODE; Output = "$errors $text" }
    }
}

AfterAll { Pop-Location }

Describe 'The exit code' {
    It '<Mode> <Script> exits with <ExitCode>' -ForEach @(
        @{ Mode = '-Command'; ExitCode = 0; Script = 'kamal version' }
        @{ Mode = '-Command'; ExitCode = 1; Script = 'kamal nosuch' }
        @{ Mode = '-Command'; ExitCode = 1; Script = 'kamal deploy -c nosuch.yml' }
        @{ Mode = '-Command'; ExitCode = 0; Script = 'kamal deploy -P --version v1 -WhatIf' }
        @{ Mode = '-Command'; ExitCode = 1; Script = "`$ErrorActionPreference = 'Stop'; kamal nosuch; 'went on'" }
        @{ Mode = '-Command'; ExitCode = 1; Script = 'kamal nosuch; exit $LASTEXITCODE' }
        @{ Mode = '-File'; ExitCode = 1; Script = 'kamal deploy -c nosuch.yml; exit $LASTEXITCODE' }
        @{ Mode = '-File'; ExitCode = 0; Script = 'kamal version; exit $LASTEXITCODE' }
        @{ Mode = '-File'; ExitCode = 1; Script = "`$ErrorActionPreference = 'Stop'; kamal rollback v1 -c nosuch.yml; 'went on'" }
    ) {
        $run = Invoke-Pwsh $Mode $Script
        $run.ExitCode | Should -Be $ExitCode
        $run.Output | Should -Not -Match 'went on$'
    }

    It 'is in $LASTEXITCODE, and $? says whether it succeeded: <Script>' -ForEach @(
        @{ Script = 'kamal nosuch'; Expected = 'False 1' }
        @{ Script = '$null = kamal version'; Expected = 'True 0' }
        @{ Script = 'kamal deploy -c nosuch.yml -ErrorAction SilentlyContinue'; Expected = 'False 1' }
        @{ Script = 'try { kamal nosuch -ErrorAction Stop } catch { $caught = 1 }; $global:LASTEXITCODE -and $caught'; Expected = 'True 1' }
    ) {
        (Invoke-Pwsh '-Command' "$Script; `"`$? `$LASTEXITCODE`"").Output | Should -Match "$Expected`$"
    }
}

Describe 'The command line' {
    It 'leaves one-letter options to Kamal' {
        (kamal deploy -P -p --version=v1.10 -WhatIf).Version | Select-Object -Unique | Should -Be 'v1.10'
    }

    It 'knows aliases' {
        (kamal boot --version v3 -WhatIf).Role | Select-Object -Unique | Should -Be 'workers'
    }

    It 'fails with an error for what it does not know' {
        { kamal frobnicate -ErrorAction Stop } | Should -Throw -ErrorId 'ArgumentInvalid*'
    }

    It 'knows an alias of an alias, with PowerShell''s switches' {
        $results = kamal again --version v3 -WhatIf -AcceptNewHostKey -Confirm:$false
        $results.Role | Select-Object -Unique | Should -Be 'workers'
    }

    It 'ends an alias of itself' {
        { kamal loop -ErrorAction Stop } | Should -Throw -ExpectedMessage '*does not resolve to a command: loop*'
    }

    It 'keeps a version as it was written: <Version>' -ForEach @{ Version = '1.10' }, @{ Version = '0012345' }, @{ Version = '123e4' } {
        (Invoke-Expression "kamal app boot --version $Version -WhatIf").Version | Select-Object -Unique | Should -Be $Version
    }

    It 'writes lines' {
        @(kamal config --version v1 | Select-String '^- workers$').Count | Should -Be 1
        @(kamal help | Select-String '^Commands:$').Count | Should -Be 1
    }

    It 'shows help, and starts nothing: <_>' -ForEach 'app exec --help', 'app exec ls --help', 'app exec -h', 'help app exec', 'app help exec', 'app exec ls -h' {
        (Invoke-Expression "kamal $_")[0] | Should -Be 'Usage: kamal app exec CMD…'
        $LASTEXITCODE | Should -Be 0
    }

    It 'shows the commands of a group' {
        (kamal app)[0] | Should -Be 'Commands:'
        kamal app lo --help | Select-Object -First 1 | Should -Be 'Usage: kamal app logs'
    }

    It 'shows the version' {
        kamal --version | Should -Be (Import-PowerShellDataFile $manifest.FullName).ModuleVersion
    }

    It 'suggests what was meant' {
        { kamal app lgos -ErrorAction Stop } | Should -Throw -ExpectedMessage "*Did you mean 'kamal app logs'?*"
        { kamal deploy --skip-psh -ErrorAction Stop } | Should -Throw -ExpectedMessage '*Did you mean --skip-push?*'
    }

    It 'says that it does not run in ConstrainedLanguage, and what does' {
        $constrained = '$ExecutionContext.SessionState.LanguageMode = "ConstrainedLanguage";'
        $run = Invoke-Pwsh '-Command' "$constrained kamal deploy -P --version v1 -WhatIf"
        $run.Output | Should -Match 'kamal does not run commands in ConstrainedLanguage mode'
        $run.Output | Should -Match 'Use Invoke-KamalDeploy'
        $run.ExitCode | Should -Be 1
        (Invoke-Pwsh '-Command' "$constrained (Invoke-KamalDeploy -SkipPush -Version v1 -WhatIf).Version").Output | Should -Match 'v1$'
    }
}

Describe 'Tab completes the command line' {
    It '<Line> to <Expected>' -ForEach @(
        @{ Line = 'kamal app l'; Expected = 'logs live' }
        @{ Line = 'kamal ag'; Expected = 'again' }
        @{ Line = 'kamal deploy --skip-'; Expected = '--skip-hooks --skip-unreachable --skip-push' }
        @{ Line = 'kamal app boot -r w'; Expected = 'web workers' }
        @{ Line = 'Invoke-Kamal app boot -r wo'; Expected = 'workers' }
        @{ Line = 'kamal app boot --roles=wo'; Expected = '--roles=workers' }
    ) {
        (TabExpansion2 $Line $Line.Length).CompletionMatches.CompletionText -join ' ' | Should -Be $Expected
    }

    It 'after a blank' {
        (TabExpansion2 'kamal lock ' 11).CompletionMatches.CompletionText | Should -Be 'status', 'acquire', 'release'
    }
}

Describe 'Tab' {
    BeforeAll { Set-Content config/deploy.staging.yml 'servers: { web: [ 198.51.100.7 ] }' }

    It "'<Line>' completes to <Expected>" -ForEach @(
        @{ Line = 'kamal app l'; Expected = 'logs', 'live' }
        @{ Line = 'kamal deploy --skip-p'; Expected = , '--skip-push' }
        @{ Line = 'kamal deploy -d s'; Expected = , 'staging' }
        @{ Line = 'kamal accessory reboot d'; Expected = , 'db' }
        @{ Line = 'Invoke-Kamal app l'; Expected = 'logs', 'live' }
        @{ Line = 'Get-KamalSecret P'; Expected = , 'PASSWORD' }
    ) {
        (TabExpansion2 $Line).CompletionMatches.CompletionText | Should -Be $Expected
    }
}
