#Requires -Version 7.6
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '6.0' }

BeforeAll {
    . $PSScriptRoot/Shop.ps1
    Import-Module $manifest.FullName -Force
    Enter-Shop (Join-Path $TestDrive 'shop')
}

AfterAll { Pop-Location }

Describe 'Get-KamalPlan' {
    It 'gives the same JSON twice, in which nothing is cut off' {
        $json = Get-KamalPlan Setup -SkipPush -Version v2 | ConvertTo-Json -Depth 8 -WarningVariable cut -WarningAction SilentlyContinue
        $cut | Should -BeNullOrEmpty
        Get-KamalPlan Setup -SkipPush -Version v2 | ConvertTo-Json -Depth 8 | Should -BeExactly $json
        $json | Should -Match 'docker pull [^"]+:v2'
        ($json | ConvertFrom-Json).Phases.Hosts.Steps | Where-Object { $_ -is [string] } | Should -BeNullOrEmpty
    }

    It 'shows steps without commands, and with -Detailed with them' {
        $overview = Get-KamalPlan -SkipPush -Version v2 | Out-String -Width 120
        $overview | Should -Match 'Pull the image'
        $overview | Should -Not -Match 'docker pull'
        Get-KamalPlan -SkipPush -Version v2 -Detailed | Out-String -Width 4000 | Should -Match 'docker pull [^ ]+:v2'
    }
}

Describe '-WhatIf' {
    It 'of a deploy to three hosts fits 40 lines of 100 columns' {
        $lines = Invoke-KamalDeploy -SkipPush -Version v2 -WhatIf 6>&1 | Out-String -Width 100 -Stream
        $lines.Count | Should -BeLessOrEqual 40
        $lines | Where-Object Length -gt 100 | Should -BeNullOrEmpty
        $lines -match 'Boot the primary role' | Should -Not -BeNullOrEmpty
    }

    It 'can be searched' {
        Invoke-KamalDeploy -SkipPush -Version v2 -WhatIf 6>&1 | Select-String 'Prune containers' | Should -HaveCount 1
    }

    It 'shows the commands with -Verbose' {
        Invoke-KamalDeploy -SkipPush -Version v2 -WhatIf -Verbose 4>&1 | Select-String 'docker pull [^ ]+:v2' | Should -HaveCount 3
    }
}
