namespace Kamal.Lab.Tests;

/// <summary>Where a fault is seeded.</summary>
/// <param name="Name">As docs/failures.md has it.</param>
/// <param name="Servers">The servers that have it; none, if it is this machine's.</param>
/// <param name="Role">The role there.</param>
public sealed record Place(string Name, IReadOnlyList<int> Servers, string Role)
{
    /// <summary>The server of the deploy lock, and the first of the role web.</summary>
    public static Place First { get; } = new("first", [1], "web");

    /// <summary>The second server of the role web; the first is well.</summary>
    public static Place Later { get; } = new("later", [2], "web");

    /// <summary>The server of the role worker; those of the role web are well.</summary>
    public static Place Worker { get; } = new("worker", [3], "worker");

    /// <summary>All servers at once.</summary>
    public static Place All { get; } = new("all at once", [1, 2, 3], "");

    /// <summary>The machine that deploys.</summary>
    public static Place Here { get; } = new("this machine", [], "");

    /// <summary>The addresses of its servers, as a list of PowerShell and of messages.</summary>
    public string Hosts => string.Join(", ", Servers.Select(LabFixture.Address));

    /// <summary>A text in which <c>{host}</c>, <c>{n}</c> and <c>{role}</c> stand for those of the place.</summary>
    public string Fill(string text) => text
        .Replace("{host}", Hosts, StringComparison.Ordinal).Replace("{role}", Role, StringComparison.Ordinal)
        .Replace("{n}", string.Join(' ', Servers), StringComparison.Ordinal);
}
