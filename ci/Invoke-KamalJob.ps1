<#
.SYNOPSIS
The step of a CI job that deploys: action.yml and ci/azure-pipelines.yml run it.
.DESCRIPTION
Reads its inputs from environment variables, so that no text becomes part of a command: KAMAL_CI_COMMAND, KAMAL_CI_DESTINATION,
KAMAL_CI_KNOWN_HOSTS, KAMAL_CI_PRIVATE_KEY, KAMAL_CI_MODULE_VERSION and KAMAL_CI_MODULE_PATH. Ends with Kamal's exit code.
#>
$ErrorActionPreference = 'Stop'
$given = @{}
foreach ($name in 'COMMAND', 'DESTINATION', 'KNOWN_HOSTS', 'PRIVATE_KEY', 'MODULE_VERSION', 'MODULE_PATH') {
    $given[$name] = [Environment]::GetEnvironmentVariable("KAMAL_CI_$name")
    # Azure DevOps leaves the name of a variable that is not set.
    if ($given[$name] -match '^\$\([^)]*\)$') { $given[$name] = $null }
    # Hooks and builds do not get them.
    [Environment]::SetEnvironmentVariable("KAMAL_CI_$name", $null)
}

if ($given.MODULE_PATH) { Import-Module $given.MODULE_PATH }
else {
    $module = @{ Name = 'Kamal'; Repository = 'PSGallery'; TrustRepository = $true; Scope = 'CurrentUser'; Quiet = $true }
    if ($given.MODULE_VERSION) { $module.Version = $given.MODULE_VERSION }
    Install-PSResource @module
    Import-Module Kamal
}

$ssh = Join-Path ($env:HOME ?? $env:USERPROFILE) '.ssh'
if ($given.KNOWN_HOSTS -or $given.PRIVATE_KEY) {
    $null = New-Item -ItemType Directory -Force $ssh
    if (-not $IsWindows) { chmod 700 $ssh }
}

# Adds lines that the file does not have; a self-hosted agent keeps it.
if ($given.KNOWN_HOSTS) {
    $file = Join-Path $ssh 'known_hosts'
    $old = @(if (Test-Path $file) { Get-Content $file })
    $new = $given.KNOWN_HOSTS -split '\r?\n' | Where-Object { $_.Trim() -and $_ -notin $old }
    if ($new) { [IO.File]::WriteAllText($file, (@($old; $new) -join "`n") + "`n") }
}

# In an agent of this job, so that no file has the key.
$agent = $null
try {
    if ($given.PRIVATE_KEY) {
        $socket = Join-Path ([IO.Path]::GetTempPath()) "kamal-agent-$([guid]::NewGuid().ToString('N'))"
        $agent = Start-Process ssh-agent '-D', '-a', $socket -PassThru -RedirectStandardOutput "$socket.log"
        $env:SSH_AUTH_SOCK = $socket
        for ($i = 0; $i -lt 100 -and -not (Test-Path $socket); $i++) { Start-Sleep -Milliseconds 100 }
        ($given.PRIVATE_KEY -replace '\r').Trim() + "`n" | ssh-add -q -
        if ($LASTEXITCODE) { throw 'The private key cannot be used: it must be a whole key file without a passphrase.' }
    }

    if ([string]::IsNullOrWhiteSpace($given.COMMAND)) { exit 0 }
    $words = @(-split $given.COMMAND)
    if ($given.DESTINATION) { $words += '-d', $given.DESTINATION }
    kamal @words
    exit $LASTEXITCODE
}
finally {
    if ($agent) {
        $agent.Kill()
        Remove-Item -Force "$socket*" -ErrorAction SilentlyContinue
    }
}
