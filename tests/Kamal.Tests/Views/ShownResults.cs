using System.Diagnostics;
using System.Text.Json;
using Kamal.Tests.Support;

namespace Kamal.Tests.Views;

/// <summary>What a real pwsh shows of the samples.</summary>
public sealed class ShownResults : IAsyncLifetime
{
    /// <summary>The output of Views.ps1.</summary>
    public JsonElement Root { get; private set; }

    internal static string Repository => (string)AppContext.GetData("Kamal.Repository")!;

    public async ValueTask InitializeAsync()
    {
        var start = new ProcessStartInfo(
            Path.Combine(Repository, "tests/pwsh"),
            ["-NoProfile", "-File", Path.Combine(Repository, "tests/Kamal.Tests/Views/Views.ps1"), PublishedModule.Manifest,
                typeof(ShownResults).Assembly.Location])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in CiEnvironment.None) start.Environment[name] = value;
        start.Environment.Remove("NO_COLOR");
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        Root = JsonDocument.Parse(await output).RootElement;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
