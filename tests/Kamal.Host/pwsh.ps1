# What tests/Kamal.Host does, in a real pwsh: imports the published module, then -Command TEXT, -File SCRIPT [ARG...] or kamal [ARG...].
$words = @($args)
$rest = @($words | Select-Object -Skip 1)
$manifest = Get-ChildItem "$PSScriptRoot/../../out/Kamal/*/Kamal.psd1" | Sort-Object { [version]$_.Directory.Name } | Select-Object -Last 1
Import-Module $manifest.FullName -ErrorAction Stop
switch -Exact ($words[0]) {
    'kamal' {
        Invoke-KamalCommandLine -ArgumentList $rest -AsProgram -ErrorVariable failures
        exit [int]($failures.Count -gt 0)
    }
    '-Command' {
        . ([scriptblock]::Create($rest -join ' '))
        exit [int](-not $?)
    }
    '-File' {
        $path, $arguments = $rest
        & (Resolve-Path $path) @arguments
        exit $LASTEXITCODE
    }
    default { Write-Error 'Use -Command TEXT, -File SCRIPT or kamal ARGS.'; exit 64 }
}
