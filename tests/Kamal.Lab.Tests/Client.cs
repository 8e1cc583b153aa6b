namespace Kamal.Lab.Tests;

/// <summary>A client of the app, as a browser would ask: each request on a new connection.</summary>
internal static class Client
{
    /// <summary>The answer's status.</summary>
    public static async Task<int> StatusAsync(int server, string path, CancellationToken cancel)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri($"http://{LabFixture.Address(server)}{path}"), cancel);
        return (int)answer.StatusCode;
    }

    /// <summary>The answer's text, whatever its status.</summary>
    public static async Task<string> TextAsync(int server, string path, CancellationToken cancel)
    {
        using var client = new HttpClient();
        using var answer = await client.GetAsync(new Uri($"http://{LabFixture.Address(server)}{path}"), cancel);
        return (await answer.Content.ReadAsStringAsync(cancel)).Trim();
    }
}
