# Runs before the image is built: the place to insist on a clean, pushed commit.
# A failure stops the run. To use it, remove .sample from its name.
#
# Environment: KAMAL_RECORDED_AT, KAMAL_PERFORMER, KAMAL_VERSION, KAMAL_SERVICE, KAMAL_SERVICE_VERSION, KAMAL_COMMAND,
# KAMAL_HOSTS (with commas), KAMAL_ROLES and KAMAL_DESTINATION (if any), KAMAL_LOCK (true or false).

$ErrorActionPreference = 'Stop'
if (git status --porcelain) { throw 'There are changes that are not committed.' }
if (-not (git branch --remotes --contains $env:KAMAL_VERSION 2>$null)) { throw "Commit $env:KAMAL_VERSION is on no remote branch; push it first." }
