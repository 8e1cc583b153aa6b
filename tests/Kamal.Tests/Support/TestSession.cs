using System.Management.Automation;
using System.Management.Automation.Runspaces;
using Kamal.Engine.Hosts;
using Kamal.Sessions;

namespace Kamal.Tests.Support;

/// <summary>A hosted runspace with the published module, in a directory with a project.</summary>
internal sealed class TestSession : IDisposable
{
    public TestSession(IHostConnector? connector = null)
    {
        Directory.CreateDirectory(Path.Combine(Folder, "config"));
        Directory.CreateDirectory(Path.Combine(Folder, ".kamal"));
        Write("config/deploy.yml", SampleProject.Configuration);
        Write(".kamal/secrets", SampleProject.Secrets);
        Write("Dockerfile", "FROM scratch\n");
        var state = InitialSessionState.CreateDefault2();
        state.ImportPSModule(PublishedModule.Manifest);
        state.ThrowOnRunspaceOpenError = true;
        Runspace = RunspaceFactory.CreateRunspace(Host, state);
        Runspace.Open();
        Runspace.SessionStateProxy.Path.SetLocation(Folder);
        KamalSession.For(Runspace).Connector = Connector = connector ?? TestConnector.Refusing();
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("kamal-tests-").FullName;

    public RecordingHost Host { get; } = new();

    public Runspace Runspace { get; }

    public IHostConnector Connector { get; }

    /// <summary>The hosts that the module tried to connect to.</summary>
    public IEnumerable<string> Asked => ((TestConnector)Connector).Targets.Select(target => target.Name);

    public void Write(string path, string text) => File.WriteAllText(Path.Combine(Folder, path), text);

    /// <summary>Runs a script. A terminating error is included in the errors.</summary>
    public TestRun Run(string script)
    {
        using var shell = PowerShell.Create(Runspace);
        Host.Lines.Clear();
        List<ErrorRecord> terminating = [];
        IReadOnlyList<PSObject> output = [];
        try
        {
            output = [.. shell.AddScript(script).Invoke()];
        }
        catch (RuntimeException error)
        {
            terminating.Add(error.ErrorRecord);
        }

        return new(output, [.. shell.Streams.Error, .. terminating], [.. Host.Lines])
        {
            Debug = [.. shell.Streams.Debug.Select(record => record.Message)],
            Warnings = [.. shell.Streams.Warning.Select(record => record.Message)],
            Verbose = [.. shell.Streams.Verbose.Select(record => record.Message)],
            Information = [.. shell.Streams.Information.Select(record => record.ToString())],
            Progress = [.. shell.Streams.Progress],
            Terminated = terminating.Count > 0,
        };
    }

    public void Dispose()
    {
        Runspace.Dispose();
        Directory.Delete(Folder, recursive: true);
    }
}
