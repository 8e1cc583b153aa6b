using System.Management.Automation;
using System.Reflection;
using System.Text.RegularExpressions;
using Kamal.Cmdlets;
using Kamal.Tests.Support;
using All = Kamal.Tests.Support.Cmdlets;

namespace Kamal.Tests.Cmdlets;

/// <summary>Rules for every cmdlet of the module.</summary>
public sealed partial class CmdletRulesTests
{
    private static readonly string[] ReadingVerbs = ["Get", "Test", "Select"];
    private static readonly string[] AskingCmdlets = ["Restart-KamalProxy", "Invoke-KamalProxyReboot", "Sync-KamalAccessory"];

    public static TheoryData<string> Names => All.Where(_ => true);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_verb_is_approved_and_the_noun_is_singular(string name)
    {
        var attribute = All.AttributeOf(All.Find(name));
        Type[] groups =
        [
            typeof(VerbsCommon), typeof(VerbsData), typeof(VerbsLifecycle), typeof(VerbsDiagnostic), typeof(VerbsCommunications),
            typeof(VerbsSecurity), typeof(VerbsOther),
        ];
        var approved = groups.SelectMany(type => type.GetFields()).Select(field => (string)field.GetValue(null)!);
        Assert.Contains(attribute.VerbName, approved);
        Assert.StartsWith("Kamal", attribute.NounName, StringComparison.Ordinal);
        Assert.False(
            attribute.NounName.EndsWith('s') && !attribute.NounName.EndsWith("ss", StringComparison.Ordinal)
                && !attribute.NounName.EndsWith("Status", StringComparison.Ordinal),
            $"{attribute.NounName} is a plural");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_output_type_is_declared(string name)
    {
        var outputs = All.Find(name).GetCustomAttributes<OutputTypeAttribute>().SelectMany(attribute => attribute.Type);
        Assert.NotEmpty(outputs);
        Assert.All(outputs, output => Assert.NotNull(output.Type));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Cmdlets_that_make_changes_support_WhatIf(string name)
    {
        var attribute = All.AttributeOf(All.Find(name));
        if (name == "Invoke-KamalCommandLine") return;
        Assert.Equal(!ReadingVerbs.Contains(attribute.VerbName), attribute.SupportsShouldProcess);
        var asks = attribute.VerbName == "Remove" || AskingCmdlets.Contains(name);
        if (attribute.SupportsShouldProcess) Assert.Equal(asks ? ConfirmImpact.High : ConfirmImpact.Medium, attribute.ConfirmImpact);
    }

    // about_Kamal_Objects says so.
    [Theory]
    [MemberData(nameof(Names))]
    public void Cmdlets_that_only_change_what_is_there_have_PassThru(string name)
    {
        string[] verbs = ["Start", "Stop", "Restart", "Remove", "Set", "Reset", "Enable", "Disable", "Unlock", "Sync"];
        string[] others = ["Update-KamalAccessory", "Invoke-KamalAccessoryBoot", "Invoke-KamalAccessoryReboot"];
        var isQuiet = others.Contains(name) || (verbs.Contains(name.Split('-')[0]) && name != "Stop-KamalStaleContainer");
        Assert.Equal(isQuiet, All.Find(name).GetProperty("PassThru") is not null);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_class_is_sealed_and_named_after_the_cmdlet(string name)
    {
        var type = All.Find(name);
        Assert.Equal(name.Replace("-", "", StringComparison.Ordinal) + "Command", type.Name);
        Assert.True(type.IsSealed);
    }

    [Fact]
    public void The_manifest_exports_exactly_the_cmdlets()
    {
        using var session = new TestSession();
        var module = (PSModuleInfo)Assert.Single(session.Run("Get-Module Kamal").Output).BaseObject;
        Assert.Equal(All.Types.Select(All.NameOf).Order(), module.ExportedCmdlets.Keys.Order());
        // The name that Get-Help finds for kamal.
        Assert.Equal(["Invoke-Kamal.ps1"], module.ExportedFunctions.Keys);
        Assert.Equal(["Invoke-Kamal", "kamal"], module.ExportedAliases.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Output_of_Get_cmdlets_binds_by_property_name()
    {
        foreach (var type in All.Types.Where(type => typeof(KamalTargetCmdlet).IsAssignableFrom(type)))
        {
            Assert.All(["HostName", "Role"], name => Assert.True(BindsByName(type, name), $"{type.Name}.{name}"));
            if (typeof(KamalAccessoryCmdlet).IsAssignableFrom(type)) Assert.True(BindsByName(type, "Name"));
        }
    }

    [Fact]
    public void Parameters_for_names_have_completers()
    {
        foreach (var property in All.Types.SelectMany(All.Parameters))
        {
            if (!Completed().IsMatch(property.Name)) continue;
            if (property.Name == "Version" && property.DeclaringType == typeof(RemoveKamalContainerCommand)) continue;
            Assert.NotNull(property.GetCustomAttribute<ArgumentCompleterAttribute>());
        }
    }

    private static bool BindsByName(Type type, string parameter) =>
        type.GetProperty(parameter)!.GetCustomAttributes<ParameterAttribute>().Any(attribute => attribute.ValueFromPipelineByPropertyName);

    [GeneratedRegex("^(HostName|Role|Destination|Version|Section|Adapter)$")]
    private static partial Regex Completed();
}
