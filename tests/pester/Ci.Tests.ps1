#Requires -Version 7.6
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '6.0' }

BeforeDiscovery {
    $services = @(
        @{ Service = 'GitHub Actions'; Variable = 'GITHUB_ACTIONS'; Mask = '::add-mask::'
            Issue = '::error file=config/deploy.yml,line=2,col=*::' }
        @{ Service = 'Azure Pipelines'; Variable = 'TF_BUILD'; Mask = '##vso[task.setsecret]'
            Issue = '##vso[task.logissue type=error;sourcepath=config/deploy.yml;linenumber=2;columnnumber=*' }
    )
}

BeforeAll {
    . $PSScriptRoot/Shop.ps1
    $program = Join-Path $manifest.Directory.FullName 'kamal.ps1'
    $job = Resolve-Path "$PSScriptRoot/../../ci/Invoke-KamalJob.ps1"
    Enter-Shop (Join-Path $TestDrive 'shop')
    Set-Content .kamal/secrets "PASSWORD=hunter2`nKEY=`"first line of the key`nsecond line of the key`"`nPIN=12"
    Set-Content broken.yml "service: shop`nimagee: acme/shop"

    # Runs pwsh with variables of its own; standard output and standard error are apart.
    function Invoke-Pwsh([hashtable] $Environment, [string[]] $Words) {
        $start = [Diagnostics.ProcessStartInfo]::new($pwsh)
        foreach ($word in @('-NoLogo', '-NoProfile') + $Words) { $start.ArgumentList.Add($word) }
        foreach ($name in $Environment.Keys) { $start.Environment[$name] = $Environment[$name] }
        $start.Environment['NO_COLOR'] = '1'
        $start.WorkingDirectory = $PWD.ProviderPath
        $start.RedirectStandardInput = $start.RedirectStandardOutput = $start.RedirectStandardError = $true
        $process = [Diagnostics.Process]::Start($start)
        $process.StandardInput.Close()
        $output = $process.StandardOutput.ReadToEndAsync()
        $errors = $process.StandardError.ReadToEnd()
        $process.WaitForExit()
        [pscustomobject]@{ Output = @($output.Result -split '\r?\n'); Error = $errors; ExitCode = $process.ExitCode }
    }

    function Invoke-Command-In([string] $Variable, [string] $Command, [hashtable] $More = @{}) {
        $environment = $More + @{
            VERSION = 'v1'; GITHUB_WORKSPACE = "$PWD"; BUILD_SOURCESDIRECTORY = "$PWD"; AGENT_TEMPDIRECTORY = "$TestDrive"
        }
        if ($Variable) { $environment[$Variable] = 'true' }
        Invoke-Pwsh $environment '-Command', "Import-Module '$($manifest.FullName)'; $Command"
    }
}

AfterAll { Pop-Location }

