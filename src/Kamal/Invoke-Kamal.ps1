<#
.SYNOPSIS
Runs a Kamal command line, such as kamal app exec -i --reuse bash.
.DESCRIPTION
Accepts the arguments of the kamal program and runs the corresponding cmdlet. 'kamal help' lists the commands. 'kamal help COMMAND' shows
the options of a command and its cmdlet. Every command also accepts PowerShell's -WhatIf, -Confirm, -Verbose, -Debug and -ErrorAction, and
the cmdlets' -AcceptNewHostKey, -Credential and -ThrottleLimit.

$LASTEXITCODE is 0, 1 after a failure, or the exit code of the command that app exec, accessory exec or server exec ran. $? is false after a
failure.

PowerShell drops a bare --, and interprets , ; | $ and quotes before kamal receives them. Quote arguments that contain them, including '--'.
.EXAMPLE
kamal deploy -P -d staging

Deploys to staging without building.
.EXAMPLE
kamal app exec --reuse 'bin/rails db:version' -WhatIf

Shows the command for each host without running it.
.LINK
Invoke-KamalCommandLine
#>
# This is a script and not a function: without parameters, it leaves -P, -p, -d and -v to Kamal, its exit code sets $? and $LASTEXITCODE,
# and it uses the caller's $ErrorActionPreference.
$more = @{}
if ($MyInvocation.ExpectingInput) { $more.InputEnumerator = $input }
Kamal\Invoke-KamalCommandLine -ArgumentList $args @more
exit $global:LASTEXITCODE
