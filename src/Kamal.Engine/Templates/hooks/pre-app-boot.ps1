# Runs before a group of hosts gets its new containers; KAMAL_HOSTS is that group.
# A failure stops the run. To use it, remove .sample from its name.
#
# Environment: KAMAL_RECORDED_AT, KAMAL_PERFORMER, KAMAL_VERSION, KAMAL_SERVICE, KAMAL_SERVICE_VERSION, KAMAL_COMMAND,
# KAMAL_HOSTS (with commas), KAMAL_ROLES and KAMAL_DESTINATION (if any), KAMAL_LOCK (true or false).

$ErrorActionPreference = 'Stop'
Write-Output "Booting $env:KAMAL_SERVICE_VERSION on $env:KAMAL_HOSTS"
