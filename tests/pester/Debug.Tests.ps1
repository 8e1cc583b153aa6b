#Requires -Version 7.6
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '6.0' }

BeforeAll {
    . $PSScriptRoot/Shop.ps1
    Enter-Shop "$TestDrive/shop"
    # A host that refuses the connection at once, so that there are verbose lines and the error of a host.
    (Get-Content config/deploy.yml -Raw) -replace '192\.0\.2\.\d', '127.0.0.9' -replace 'builder:', "ssh: { port: 9 }`nbuilder:" |
        Set-Content config/deploy.yml
    Set-Content "$TestDrive/debug.ps1" "Import-Module '$($manifest.FullName)'; `$ProgressPreference = 'SilentlyContinue'; Get-KamalContainer -HostName 127.0.0.9 -Debug; 'END'"
}

AfterAll { Pop-Location }

Describe '-Debug' {
    It 'shows how the connection is made and asks nothing, without a terminal' {
        $text = $null | & $pwsh -NoProfile -File "$TestDrive/debug.ps1" *>&1 | Out-String
        $text | Should -Match 'DEBUG: \[127\.0\.0\.9\] ssh: connecting to '
        $text | Should -Match 'END'
        $text | Should -Not -Match 'Continue with this operation|Object reference|NonInteractive'
    }

    It 'shows how the connection is made and asks nothing, at a terminal' -Skip:$IsWindows {
        $line = "'$pwsh' -NoProfile -File '$TestDrive/debug.ps1'"
        $text = $null | timeout 60 env TERM=dumb script --quiet --return --command $line /dev/null | Out-String
        $text | Should -Match 'ssh: connecting to '
        $text | Should -Match 'END'
        $text | Should -Not -Match 'Continue with this operation'
    }
}
