#Requires -Version 7.6
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '6.0' }

BeforeAll {
    . $PSScriptRoot/Shop.ps1
    Import-Module $manifest.FullName -Force

    function New-Status([hashtable] $Values) {
        $status = [Kamal.Engine.Results.KamalStatus]::new('192.0.2.1', 'workers')
        foreach ($name in $Values.Keys) { [Kamal.Engine.Results.KamalStatus].GetProperty($name).SetValue($status, $Values[$name]) }
        $status
    }
}

Describe 'The table of Get-KamalStatus' {
    BeforeAll {
        $fine = New-Status @{
            Version = 'a' * 40; State = 'running'; Health = 'healthy'; Age = [timespan]'3.04:05:06'; Restarts = 12
            RequestsPerSecond = 123.45; ServerErrors = 17L; CpuPercent = 101.5; Memory = [long]123MB; IsLocked = $true; LockedBy = 'Ada Lovelace'
        }
        $down = New-Status @{ Problem = 'DockerNotRunning' }
        $lines = ($fine, $down | Out-String -Width 80) -split '\r?\n' | Where-Object Length
    }

    It 'fits 80 columns and leaves nothing out' {
        $lines = ($fine | Out-String -Width 80) -split '\r?\n' | Where-Object Length
        $lines | ForEach-Object { $_.Length | Should -BeLessOrEqual 80 }
        $lines[0].TrimEnd() -split ' +' | Should -Be HostName, Role, Version, Status, Age, Req/s, 5xx, CPU, Mem
        $lines[2].TrimEnd() | Should -Match '^192.0.2.1 workers aaaaaaa healthy, 12 restarts, locked\s+3d\s+123\.\d\s+17 102% 123M$'
    }

    It 'has a row with the problem of a host that does not answer, and rather drops numbers' {
        $lines | ForEach-Object { $_.Length | Should -BeLessOrEqual 80 }
        $lines -match '^192.0.2.1 workers\s+DockerNotRunning *$' | Should -HaveCount 1
    }
}

Describe 'Get-KamalStatus' {
    BeforeAll {
        Enter-Shop (Join-Path $TestDrive 'shop')
    }

    AfterAll {
        Pop-Location
    }

    It 'has numbers as numbers in JSON, and words as text' {
        $json = New-Status @{ State = 'running'; Restarts = 2; RequestsPerSecond = 1.5; Memory = 5L } | ConvertTo-Json | ConvertFrom-Json
        $json.State | Should -BeOfType string
        $json.Restarts, $json.RequestsPerSecond, $json.Memory | Should -Be 2, 1.5, 5
    }

    It 'rejects an interval of zero' {
        { Get-KamalStatus -Watch -Interval 0 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }
}
