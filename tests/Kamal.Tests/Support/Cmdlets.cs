using System.Management.Automation;
using System.Reflection;
using Kamal.Cmdlets;

namespace Kamal.Tests.Support;

/// <summary>All cmdlets of the module, by reflection.</summary>
internal static class Cmdlets
{
    /// <summary>Arguments for the mandatory parameters of cmdlets.</summary>
    private static readonly Dictionary<string, string> Needed = new()
    {
        ["Lock-KamalDeployment"] = "-Message 'work on it'",
        ["Invoke-KamalRollback"] = "-Version v1",
        ["Remove-KamalContainer"] = "-Version v1",
        ["Get-KamalVaultSecret"] = "-Adapter test -Account me -Name A",
        ["Select-KamalSecret"] = """-Name A -Json '{"A":"x"}'""",
        ["Invoke-KamalAppCommand"] = "-Command uptime",
        ["Invoke-KamalServerCommand"] = "-Command uptime",
        ["Invoke-KamalAccessoryCommand"] = "-Name db -Command uptime",
    };

    public static IReadOnlyList<Type> Types { get; } =
        [.. typeof(KamalCmdlet).Assembly.GetExportedTypes()
            .Where(type => !type.IsAbstract && type.GetCustomAttribute<CmdletAttribute>() is not null).OrderBy(NameOf)];

    public static string NameOf(Type type) => $"{AttributeOf(type).VerbName}-{AttributeOf(type).NounName}";

    public static CmdletAttribute AttributeOf(Type type) => type.GetCustomAttribute<CmdletAttribute>()!;

    /// <summary>The cmdlet with its mandatory parameters.</summary>
    public static string Line(Type type) =>
        NameOf(type) + " " + (Needed.TryGetValue(NameOf(type), out var more) ? more
            : typeof(KamalAccessoryCmdlet).IsAssignableFrom(type) ? "-Name db" : "");

    public static IEnumerable<PropertyInfo> Parameters(Type type) =>
        type.GetProperties().Where(property => property.GetCustomAttributes<ParameterAttribute>().Any());

    public static TheoryData<string> Where(Func<Type, bool> condition) => [.. Types.Where(condition).Select(NameOf)];

    public static Type Find(string name) => Types.Single(type => NameOf(type) == name);
}
