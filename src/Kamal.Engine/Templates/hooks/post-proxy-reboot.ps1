# Runs after the proxy was replaced: the place to put hosts back into a load balancer.
# A failure stops the run. To use it, remove .sample from its name.
#
# Environment: KAMAL_RECORDED_AT, KAMAL_PERFORMER, KAMAL_VERSION, KAMAL_SERVICE, KAMAL_SERVICE_VERSION, KAMAL_COMMAND,
# KAMAL_HOSTS (with commas), KAMAL_ROLES and KAMAL_DESTINATION (if any), KAMAL_LOCK (true or false).

$ErrorActionPreference = 'Stop'
Write-Output "The proxy was replaced on $env:KAMAL_HOSTS"
