namespace Kamal.Adapters.Ssh;

/// <summary>Text that a server or an agent sent.</summary>
internal static class ServerText
{
    /// <summary>The text without what could move a terminal's cursor.</summary>
    public static string Clean(string text) => string.Concat(text.Where(c => !char.IsControl(c) || c is '\n' or '\t')).Trim();
}
