# Runs after a deploy, redeploy or rollback: the place to tell the team. Gets the secrets too.
# A failure stops the run. To use it, remove .sample from its name.
#
# Environment: KAMAL_RECORDED_AT, KAMAL_PERFORMER, KAMAL_VERSION, KAMAL_SERVICE, KAMAL_SERVICE_VERSION, KAMAL_COMMAND,
# KAMAL_HOSTS (with commas), KAMAL_ROLES and KAMAL_DESTINATION (if any), KAMAL_LOCK (true or false).
# KAMAL_RUNTIME holds the seconds it took.

$ErrorActionPreference = 'Stop'
Write-Output "$env:KAMAL_PERFORMER deployed $env:KAMAL_SERVICE_VERSION in $env:KAMAL_RUNTIME s"
