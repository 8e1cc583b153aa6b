namespace Kamal.Lab.Tests;

/// <summary>What can be broken on a server.</summary>
public static class Host
{
    /// <summary>A shell script on a server, and one that undoes it.</summary>
    public static Breakage Does(string script, string? undo = null, int server = 1) => new Script(script, undo, server);

    private sealed record Script(string Text, string? Undo, int Server) : Breakage
    {
        public override Task BreakAsync(LabFixture lab) => lab.OnAsync(Server, Text);

        public override Task MendAsync(LabFixture lab) => Undo is null ? Task.CompletedTask : lab.OnAsync(Server, Undo);
    }
}
