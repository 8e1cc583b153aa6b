@{
    RootModule           = 'Kamal.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '6f0c6a55-6d5c-4d6c-9f5e-6d2d4b4f2b61'
    Author               = 'The Kamal for PowerShell authors'
    CompanyName          = 'Kamal for PowerShell'
    Copyright            = '(c) 2026 the Kamal for PowerShell authors. MIT licence.'
    Description          = 'Deploy web apps as Docker containers to any server over SSH, with no downtime.'
    PowerShellVersion    = '7.6'
    CompatiblePSEditions = @('Core')
    RequiredAssemblies   = @('Kamal.Engine.dll')
    FormatsToProcess     = @('Kamal.Format.ps1xml')
    NestedModules        = @('Kamal.CommandLine.psm1')
    FunctionsToExport    = @('Invoke-Kamal')
    VariablesToExport    = @()
    CmdletsToExport      = @(
        'Remove-KamalAccessory'
        'Restart-KamalAccessory'
        'Start-KamalAccessory'
        'Stop-KamalAccessory'
        'Update-KamalAccessory'
        'Invoke-KamalAccessoryBoot'
        'Invoke-KamalAccessoryReboot'
        'Invoke-KamalAccessoryCommand'
        'Invoke-KamalAppBoot'
        'Invoke-KamalAppCommand'
        'Get-KamalLog'
        'Invoke-KamalServerCommand'
        'Get-KamalAppVersion'
        'Get-KamalAudit'
        'Get-KamalBuilder'
        'New-KamalBuilder'
        'Remove-KamalBuilder'
        'Invoke-KamalCommandLine'
        'Get-KamalConfig'
        'Test-KamalConfig'
        'Get-KamalContainer'
        'Invoke-KamalDeploy'
        'Lock-KamalDeployment'
        'Unlock-KamalDeployment'
        'Get-KamalDocumentation'
        'Get-KamalImage'
        'Install-KamalImage'
        'Publish-KamalImage'
        'Get-KamalLock'
        'Initialize-KamalProject'
        'Invoke-KamalRedeploy'
        'Connect-KamalRegistry'
        'Disconnect-KamalRegistry'
        'Invoke-KamalRollback'
        'Get-KamalSecret'
        'Select-KamalSecret'
        'Initialize-KamalServer'
        'Invoke-KamalSetup'
        'Get-KamalStaleContainer'
        'Stop-KamalStaleContainer'
        'Get-KamalVaultSecret'
        'Get-KamalVersion'
    )
    AliasesToExport      = @('kamal')
    PrivateData          = @{
        PSData = @{
            Tags       = @('Kamal', 'Docker', 'Deploy', 'SSH', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            LicenseUri = 'https://opensource.org/license/mit'
        }
    }
}
