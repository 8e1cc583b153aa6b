#Requires -Version 7.6
#Requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '6.0' }

BeforeDiscovery {
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    $documents = Get-ChildItem "$root/*.md", "$root/docs/*.md" | ForEach-Object { @{ Name = $_.Name; Path = $_.FullName } }
}

BeforeAll {
    . $PSScriptRoot/Shop.ps1
    Import-Module $manifest.FullName -Force
    $root = (Resolve-Path "$PSScriptRoot/../..").Path
    $text = (Get-Content -Raw "$root/README.md") -replace '\r'
    # The fenced block of a language under a heading.
    function Get-Block([string] $Heading, [string] $Language) {
        $section = [regex]::Match($text, "(?ms)^## $([regex]::Escape($Heading))\n(.*?)(?=^## |\z)").Groups[1].Value
        [regex]::Match($section, "(?ms)^``````$Language\n(.*?)^``````").Groups[1].Value
    }
}

Describe 'The README' {
    It 'shows a deploy.yml without mistakes' {
        $project = New-Item -ItemType Directory "$TestDrive/config"
        Get-Block 'The first deploy' yaml | Set-Content "$project/deploy.yml"
        Test-KamalConfig -ConfigFile "$project/deploy.yml" | Where-Object Severity -NE Warning | Should -BeNullOrEmpty
    }

    It 'names commands that exist' {
        $lines = (Get-Block 'Install' powershell) + (Get-Block 'The first deploy' powershell)
        $lines | Should -BeLike '*Invoke-KamalDeploy*'
        $errors = $null
        $tree = [Management.Automation.Language.Parser]::ParseInput($lines, [ref] $null, [ref] $errors)
        $errors | Should -BeNullOrEmpty
        $calls = $tree.FindAll({ $args[0] -is [Management.Automation.Language.CommandAst] }, $true)
        foreach ($call in $calls | Where-Object { $_.GetCommandName() -like '*-Kamal*' }) {
            $parameters = (Get-Command $call.GetCommandName()).Parameters.Keys
            $call.CommandElements.ParameterName | Where-Object { $_ } | ForEach-Object { $parameters | Should -Contain $_ }
        }
        Get-Block 'Quick start' sh | Should -BeLike 'tests/demo *tests/run *'
    }
}

Describe 'The documents' {
    It '<Name> links to files that exist' -ForEach $documents {
        $links = [regex]::Matches((Get-Content -Raw $Path), '\]\(([^):#\s]+)(?:#[^)]*)?\)').ForEach{ $_.Groups[1].Value }
        $links | Where-Object { -not (Test-Path (Join-Path (Split-Path $Path) $_)) } | Should -BeNullOrEmpty
    }
}
