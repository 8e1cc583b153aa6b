using Kamal.Engine.Local;
using Kamal.Engine.Secrets;
using Xunit;

namespace Kamal.Engine.Tests.Secrets;

/// <summary>A folder with secrets files, and a store over it.</summary>
internal sealed class SecretProject : IDisposable
{
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal);

    public SecretProject(string? text = null)
    {
        Directory.CreateDirectory(Path.Combine(Folder, ".kamal"));
        if (text is not null) Write(".kamal/secrets", text);
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("kamal-secrets").FullName;

    public List<string> Warnings { get; } = [];

    public RecordingRunner Runner { get; } = new() { Inner = new LocalRunner() };

    public SecretProject Write(string name, string text)
    {
        File.WriteAllText(Path.Combine(Folder, name), text);
        return this;
    }

    public SecretProject With(string name, string value)
    {
        _environment[name] = value;
        return this;
    }

    public SecretStore Store(string? destination = null, ILocalRunner? runner = null) => new(
        new SecretFiles(Folder, Destination: destination), runner ?? Runner, null,
        name => _environment.TryGetValue(name, out var value)
            ? value
            : name == "PATH"
            ? Environment.GetEnvironmentVariable("PATH")
            : null, warn: Warnings.Add);

    public async Task<string> Get(string name, string? destination = null)
    {
        using var store = Store(destination);
        return (await store.GetAsync(name, TestContext.Current.CancellationToken)).Reveal();
    }

    public async Task<string> Print(string? destination = null)
    {
        using var store = Store(destination);
        var all = await store.GetAllAsync(TestContext.Current.CancellationToken);
        return string.Join(
            '\n',
            all.Select(secret => $"{secret.Name}={(secret.Failure is { } failure ? throw failure : secret.Value!.Reveal())}"));
    }

    public async Task<KamalException> Fails(string name, string? destination = null) =>
        await Assert.ThrowsAsync<KamalException>(() => Get(name, destination));

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
