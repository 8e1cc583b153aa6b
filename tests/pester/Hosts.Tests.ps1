#Requires -Version 7.6
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '6.0' }

BeforeAll {
    . $PSScriptRoot/Shop.ps1
    Import-Module $manifest.FullName -Force

    function New-Check([string] $HostName, [hashtable] $Values) {
        $check = [Kamal.Engine.Results.KamalHostCheck]::new($HostName)
        foreach ($name in $Values.Keys) { [Kamal.Engine.Results.KamalHostCheck].GetProperty($name).SetValue($check, $Values[$name]) }
        $check
    }
}

Describe 'The table of Test-KamalHost' {
    BeforeAll {
        $well = New-Check '192.0.2.101' @{
            IsReachable = $true; DockerVersion = '28.5.1'; Architecture = 'amd64'; FreeBytes = [long]123.4GB; ProxyState = 'running'
            ProxyVersion = 'v0.9.2'; ClockOffset = [timespan]'-00:00:12'; LockedBy = 'Ada Lovelace'
        }
        $full = New-Check '192.0.2.102' @{ IsReachable = $true; DockerVersion = '28.5.1'; FreeBytes = [long]9MB; ProxyState = 'exited' }
        $down = New-Check '192.0.2.103' @{}
        $lines = ($well, $full, $down | Out-String -Width 80) -split '\r?\n' | Where-Object Length
    }

    It 'fits 80 columns and leaves nothing out' {
        $lines | ForEach-Object { $_.Length | Should -BeLessOrEqual 80 }
        $lines[0] -split ' +' | Should -Be HostName, Reachable, Docker, Disk, Proxy, Clock, Arch, Ports, Lock
        $lines[2] | Should -Match '^192.0.2.101 +yes +28.5.1 +123[.,]4 GiB +v0.9.2 +-12 s +amd64 +ok +held$'
    }

    It 'tells a host with little space and one that cannot be reached' {
        $lines[3] | Should -Match '^192.0.2.102 +yes +28.5.1 +9 MiB +exited +- +- +ok +-$'
        $lines[4] | Should -Match '^192.0.2.103 +no +- +- +- +- +- +- +-$'
    }
}

Describe 'Test-KamalHost' {
    BeforeAll {
        Enter-Shop (Join-Path $TestDrive 'shop')
        # Nothing listens on these ports, so that the answer comes at once.
        (Get-Content config/deploy.yml -Raw) -replace '192.0.2.1,', '"127.0.0.1:9",' -replace '192.0.2.2 ', '"127.0.0.1:7" ' -replace
            '192.0.2.3', '127.0.0.1:1' | Set-Content config/deploy.yml
        $checks = Test-KamalHost -WarningVariable warnings -WarningAction SilentlyContinue -ErrorVariable errors
    }

    AfterAll {
        Pop-Location
    }

    It 'writes an object for each host, also if it cannot be reached, and no error' {
        $checks | Should -HaveCount 3
        $checks.HostName | Sort-Object | Should -Be '127.0.0.1:1', '127.0.0.1:7', '127.0.0.1:9'
        $checks.IsReady + $checks.IsReachable | Select-Object -Unique | Should -Be $false
        $errors | Should -BeNullOrEmpty
    }

    It 'says why a host cannot be reached and what to do' {
        $checks[0].Causes | Should -HaveCount 1
        $checks[0].Causes[0].Name | Should -Be ConnectionRefused
        $checks[0].Causes[0].NextStep | Should -Match '^Try: ssh -p \d+ root@127\.0\.0\.1'
    }

    It 'warns of what is wrong, once for all hosts that have it' {
        "$warnings" | Should -Be 'On 127.0.0.1:9, 127.0.0.1:7, 127.0.0.1:1: the host refuses connections to its SSH port. Try: ssh -p 9 root@127.0.0.1'
    }

    It 'takes hosts from the pipeline by property name' {
        $again = [pscustomobject]@{ HostName = '127.0.0.1:7' }, [pscustomobject]@{ HostName = '127.0.0.1:1' } | Test-KamalHost 3>$null
        $again.HostName | Should -Be '127.0.0.1:7', '127.0.0.1:1'
        ($checks | Where-Object { -not $_.IsReachable } | Test-KamalHost -Role web 3>$null) | Should -HaveCount 2
    }

    It 'takes names, wildcards and roles' {
        (Test-KamalHost -HostName '*:7' 3>$null).HostName | Should -Be '127.0.0.1:7'
        (Test-KamalHost -Role workers 3>$null).HostName | Should -Be '127.0.0.1:1'
    }

    It 'rejects a host that the configuration does not have' {
        { Test-KamalHost -HostName nothing.example -ErrorAction Stop } | Should -Throw -ErrorId 'HostNotFound,*'
    }
}
