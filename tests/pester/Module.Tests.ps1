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

    It 'has help for kamal' {
        (Get-Help kamal).Synopsis | Should -BeLike 'Runs a Kamal command line*'
    }

    It 'has help for <_>' -ForEach 'about_Kamal', 'about_Kamal_Migrating', 'about_Kamal_Objects' {
        @(Get-Help $_) | Should -HaveCount 1
        Get-Help $_ | Out-String | Should -Match "TOPIC\s+$_"
    }

    It 'shows numbers and times the same in every culture: <_>' -ForEach 'de-DE', 'fi-FI', 'th-TH' {
        $before = [cultureinfo]::CurrentCulture
        $result = [Kamal.Engine.Results.KamalHostResult]::new('web1', 'Boot', 'Succeeded')
        $result.GetType().GetProperty('Duration').SetValue($result, [timespan]::FromSeconds(1.5))
        try {
            [cultureinfo]::CurrentCulture = $_
            $result | Out-String | Should -BeLike '*1.5 s*'
        }
        finally { [cultureinfo]::CurrentCulture = $before }
    }

    It 'is in the approved verbs: <Name>' -ForEach $cmdlets {
        (Get-Verb).Verb | Should -Contain ($Name -split '-')[0]
    }
}
