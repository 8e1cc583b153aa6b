# Kamal's command line as a program: what a hook finds as `kamal` on its PATH runs this. Also: pwsh -File kamal.ps1 deploy -P
Import-Module "$PSScriptRoot/Kamal.psd1" -ErrorAction Stop
Kamal\Invoke-KamalCommandLine -ArgumentList @($args) -AsProgram -ErrorVariable failures
exit [int]($failures.Count -gt 0)
