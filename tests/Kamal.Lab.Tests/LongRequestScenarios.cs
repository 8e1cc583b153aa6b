using System.Net;
using System.Security.Cryptography;

namespace Kamal.Lab.Tests;

/// <summary>Requests that a switch finds in the middle.</summary>
[Chapter("Long requests and maintenance", 6)]
public sealed class LongRequestScenarios(LabFixture lab) : IClassFixture<LabFixture>
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [
        Fact,
        Promise(
            "An upload of 30 MB and an event stream across a switch",
            "The old version gets the whole upload, and its events go on while it drains; new requests go to the new version.")]
    public async Task Long_requests_outlast_the_switch()
    {
        using var shop = await Shop.OfImagesAsync(lab, App.New);
        await shop.DoAsync("kamal setup -P --version v1");
        using var upload = new Upload(30 * 1024 * 1024);
        using var client = lab.NewClient();
        client.BaseAddress = new($"http://{LabFixture.Address(1)}");
        var uploaded = client.PostAsync("/cgi-bin/upload", upload, Cancel);
        using var events = new StreamReader(await client.GetStreamAsync("/cgi-bin/events", Cancel));
        Assert.StartsWith("data: v1 ", await events.ReadLineAsync(Cancel), StringComparison.Ordinal);
        await upload.HalfSent.WaitAsync(TimeSpan.FromSeconds(10), Cancel);

        using var deploy = shop.Start("kamal deploy -P --version v2");
        await deploy.UntilAsync(async () => (await lab.TextAsync(1, "/", Cancel)).StartsWith("v2 ", StringComparison.Ordinal), "switch");
        upload.SendRest();

        using var answer = await uploaded;
        Assert.Equal($"v1 {upload.Length} {upload.Sum}", (await answer.Content.ReadAsStringAsync(Cancel)).Trim());
        var last = "";
        for (var i = 0; i < 4; i++) last = await events.ReadLineAsync(Cancel) is { Length: > 0 } line ? line : last;
        Assert.StartsWith("data: v1 ", last, StringComparison.Ordinal);
        events.Dispose();
        (await deploy.EndAsync()).Succeeded();
        Assert.StartsWith("v2 ", await lab.TextAsync(1, "/", Cancel), StringComparison.Ordinal);
    }

    [Fact, Promise("A deploy during maintenance", "The new version runs, and clients get 503 and the message until the app is live.")]
    public async Task A_deploy_during_maintenance_ends_with_live()
    {
        using var shop = await Shop.OfImagesAsync(lab, App.New);
        await shop.DoAsync("kamal setup -P --version v1; kamal app maintenance --message 'Back at noon' --version v1");

        await shop.DoAsync("kamal deploy -P --version v2");

        Assert.Equal("shop-web-v2", await lab.OnAsync(1, "docker ps --filter label=service=shop --format '{{.Names}}'"));
        Assert.Equal(503, await lab.StatusAsync(1, "/", Cancel));
        Assert.Contains("Back at noon", await lab.TextAsync(1, "/", Cancel), StringComparison.Ordinal);
        await shop.DoAsync("kamal app live --version v2");
        Assert.StartsWith("v2 ", await lab.TextAsync(1, "/", Cancel), StringComparison.Ordinal);
    }

    /// <summary>A body of which the second half is sent when that is asked for.</summary>
    private sealed class Upload : HttpContent
    {
        private readonly byte[] _bytes;
        private readonly TaskCompletionSource _half = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _rest = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Upload(int length)
        {
            _bytes = new byte[length];
            new Random(1).NextBytes(_bytes);
        }

        public int Length => _bytes.Length;

        public string Sum => Convert.ToHexStringLower(SHA256.HashData(_bytes));

        public Task HalfSent => _half.Task;

        public void SendRest() => _rest.SetResult();

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await stream.WriteAsync(_bytes.AsMemory(0, _bytes.Length / 2), Cancel);
            _half.SetResult();
            await _rest.Task.WaitAsync(Cancel);
            await stream.WriteAsync(_bytes.AsMemory(_bytes.Length / 2), Cancel);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _bytes.Length;
            return true;
        }
    }
}
