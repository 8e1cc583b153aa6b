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
    if (-not $IsWindows) {
        $quiet = '$ProgressPreference = "SilentlyContinue"'
        $text = python3 $PSScriptRoot/terminal.py "$TestDrive/lines" $pwsh -NoLogo -NoProfile -NoExit -Command $quiet | Out-String
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
}
