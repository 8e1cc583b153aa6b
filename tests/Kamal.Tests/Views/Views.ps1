# What people and scripts see of the samples in a real pwsh, as JSON: see ResultTypeTests.
param([string] $Manifest, [string] $Tests)
$ErrorActionPreference = 'Stop'
[AppContext]::SetData('Kamal.PublishedModule', $Manifest)
Import-Module $Manifest
$null = [Reflection.Assembly]::LoadFrom($Tests)
$all = [Kamal.Tests.Views.ViewSamples]::All
$one = $all.Values | ForEach-Object { $_ } | Group-Object { $_.GetType() } | ForEach-Object { $_.Group[0] }

$PSStyle.OutputRendering = 'PlainText'
$views = @{}
foreach ($name in $all.Keys) {
    $views[$name] = @{}
    foreach ($width in 80, 100, 120) { $views[$name]["$width"] = $all[$name] | Out-String -Width $width }
}

$colors = @{}
foreach ($rendering in 'Host', 'PlainText', 'Ansi') {
    $PSStyle.OutputRendering = $rendering
    $colors[$rendering] = $all['KamalDeployResult-failed'] | Out-String -Width 80
}

$PSStyle.OutputRendering = 'PlainText'
$labels = foreach ($view in ([xml](Get-Content (Join-Path (Split-Path $Manifest) Kamal.Format.ps1xml))).Configuration.ViewDefinitions.View) {
    $type = $view.ViewSelectedBy.TypeName
    $shown = $one | Where-Object { $_.pstypenames -contains $type }
    foreach ($label in $view.SelectNodes('.//Label').InnerText) {
        # A table of several types has columns that some of them leave empty.
        if (-not ($shown | Where-Object { $_.psobject.Members[$label] })) { "$type.$label" }
    }
}

$deploy = $all['KamalDeployResult'][0]
$lock = $all['KamalLock'][0]
@{
    Views = $views
    Colors = $colors
    Members = @($one | ForEach-Object { ($_ | Get-Member).Name } | Sort-Object -Unique)
    UnknownLabels = @($labels)
    Json = $deploy | ConvertTo-Json -Depth 3
    Compares = $deploy.Outcome -eq 'Succeeded' -and 'Switched' -eq $deploy.State
    Held = $lock.Held -and $lock.Stale
    Rate = $all['KamalStatus'][0].'Req/s'
} | ConvertTo-Json -Depth 5
