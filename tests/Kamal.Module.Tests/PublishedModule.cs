using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace Kamal.Module.Tests;

/// <summary>The module in <c>out/</c>, as <c>dotnet build</c> published it.</summary>
internal static class PublishedModule
{
    public static string Manifest { get; } = (string)AppContext.GetData("Kamal.PublishedModule")!;

    public static string Folder { get; } = Path.GetDirectoryName(Manifest)!;

    public static Runspace OpenRunspace()
    {
        var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        return runspace;
    }

    public static IReadOnlyList<PSObject> Run(Runspace runspace, string script)
    {
        using var shell = PowerShell.Create(runspace);
        var output = shell.AddScript(script).Invoke();
        Assert.Empty(shell.Streams.Error);
        return output;
    }

    public static void Import(Runspace runspace) => Run(runspace, $"Import-Module '{Manifest}' -Force -ErrorAction Stop");
}
