namespace Kamal.Lab.Tests;

/// <summary>A lab of tests/lab.</summary>
/// <param name="apart">Its namespaces; null if it is in this process's.</param>
internal sealed class Lab(Namespaces? apart) : IAsyncDisposable
{
    private static readonly Dictionary<string, string> NoEnvironment = [];
    private readonly string _program = Path.Combine(LabFixture.Tests, "lab", "lab");

    /// <summary>What `lab env` sets.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; private set; } = NoEnvironment;

    /// <summary>What tells its commands which lab they are about.</summary>
    public IReadOnlyDictionary<string, string> Variables => apart?.Environment ?? NoEnvironment;

    /// <summary>The app's images in its registry, as <c>SERVICE:VERSION</c>.</summary>
    public HashSet<string> Images { get; } = [];

    /// <summary>Brings it up.</summary>
    public async Task UpAsync()
    {
        using var up = Start(["up", $"{LabFixture.ServerCount}"]);
        (await up.EndAsync(TimeSpan.FromMinutes(5))).Succeeded();
        using var env = Start(["env"]);
        Environment = (await env.EndAsync()).Succeeded().Lines
            .Where(line => line.StartsWith("export ", StringComparison.Ordinal))
            .Select(line => line["export ".Length..].Split('=', 2))
            .ToDictionary(
                pair => pair[0],
                pair => pair[1].Trim('"').Replace("$PATH", System.Environment.GetEnvironmentVariable("PATH"), StringComparison.Ordinal));
    }

    /// <summary>Starts one of its commands.</summary>
    public RunningCommand Start(IEnumerable<string> words) => Start(_program, words, LabFixture.Tests, Variables);

    /// <summary>Starts a program that sees its network.</summary>
    public RunningCommand Start(
        string program, IEnumerable<string> words, string folder, IReadOnlyDictionary<string, string> environment) =>
        apart is null
            ? RunningCommand.Start(program, words, folder, environment)
            : RunningCommand.Start("nsenter", apart.Entering(program, words, folder), folder, environment);

    /// <summary>A client whose connections come from its network.</summary>
    public HttpClient NewClient() => apart is null ? new HttpClient() : new HttpClient(new SocketsHttpHandler
    {
        ConnectCallback = async (target, cancel) =>
        {
            var socket = apart.NewSocket();
            await socket.ConnectAsync(target.DnsEndPoint, cancel);
            return new System.Net.Sockets.NetworkStream(socket, ownsSocket: true);
        },
    });

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (apart is not null)
        {
            await apart.DisposeAsync();
        }
        else if (System.Environment.GetEnvironmentVariable("KAMAL_LAB_KEEP") is null)
        {
            using var down = Start(["down"]);
            (await down.EndAsync()).Succeeded();
        }
    }
}
