#Requires -Version 7.6
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '6.0' }

BeforeAll {
    . $PSScriptRoot/Shop.ps1
    Import-Module $manifest.FullName -Force
    $project = Join-Path $TestDrive 'shop'
    Enter-Shop $project
    # A deploy lock names a version, which is the commit where none is given.
    git init --quiet .
    git add --all
    git -c user.name=pester -c user.email=pester@example.com commit --quiet --message app
}

AfterAll { Pop-Location }

Describe 'History' {
    It 'has a table of 80 columns' {
        $deployment = [Kamal.Engine.Results.KamalDeployment]::new('2026-01-02T03:04:05Z', 'rollback', '4f926d9a0b1c2d3e4f5061728394a5b6c7d8e9f0', 'Interrupted')
        $lines = $deployment | Out-String -Width 80 -Stream | Where-Object { $_ }
        $lines[-1] | Should -Match '^2026-01-02 03:04 rollback +4f926d9 +Interrupted'
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual 80
    }

    It 'is not needed for the preview of a rollback, which shows what stands for the version' {
        (Invoke-KamalRollback -WhatIf).Version | Select-Object -Unique | Should -Be 'previous'
    }
}

Describe 'Previews' {
    It 'show a deploy and write one object a role and host' {
        $results = Invoke-KamalDeploy -SkipPush -Version v2 -WhatIf
        $results | Should -HaveCount 3
        $results.Outcome | Select-Object -Unique | Should -Be 'Previewed'
        $results | Where-Object Role -eq 'workers' | Select-Object -ExpandProperty HostName | Should -Be '192.0.2.3'
    }

    It 'end early with Select-Object -First' {
        Invoke-KamalDeploy -SkipPush -Version v2 -WhatIf | Select-Object -First 1 | Should -HaveCount 1
    }

    It 'take containers from the pipeline by property name' {
        $containers = [pscustomobject]@{ HostName = '192.0.2.1'; Role = 'web'; Version = 'v1'; Kind = 'App' },
                      [pscustomobject]@{ HostName = '192.0.2.2'; Role = 'web'; Version = 'v1'; Kind = 'App' }
        { $containers | Remove-KamalContainer -WhatIf -ErrorAction Stop } | Should -Not -Throw
        { [pscustomobject]@{ HostName = '192.0.2.3'; Accessory = 'db' } | Restart-KamalAccessory -WhatIf -ErrorAction Stop } | Should -Not -Throw
    }

    It 'work in ForEach-Object -Parallel' {
        $path = $manifest.FullName
        $results = 1..4 | ForEach-Object -Parallel {
            Import-Module $using:path
            Set-Location $using:project
            (Invoke-KamalDeploy -SkipPush -Version "v$_" -WhatIf)[0].Version
        }
        $results | Sort-Object | Should -Be @('v1', 'v2', 'v3', 'v4')
    }
}

Describe 'Orphans' {
    BeforeAll {
        $orphan = [Kamal.Engine.Results.KamalOrphan]::new('192.0.2.9', 'Container', 'shop-job-v1')
        $orphan.GetType().GetProperty('Id').SetValue($orphan, 'f00d')
        $orphan.GetType().GetProperty('Why').SetValue($orphan, 'the configuration has no role job')
        $data = [Kamal.Engine.Results.KamalOrphan]::new('192.0.2.9', 'Data', './shop-db')
        $plan = [Kamal.Engine.Results.KamalPlan]::new('Deploy', 'shop')
        $orphans = [Collections.Immutable.ImmutableArray]::Create($orphan, $data)
        $plan.GetType().GetProperty('Orphans').SetValue($plan, $orphans)
    }

    It 'have a table with the reason' {
        $orphan | Out-String -Width 100 | Should -Match '192\.0\.2\.9 +Container +shop-job-v1 +the configuration has no role job'
    }

    It 'come from a plan or by themselves, and their removal is previewed without their data' {
        foreach ($source in $plan, $orphans) {
            $shown = $source | Remove-KamalOrphan -WhatIf -Verbose -PassThru -WarningVariable warnings 3>$null 4>&1 6>&1
            $text = $shown | Out-String -Width 400
            $text | Should -Match 'docker container stop f00d'
            $text | Should -Match 'docker container rm f00d'
            $text | Should -Not -Match 'rm .*shop-db'
            $warnings | Should -Match 'data directory ./shop-db on 192.0.2.9 is not removed'
            $shown | Where-Object Outcome -eq 'Previewed' | Select-Object -ExpandProperty HostName | Should -Be '192.0.2.9'
        }
    }

    It 'are removed with their data only on request' {
        $plan | Remove-KamalOrphan -IncludeData -WhatIf -Verbose 4>&1 6>&1 | Out-String -Width 400 | Should -Match 'rm -rf -- ./shop-db'
    }

    It 'of an empty plan are none, which does not stand for all' {
        $none = [Kamal.Engine.Results.KamalPlan]::new('Deploy', 'shop')
        $none | Remove-KamalOrphan -Confirm:$false -ErrorAction Stop | Should -BeNullOrEmpty
        [pscustomobject]@{ Name = '' } | Remove-KamalOrphan -Confirm:$false -WarningVariable warnings 3>$null
        $warnings | Should -Match 'skipped a pipeline object that is not an orphan'
    }
}

Describe 'Errors' {
    It 'name the host that does not exist' {
        { Get-KamalContainer -HostName nosuch -ErrorAction Stop } | Should -Throw -ErrorId 'HostNotFound*'
    }

    It 'list every problem of a file' {
        Set-Content config/deploy.broken.yml "servres: [ a ]`nretain_containers: none"
        (Test-KamalConfig -Destination broken).Count | Should -BeGreaterThan 1
        Test-KamalConfig -Quiet | Should -BeTrue
    }
}