Describe 'In a job of <Service>' -ForEach $services {
    It 'masks secrets first, line by line, and none that would hide ordinary words' {
        $run = Invoke-Command-In $Variable 'Invoke-KamalDeploy -SkipPush -WhatIf'
        # Before them, only the question that -WhatIf answers.
        ($run.Output -notlike 'What if: Performing*')[0] | Should -BeLike "$([WildcardPattern]::Escape($Mask))*"
        foreach ($secret in 'hunter2', 'first line of the key', 'second line of the key') { $run.Output | Should -Contain "$Mask$secret" }
        $run.Output | Should -Not -Contain "${Mask}12"
        # After the masks, nothing shows a secret.
        $run.Output | Where-Object { -not $_.StartsWith($Mask) } | Should -Not -Match 'hunter2|line of the key'
    }

    It 'masks a secret once in a session' {
        $run = Invoke-Command-In $Variable 'Invoke-KamalDeploy -SkipPush -WhatIf; Invoke-KamalDeploy -SkipPush -WhatIf'
        @($run.Output -eq "${Mask}hunter2").Count | Should -Be 1
    }

    It 'writes no mask to a transcript' {
        $null = Invoke-Command-In $Variable "Start-Transcript '$TestDrive/transcript.txt'; Invoke-KamalDeploy -SkipPush -WhatIf"
        Get-Content "$TestDrive/transcript.txt" -Raw | Should -Not -Match 'hunter2'
    }

    It 'reports a mistake in the configuration at its line' -ForEach 'Test-KamalConfig', 'Invoke-KamalDeploy' {
        Copy-Item config/deploy.yml "$TestDrive/deploy.yml"
        try {
            Copy-Item broken.yml config/deploy.yml
            $pattern = ([WildcardPattern]::Escape($Issue) -replace '`\*', '*') + '*imagee*'
            @((Invoke-Command-In $Variable $_).Output -like $pattern) | Should -HaveCount 1
        }
        finally { Move-Item -Force "$TestDrive/deploy.yml" config/deploy.yml }
    }

    It 'reports nothing that -ErrorAction silences' {
        $run = Invoke-Command-In $Variable 'Stop-KamalApp -HostName nosuch -ErrorAction SilentlyContinue'
        $run.Output | Should -Not -Match '::error|logissue'
    }

    It 'never asks: <_>' -ForEach 'Remove-KamalApp', 'kamal remove', 'Invoke-KamalDeploy -Confirm' {
        $run = Invoke-Command-In $Variable $_
        "$($run.Error) $($run.Output)" | Should -Match 'needs confirmation'
        "$($run.Error) $($run.Output)" | Should -Not -Match 'Are you sure'
        $run.ExitCode | Should -Be 1
    }

    It 'keeps the output of a program that reads free of masks' {
        $environment = @{ VERSION = 'v1'; $Variable = 'true' }
        $run = Invoke-Pwsh $environment '-File', $program, 'config'
        $run.Output | Should -Not -Match 'hunter2'
        $run.Output -join "`n" | Should -BeLike '*service*'
        $run.Error | Should -Match 'hunter2'
    }
}

Describe 'Outside of a CI service' {
    It 'prints no commands' {
        $run = Invoke-Command-In '' 'Invoke-KamalDeploy -SkipPush -WhatIf; Test-KamalConfig'
        $run.Output + $run.Error | Should -Not -Match '^::|##\[|##vso|hunter2'
    }
}

Describe 'The outputs and the summary' {
    It 'tell that a run failed, and why' {
        $files = @{ GITHUB_OUTPUT = "$TestDrive/output"; GITHUB_STEP_SUMMARY = "$TestDrive/summary.md" }
        (Invoke-Command-In GITHUB_ACTIONS 'Stop-KamalApp -HostName nosuch' $files).ExitCode | Should -Be 1
        Get-Content "$TestDrive/output" -Raw | Should -Match 'outcome<<(\S+)\r?\nfailed\r?\n\1'
        Get-Content "$TestDrive/summary.md" -Raw | Should -Match '(?s)^### app stop.*failed.*nosuch'
    }

    It 'do not change when a hook of another run calls a command' {
        $files = @{ GITHUB_OUTPUT = "$TestDrive/output-of-hook"; KAMAL_RECORDED_AT = 'now' }
        $run = Invoke-Command-In GITHUB_ACTIONS 'Stop-KamalApp -HostName nosuch' $files
        $run.Output | Should -Not -Match '^::'
        "$TestDrive/output-of-hook" | Should -Not -Exist
    }

    It 'have the plan of a preview' {
        $null = Invoke-Command-In GITHUB_ACTIONS 'Invoke-KamalDeploy -SkipPush -WhatIf' @{ GITHUB_STEP_SUMMARY = "$TestDrive/plan.md" }
        Get-Content "$TestDrive/plan.md" -Raw | Should -Match '(?s)previewed.*<details><summary>Plan</summary>'
    }

    It 'that cannot be written are a warning' {
        $run = Invoke-Command-In GITHUB_ACTIONS 'Stop-KamalApp -HostName nosuch' @{ GITHUB_OUTPUT = "$TestDrive/no/such/folder" }
        "$($run.Output)" | Should -Match 'outputs of the CI job are incomplete'
    }
}

