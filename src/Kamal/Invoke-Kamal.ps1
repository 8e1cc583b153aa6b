<#
.SYNOPSIS
Runs Kamal's own command line, as kamal app exec -i --reuse bash.
.DESCRIPTION
Takes the words that the kamal program takes, and runs the cmdlet that does the same. 'kamal help' lists the commands, 'kamal help COMMAND' the options
of one and the cmdlet behind it. PowerShell's own -WhatIf, -Confirm, -Verbose, -Debug and -ErrorAction, and the cmdlets' -AcceptNewHostKey, -Credential
and -ThrottleLimit, can be added to every line.

$LASTEXITCODE is 0, 1 after a failure, or the exit code of the command that app exec, accessory exec or server exec ran; $? is false after a failure.

PowerShell itself drops a bare --, and reads , ; | $ and quotes before kamal sees them: quote words that contain them, '--' too.
.EXAMPLE
kamal deploy -P -d staging

Deploys to staging without building.
.EXAMPLE
kamal app exec --reuse 'bin/rails db:version' -WhatIf

Shows the command for each host, and runs nothing.
.LINK
Invoke-KamalCommandLine
#>
# A script, not a function: without parameters of its own it leaves -P, -p, -d and -v to Kamal, its exit code sets $? and $LASTEXITCODE, and
# $ErrorActionPreference is the caller's.
$more = @{}
if ($MyInvocation.ExpectingInput) { $more.InputEnumerator = $input }
Kamal\Invoke-KamalCommandLine -ArgumentList $args @more
exit $global:LASTEXITCODE
