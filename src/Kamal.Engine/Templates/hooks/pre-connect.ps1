# Runs before the first connection to a host: the place to open a VPN or to look up names. Gets the secrets too.
# A failure stops the run. To use it, remove .sample from its name.
#
# Environment: KAMAL_RECORDED_AT, KAMAL_PERFORMER, KAMAL_VERSION, KAMAL_SERVICE, KAMAL_SERVICE_VERSION, KAMAL_COMMAND,
# KAMAL_HOSTS (with commas), KAMAL_ROLES and KAMAL_DESTINATION (if any), KAMAL_LOCK (true or false).

$ErrorActionPreference = 'Stop'
# Names that do not resolve are found here, before anything has begun.
foreach ($name in $env:KAMAL_HOSTS -split ',') { [void][System.Net.Dns]::GetHostAddresses($name) }
