#Requires -Version 7.6
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '6.0' }

BeforeAll {
    . $PSScriptRoot/Shop.ps1
    Enter-Shop "$TestDrive/shop"
    Set-Content "$TestDrive/lines" @"
Import-Module '$($manifest.FullName)'
Get-KamalConfig -ConfigFile nosuch.yml
kamal config -c nosuch.yml
Remove-Module Kamal; 'left: ' + ((Get-PSSubsystem -Kind FeedbackProvider).Implementations.Name -join ',')
exit
"@
    # What a terminal that has colours gets.
    function Get-Shown([string[]] $Environment) {
        $quiet = '$ProgressPreference = "SilentlyContinue"'
        $words = $Environment + @('TERM=xterm-256color', "$pwsh", '-NoLogo', '-NoProfile', '-NoExit', '-Command', $quiet)
        python3 $PSScriptRoot/terminal.py "$TestDrive/lines" env @words | Out-String
    }

    $color = '\e\[[0-9;]*m'
    if (-not $IsWindows) {
        $shown = Get-Shown -Environment '-u', 'NO_COLOR'
        $text = $shown -replace $color
    }
}

AfterAll { Pop-Location }

Describe 'Feedback at a terminal' -Skip:$IsWindows {
    It 'offers the next command in the form of the line before' {
        $text | Should -Match 'What to do next:\s+\S+ Initialize-KamalProject\s'
        $text | Should -Match 'What to do next:\s+\S+ kamal init\s'
    }

    It 'ends with the module' {
        $text | Should -Match 'left: General Feedback\s'
    }

    It 'has no colours with NO_COLOR' {
        $plain = Get-Shown -Environment 'NO_COLOR=1'
        $plain | Should -Match 'What to do next:\s+\S+ Initialize-KamalProject\s'
        $plain | Should -Match 'What to do next:\s+\S+ kamal init\s'
        $plain | Should -Not -Match $color
        $shown | Should -Match $color
    }
}
