using System.Globalization;

namespace Kamal.Engine.Configuration.Metadata;

/// <summary>The defaults of the configuration's records, and their form in documentation.</summary>
internal static class Defaults
{
    public static readonly KamalConfiguration Root = new()
    {
        ProjectDirectory = "",
        ConfigFile = "",
        Service = "",
        Image = "",
        Registry = new(),
    };
    public static readonly AccessoryConfiguration Accessory = new("") { ServiceName = "", Image = "" };
    public static readonly RoleConfiguration Role = new("");
    public static readonly ProxyRunConfiguration ProxyRun = new();

    public static string Of(bool value) => value ? "true" : "false";

    public static string Of(int value) => value.ToString(CultureInfo.InvariantCulture);

    /// <summary>A duration in seconds.</summary>
    public static string Of(TimeSpan value) => Of((int)value.TotalSeconds);

    public static string Of(IEnumerable<string> values) => $"[ {string.Join(", ", values)} ]";
}
