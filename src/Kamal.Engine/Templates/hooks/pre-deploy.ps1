# Runs under the deploy lock, before the first container changes: the place to ask whether CI is green. Gets the secrets too.
# A failure stops the run. To use it, remove .sample from its name.
#
# Environment: KAMAL_RECORDED_AT, KAMAL_PERFORMER, KAMAL_VERSION, KAMAL_SERVICE, KAMAL_SERVICE_VERSION, KAMAL_COMMAND,
# KAMAL_HOSTS (with commas), KAMAL_ROLES and KAMAL_DESTINATION (if any), KAMAL_LOCK (true or false).

$ErrorActionPreference = 'Stop'
if ($env:KAMAL_COMMAND -eq 'rollback') { return }
Write-Output "Deploying $env:KAMAL_SERVICE_VERSION to $env:KAMAL_HOSTS"
