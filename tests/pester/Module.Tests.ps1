#Requires -Version 7.6
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '6.0' }

BeforeDiscovery {
    . $PSScriptRoot/Shop.ps1
    Import-Module $manifest.FullName -Force
    $cmdlets = Get-Command -Module Kamal -CommandType Cmdlet | ForEach-Object { @{ Name = $_.Name } }
}

BeforeAll {
    . $PSScriptRoot/Shop.ps1
    Import-Module $manifest.FullName -Force
}

Describe 'The module' {
    It 'has a valid manifest' {
        Test-ModuleManifest $manifest.FullName -ErrorAction Stop | Should -Not -BeNullOrEmpty
    }

    It 'exports kamal as an alias' {
        (Get-Alias kamal).Definition | Should -Be 'Invoke-Kamal'
    }

    It '<Name> has help with an example' -ForEach $cmdlets {
        $help = Get-Help $Name -Full
        $help.Synopsis | Should -Not -BeNullOrEmpty
        $help.Examples.Example | Should -Not -BeNullOrEmpty
    }

    It 'is in the approved verbs: <Name>' -ForEach $cmdlets {
        (Get-Verb).Verb | Should -Contain ($Name -split '-')[0]
    }
}
