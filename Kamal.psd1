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
    FunctionsToExport    = @()
    VariablesToExport    = @()
    CmdletsToExport      = @()
    AliasesToExport      = @()
    PrivateData          = @{
        PSData = @{
            Tags       = @('Kamal', 'Docker', 'Deploy', 'SSH', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            LicenseUri = 'https://opensource.org/license/mit'
        }
    }
}