# docs/azure-devops.md and docs/github-actions.md show this table.
Describe 'The exit code of a failure' {
    It 'is <Code> with <How>: <Text>' -ForEach @(
        @{ How = '-Command'; Text = 'Invoke-KamalDeploy -ConfigFile no.yml'; Code = 1 }
        @{ How = '-Command'; Text = '$ErrorActionPreference = "Stop"; Invoke-KamalDeploy -ConfigFile no.yml; "went on"'; Code = 1 }
        @{ How = '-Command'; Text = 'Invoke-KamalDeploy -ConfigFile no.yml; "went on"'; Code = 0 }
        @{ How = '-Command'; Text = 'kamal deploy -c no.yml'; Code = 1 }
        @{ How = '-Command'; Text = 'kamal deploy -c no.yml; exit $LASTEXITCODE'; Code = 1 }
        @{ How = '-File'; Text = 'Invoke-KamalDeploy -ConfigFile no.yml'; Code = 0 }
        @{ How = '-File'; Text = '$ErrorActionPreference = "Stop"; Invoke-KamalDeploy -ConfigFile no.yml'; Code = 1 }
        @{ How = '-File'; Text = 'kamal deploy -c no.yml | Out-Default; exit $LASTEXITCODE'; Code = 1 }
    ) {
        $line = "Import-Module '$($manifest.FullName)'; $Text"
        if ($How -eq '-File') {
            Set-Content "$TestDrive/step.ps1" $line
            $line = "$TestDrive/step.ps1"
        }
        $run = Invoke-Pwsh @{} $How, $line
        $run.ExitCode | Should -Be $Code
        "$($run.Output)$($run.Error)" | Should -Match 'no\.yml'
    }
}

Describe 'The job of the action and of the template' -Skip:(-not $IsLinux) {
    BeforeEach {
        $home2 = New-Item -ItemType Directory "$TestDrive/home-$(New-Guid)"
        $inputs = @{
            HOME = "$home2"; KAMAL_CI_MODULE_PATH = $manifest.FullName; KAMAL_CI_COMMAND = 'config'; VERSION = 'v1'; GITHUB_ACTIONS = 'true'
        }
    }

    It 'adds host keys once, and runs the command' {
        $inputs.KAMAL_CI_KNOWN_HOSTS = "192.0.2.1 ssh-ed25519 AAAA1`r`n192.0.2.2 ssh-ed25519 AAAA2`n"
        foreach ($time in 1, 2) {
            $run = Invoke-Pwsh $inputs '-File', $job
            $run.ExitCode | Should -Be 0 -Because $run.Error
            "$($run.Output)" | Should -BeLike '*service*'
        }
        Get-Content "$home2/.ssh/known_hosts" | Should -Be '192.0.2.1 ssh-ed25519 AAAA1', '192.0.2.2 ssh-ed25519 AAAA2'
    }

    It 'ends with the exit code of the command' {
        $inputs.KAMAL_CI_COMMAND = 'deploy -c no.yml'
        (Invoke-Pwsh $inputs '-File', $job).ExitCode | Should -Be 1
    }

    It 'never runs what is in its inputs' {
        $inputs.KAMAL_CI_DESTINATION = 'x; New-Item oops $(New-Item oops)'
        $null = Invoke-Pwsh $inputs '-File', $job
        'oops' | Should -Not -Exist
    }

    It 'puts the private key into an agent that ends with the job' {
        ssh-keygen -q -t ed25519 -N '' -f "$TestDrive/key"
        $inputs.KAMAL_CI_PRIVATE_KEY = Get-Content "$TestDrive/key" -Raw
        $inputs.KAMAL_CI_COMMAND = 'config'
        $run = Invoke-Pwsh $inputs '-File', $job
        $run.ExitCode | Should -Be 0 -Because $run.Error
        Get-ChildItem -Recurse -File $home2 | Should -BeNullOrEmpty
        Get-ChildItem ([IO.Path]::GetTempPath()) -Filter 'kamal-agent-*' | Should -BeNullOrEmpty
    }

    It 'has an action and a template with the same inputs' {
        $root = "$PSScriptRoot/../.."
        $list = [regex]::Match((Get-Content $job -Raw), '(?m)^foreach.* in (.*)\)').Groups[1].Value
        $used = $list -split ', ' -replace "'" -replace '^', 'KAMAL_CI_'
        foreach ($file in "$root/action.yml", "$root/ci/azure-pipelines.yml") {
            $set = [regex]::Matches((Get-Content $file -Raw), '(?m)^ +(KAMAL_CI_\w+):').ForEach({ $_.Groups[1].Value })
            $set -ne 'KAMAL_CI_SCRIPT' | Sort-Object | Should -Be ($used | Sort-Object)
        }
    }
}
