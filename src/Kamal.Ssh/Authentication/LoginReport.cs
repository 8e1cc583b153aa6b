namespace Kamal.Ssh.Authentication;

/// <summary>What was tried to log in, for the error if nothing works.</summary>
/// <param name="trace">Gets each try at once.</param>
internal sealed class LoginReport(Action<string> trace)
{
    private readonly List<string> _tried = [];

    /// <summary>What could not be tried and why.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>The ways the server accepts, as it said last.</summary>
    public IReadOnlyList<string> Accepted { get; set; } = [];

    /// <summary>What the server says to those who log in.</summary>
    public string Banner { get; set; } = "";

    /// <summary>How many tries there were.</summary>
    public int Count => _tried.Count;

    /// <summary>Notes a try.</summary>
    public void Try(string what)
    {
        trace("trying " + what);
        _tried.Add(what);
    }

    /// <summary>Notes a way to log in whose turn it is: the server accepts it, or it would have none.</summary>
    public void Offer(string method)
    {
        if (!Accepted.Contains(method)) Accepted = [.. Accepted, method];
    }

    /// <summary>Adds to the last try what became of it.</summary>
    public void Amend(string what)
    {
        trace("that was " + _tried[^1] + what);
        _tried[^1] += what;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var tried = _tried.Count == 0 ? "There was nothing to try" : "Tried: " + string.Join("; ", _tried);
        var notes = Notes.Count > 0 ? $" ({string.Join("; ", Notes)})" : "";
        var accepts = Accepted.Count == 0 ? "" : $" The server accepts {string.Join(", ", Accepted)}.";
        return $"{tried}{notes}.{accepts}{(Banner.Length == 0 ? "" : $" It says: {Banner}")}";
    }
}
