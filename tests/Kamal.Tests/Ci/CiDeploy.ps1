# What a CI job runs: see CiReportTests.
param([string] $Folder, [string] $Manifest, [string] $Tests)
$ErrorActionPreference = 'Stop'
[AppContext]::SetData('Kamal.PublishedModule', $Manifest)
Import-Module $Manifest
[Reflection.Assembly]::LoadFrom($Tests).GetType('Kamal.Tests.Ci.CiHosts')::Attach("$Folder/host")
Set-Location "$Folder/project"
Invoke-KamalDeploy | Format-Table HostName, Role, Version, Outcome
