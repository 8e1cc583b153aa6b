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
