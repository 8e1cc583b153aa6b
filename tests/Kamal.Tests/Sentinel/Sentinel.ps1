# Walks every cmdlet against hostile hosts and programs, and writes what each stream, error and view shows: see SentinelTests.
param([string] $Folder, [string] $Manifest, [string] $Tests)
$ErrorActionPreference = 'Continue'
$PSStyle.OutputRendering = 'PlainText'
$plan = Get-Content "$Folder/plan.json" -Raw | ConvertFrom-Json
Set-Location "$Folder/project"
[AppContext]::SetData('Kamal.PublishedModule', $Manifest)
Import-Module $Manifest -ErrorAction Stop
[Reflection.Assembly]::LoadFrom($Tests).GetType('Kamal.Tests.Sentinel.HostileHosts')::Attach("$Folder/hosts", "$Folder/words.txt")
$ConfirmPreference = 'None'
$VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'
$given = $plan.Given
$null = Get-KamalSecret -AsPlainText *>&1   # values of commands are known from here on
$null = Start-Transcript "$Folder/transcript.txt"
foreach ($walk in $plan.Walks) {
    foreach ($name in 'TF_BUILD', 'GITHUB_ACTIONS') { [Environment]::SetEnvironmentVariable($name, $(if ($walk.Ci -eq $name) { 'true' })) }
    Set-Content "$Folder/hosts/code" $walk.HostCode
    Set-Content "$Folder/here/code" $walk.LocalCode
    foreach ($line in $plan.Lines) {
        $Error.Clear()
        $told = [Collections.Generic.List[object]]::new()
        $asked = [Collections.Generic.List[object]]::new()
        try {
            . ([scriptblock]::Create($line)) *>&1 | ForEach-Object { if ($_.GetType().Name -in $plan.Asked) { $asked.Add($_) } else { $told.Add($_) } }
        } catch { $told.Add($_) }
        $head = "### $($walk.Name): $line"
        $text = @(
            $head
            $told | Out-String -Width 500
            $told | Where-Object { $_.GetType().Namespace -notlike 'System.Management.Automation*' } | Select-Object -First 5 | Format-List * -Force | Out-String -Width 500
            $Error | Select-Object -First 3 | Format-List * -Force | Out-String -Width 500
            $Error | Select-Object -First 2 | Get-Error | Out-String -Width 500
        ) -join "`n"
        [IO.File]::AppendAllText("$Folder/told-$($walk.Ci).txt", $text)
        [IO.File]::AppendAllText("$Folder/asked-$($walk.Ci).txt", ((@($head) + ($asked | Out-String -Width 500)) -join "`n"))
        $told | Where-Object { $_ -isnot [Management.Automation.InformationalRecord] } | Select-Object -First 20 | Out-Host
        $asked | Out-Host
    }
}
$null = Stop-Transcript
