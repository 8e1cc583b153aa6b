using System.Globalization;

namespace Kamal.Lab.Tests;

/// <summary>Calls of docker on a server that fail or do not end. A call is a pattern of docker's arguments: <c>"rename *"</c>.</summary>
public static class Docker
{
    /// <summary>A call fails, and nothing comes of it.</summary>
    /// <param name="call">The pattern.</param>
    /// <param name="message">What docker says.</param>
    /// <param name="number">The how-manieth such call; each, if 0.</param>
    /// <param name="server">The server.</param>
    public static Breakage Fails(
        string call, string message = "Error response from daemon: made to fail by the lab", int number = 0, int server = 1) =>
        new Fault("fail", call, message, number, server);

    /// <summary>A call fails although it was carried out.</summary>
    public static Breakage FailsAfter(
        string call, string message = "Error response from daemon: made to fail by the lab", int number = 0, int server = 1) =>
        new Fault("fail-after", call, message, number, server);

    /// <summary>Ctrl+C comes while a call waits; nothing comes of it.</summary>
    public static Breakage StoppedIn(string call, int number = 1, int server = 1) =>
        new Fault("hang", call, "", number, server) { Then = command => command.Interrupt() };

    /// <summary>Ctrl+C comes when a call was carried out and has not ended.</summary>
    public static Breakage StoppedAfter(string call, int number = 1, int server = 1) =>
        new Fault("hang-after", call, "", number, server) { Then = command => command.Interrupt() };

    private sealed record Fault(string How, string Call, string Message, int Number, int Server) : Breakage
    {
        public Action<RunningCommand>? Then { get; init; }

        public override Task BreakAsync(LabFixture lab) =>
            lab.LabAsync(["fault", $"{Server}", How, Call, Number.ToString(CultureInfo.InvariantCulture), Message]);

        public override async Task MeanwhileAsync(LabFixture lab, RunningCommand command)
        {
            if (Then is null) return;
            await command.UntilAsync(() => lab.IsAsync(["fault", $"{Server}", "reached"]), $"docker {Call}");
            Then(command);
        }

        public override Task MendAsync(LabFixture lab) => lab.LabAsync(["fault", $"{Server}", "off"]);
    }
}
