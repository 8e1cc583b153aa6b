using System.Collections.Immutable;
using Kamal.Engine.CommandLine;

namespace Kamal.CommandLine;

/// <summary>The cmdlet of each command in <see cref="Grammar"/>. A test binds every row to the real cmdlet.</summary>
internal static class CmdletBindings
{
    private static readonly ImmutableDictionary<string, CmdletBinding> Rows = new Dictionary<string, CmdletBinding>
    {
        ["setup"] = new("Invoke-KamalSetup"),
        ["deploy"] = new("Invoke-KamalDeploy"),
        ["redeploy"] = new("Invoke-KamalRedeploy"),
        ["rollback"] = new("Invoke-KamalRollback"),
        ["details"] = new("Get-KamalContainer") { Fixed = Always(("Running", true)) },
        ["audit"] = new("Get-KamalAudit") { Text = ResultText.Audit },
        ["config"] = new("Get-KamalConfig") { Fixed = Always(("AsYaml", true)) },
        ["docs"] = new("Get-KamalDocumentation"),
        ["init"] = new("Initialize-KamalProject"),
        ["remove"] = new("Remove-KamalDeployment"),
        ["upgrade"] = new("Update-KamalDeployment"),
        ["version"] = new("Get-KamalVersion") { Text = ResultText.Plain },

        ["app boot"] = new("Invoke-KamalAppBoot"),
        ["app start"] = new("Start-KamalApp"),
        ["app stop"] = new("Stop-KamalApp"),
        ["app details"] = new("Get-KamalContainer") { Fixed = Always(("Kind", "App"), ("Running", true)) },
        ["app exec"] = new("Invoke-KamalAppCommand") { Text = ResultText.Command },
        ["app containers"] = new("Get-KamalContainer") { Fixed = Always(("Kind", "App")) },
        ["app stale_containers"] = new("Get-KamalStaleContainer") { Switch = ("stop", "Stop-KamalStaleContainer") },
        ["app images"] = new("Get-KamalImage"),
        ["app logs"] = new("Get-KamalLog"),
        ["app remove"] = new("Remove-KamalApp"),
        ["app live"] = new("Disable-KamalMaintenance"),
        ["app maintenance"] = new("Enable-KamalMaintenance"),
        ["app remove_container"] = new("Remove-KamalContainer"),
        ["app remove_containers"] = new("Remove-KamalContainer") { Fixed = Always(("All", true)), Ignored = ["version"] },
        ["app remove_images"] = new("Remove-KamalImage") { Ignored = ["version"] },
        ["app remove_app_directories"] = new("Remove-KamalApp") { Fixed = Always(("DirectoryOnly", true)) },
        ["app version"] = new("Get-KamalAppVersion") { Text = ResultText.AppVersion },

        ["accessory boot"] = new("Invoke-KamalAccessoryBoot"),
        ["accessory upload"] = new("Invoke-KamalAccessoryBoot") { Fixed = Always(("Only", "Files")) },
        ["accessory directories"] = new("Invoke-KamalAccessoryBoot") { Fixed = Always(("Only", "Directories")) },
        ["accessory pull_image"] = new("Invoke-KamalAccessoryBoot") { Fixed = Always(("Only", "Image")) },
        ["accessory reboot"] = new("Invoke-KamalAccessoryReboot"),
        ["accessory start"] = new("Start-KamalAccessory"),
        ["accessory stop"] = new("Stop-KamalAccessory"),
        ["accessory restart"] = new("Restart-KamalAccessory"),
        ["accessory details"] = new("Get-KamalAccessory"),
        ["accessory exec"] = new("Invoke-KamalAccessoryCommand") { Text = ResultText.Command },
        ["accessory logs"] = new("Get-KamalLog") { Parameters = Names(("NAME", "Accessory")) },
        ["accessory remove"] = new("Remove-KamalAccessory"),
        ["accessory remove_container"] = new("Remove-KamalAccessory") { Fixed = Always(("Only", "Container")) },
        ["accessory remove_image"] = new("Remove-KamalAccessory") { Fixed = Always(("Only", "Image")) },
        ["accessory remove_service_directory"] = new("Remove-KamalAccessory") { Fixed = Always(("Only", "Directory")) },
        ["accessory upgrade"] = new("Update-KamalAccessory"),

        ["build deliver"] = new("Publish-KamalImage") { Fixed = Always(("Deliver", true)) },
        ["build push"] = new("Publish-KamalImage"),
        ["build pull"] = new("Install-KamalImage"),
        ["build create"] = new("New-KamalBuilder"),
        ["build remove"] = new("Remove-KamalBuilder"),
        ["build details"] = new("Get-KamalBuilder") { Text = ResultText.Builder },
        ["build dev"] = new("Publish-KamalImage") { Fixed = Always(("Dev", true)) },

        ["proxy boot"] = new("Invoke-KamalProxyBoot"),
        ["proxy boot_config set"] = new("Set-KamalProxyBootConfig"),
        ["proxy boot_config get"] = new("Get-KamalProxyBootConfig"),
        ["proxy boot_config reset"] = new("Reset-KamalProxyBootConfig"),
        ["proxy reboot"] = new("Invoke-KamalProxyReboot"),
        ["proxy upgrade"] = new("Update-KamalDeployment") { Fixed = Always(("ProxyOnly", true)) },
        ["proxy start"] = new("Start-KamalProxy"),
        ["proxy stop"] = new("Stop-KamalProxy"),
        ["proxy restart"] = new("Restart-KamalProxy"),
        ["proxy details"] = new("Get-KamalProxy"),
        ["proxy logs"] = new("Get-KamalLog") { Fixed = Always(("Proxy", true)) },
        ["proxy remove"] = new("Remove-KamalProxy"),
        ["proxy remove_container"] = new("Remove-KamalProxy") { Fixed = Always(("Only", "Container")) },
        ["proxy remove_image"] = new("Remove-KamalProxy") { Fixed = Always(("Only", "Image")) },
        ["proxy remove_proxy_directory"] = new("Remove-KamalProxy") { Fixed = Always(("Only", "Directory")) },

        ["prune all"] = new("Invoke-KamalPrune") { Fixed = Always(("Container", true), ("Image", true)) },
        ["prune containers"] = new("Invoke-KamalPrune") { Fixed = Always(("Container", true)) },
        ["prune images"] = new("Invoke-KamalPrune") { Fixed = Always(("Image", true)) },
        ["lock status"] = new("Get-KamalLock") { Text = ResultText.Lock },
        ["lock acquire"] = new("Lock-KamalDeployment") { Text = ResultText.Lock },
        ["lock release"] = new("Unlock-KamalDeployment") { Text = ResultText.LockReleased },
        ["registry setup"] = new("Connect-KamalRegistry"),
        ["registry login"] = new("Connect-KamalRegistry") { Fixed = Always(("LoginOnly", true)) },
        ["registry remove"] = new("Disconnect-KamalRegistry"),
        ["registry logout"] = new("Disconnect-KamalRegistry") { Fixed = Always(("LogoutOnly", true)) },
        ["secrets fetch"] = new("Get-KamalVaultSecret") { Fixed = Always(("AsJson", true)), Parameters = Names(("SECRETS", "Name")) },
        ["secrets extract"] = new("Select-KamalSecret") { Fixed = Always(("AsPlainText", true)), Parameters = Names(("SECRETS", "Json")) },
        ["secrets print"] = new("Get-KamalSecret") { Fixed = Always(("AsPlainText", true)) },
        ["server bootstrap"] = new("Initialize-KamalServer"),
        ["server exec"] = new("Invoke-KamalServerCommand") { Text = ResultText.Command },
    }.ToImmutableDictionary(StringComparer.Ordinal);

    /// <summary>The binding of a command.</summary>
    public static CmdletBinding Of(CommandSpec command) => Rows[command.Path];

    /// <summary>The command that corresponds to a cmdlet, or null.</summary>
    public static CommandSpec? CommandOf(string cmdlet) =>
        Grammar.Commands.FirstOrDefault(command => !command.IsHidden && Of(command).Cmdlet == cmdlet);

    private static ImmutableDictionary<string, object> Always(params ReadOnlySpan<(string Parameter, object Value)> values)
    {
        var all = ImmutableDictionary<string, object>.Empty;
        foreach (var (parameter, value) in values) all = all.Add(parameter, value);
        return all;
    }

    private static ImmutableDictionary<string, string> Names(params ReadOnlySpan<(string Name, string Parameter)> names)
    {
        var all = ImmutableDictionary<string, string>.Empty;
        foreach (var (name, parameter) in names) all = all.Add(name, parameter);
        return all;
    }
}
