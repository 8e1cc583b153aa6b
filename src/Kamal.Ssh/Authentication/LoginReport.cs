namespace Kamal.Ssh.Authentication;

/// <summary>What a login tried, for the error if it fails.</summary>
/// <param name="trace">Gets each attempt at once.</param>
internal sealed class LoginReport(Action<string> trace)
{
    private readonly List<string> _tried = [];

    /// <summary>What could not be tried, and why.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>The methods that the server accepts, as it last said.</summary>
    public IReadOnlyList<string> Accepted { get; set; } = [];

    /// <summary>The server's banner.</summary>
    public string Banner { get; set; } = "";

    /// <summary>The number of attempts.</summary>
    public int Count => _tried.Count;

    /// <summary>Records an attempt.</summary>
    public void Try(string what)
    {
        trace("trying " + what);
        _tried.Add(what);
    }

    /// <summary>Records a method that is used: the server accepts it.</summary>
    public void Offer(string method)
    {
        if (!Accepted.Contains(method)) Accepted = [.. Accepted, method];
    }

    /// <summary>Adds the outcome to the last attempt.</summary>
    public void Amend(string what)
    {
        trace("that was " + _tried[^1] + what);
        _tried[^1] += what;
    }

    /// <inheritdoc/>
    public override string ToString()
    {
        var tried = _tried.Count == 0 ? "Nothing could be tried" : "Tried: " + string.Join("; ", _tried);
        var notes = Notes.Count > 0 ? $" ({string.Join("; ", Notes)})" : "";
        var accepts = Accepted.Count == 0 ? "" : $" The server accepts {string.Join(", ", Accepted)}.";
        return $"{tried}{notes}.{accepts}{(Banner.Length == 0 ? "" : $" The server says: {Banner}")}";
    }
}
