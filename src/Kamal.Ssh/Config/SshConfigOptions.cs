using System.Globalization;

namespace Kamal.Ssh.Config;

/// <summary>The options of one host: for each keyword its first value, or all for those that accumulate.</summary>
internal sealed class SshConfigOptions
{
    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);

    /// <summary>The value of a keyword, or null.</summary>
    public string? this[string name] => _values.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null;

    /// <summary>All values of a keyword; null if it is not set.</summary>
    public IReadOnlyList<string>? All(string name) => _values.GetValueOrDefault(name);

    /// <summary>Whether a flag is set.</summary>
    public bool? Flag(string name) => this[name] is { } value ? value == "yes" : null;

    /// <summary>The number of a keyword.</summary>
    public int? Number(string name) => this[name] is { } value ? int.Parse(value, CultureInfo.InvariantCulture) : null;

    /// <summary>The time span of a keyword; null if it is not set, or <c>none</c>.</summary>
    public TimeSpan? Time(string name) =>
        this[name] is { } value and not "none" ? TimeSpan.FromSeconds(int.Parse(value, CultureInfo.InvariantCulture)) : null;

    /// <summary>Sets a value before any file is read, as the command line does.</summary>
    /// <param name="value">The value; null to set nothing.</param>
    public void Set(string name, string? value)
    {
        if (value is not null) _values[name] = [value];
    }

    /// <summary>Reads a line.</summary>
    /// <param name="active">Whether it applies to the host; otherwise it is only validated.</param>
    /// <exception cref="SshClientException"><see cref="SshFailureReason.ConfigurationInvalid"/>: the line is not valid.</exception>
    public void Take(SshConfigLine line, string name, SshConfigKind kind, bool active)
    {
        var values = Read(line, name, kind);
        if (!active) return;
        // ProxyJump excludes ProxyCommand; 'ProxyJump none' only excludes other jumps.
        if (name == "proxycommand" && this["proxyjump"]?.Equals("none", StringComparison.OrdinalIgnoreCase) == false) return;
        if (name == "proxyjump" && _values.ContainsKey("proxycommand")) return;
        // OpenSSH keeps whether and which agent is forwarded apart: a later line may say which.
        if (name == "forwardagent" && this[name] is "yes" or "true" && values[0] is not ("yes" or "true" or "no" or "false"))
        {
            _values.Remove(name);
        }
        switch (kind)
        {
            case SshConfigKind.Collected:
                var list = Values(name);
                if (!list.Contains(values[0])) list.Add(values[0]);
                break;
            case SshConfigKind.Names:
                var names = Values(name);
                foreach (var value in values)
                {
                    if (value[0] == '-') names.RemoveAll(item => Pattern.IsMatch(value.AsSpan(1), item));
                    else names.Add(value);
                }

                break;
            default:
                // The first setting of a variable wins, as of two lines.
                _values.TryAdd(name, [.. name == "setenv" ? values.DistinctBy(value => value.Split('=')[0]) : values]);
                break;
        }
    }

    /// <summary>A time span of OpenSSH's, in seconds (TIME FORMATS in sshd_config(5)).</summary>
    /// <param name="text">As <c>90</c> or <c>1h30m</c>.</param>
    /// <returns>Seconds, or null if it is none.</returns>
    internal static int? Seconds(string text)
    {
        long total = 0;
        var at = 0;
        if (text.Length == 0) return null;
        while (at < text.Length)
        {
            var start = at;
            while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
            if (at == start
                || !int.TryParse(text.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }
            long unit = 1;
            if (at < text.Length)
            {
                unit = char.ToLowerInvariant(text[at++]) switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, 'w' => 604800, _ => 0 };
                if (unit == 0) return null;
            }

            total += number * unit;
            if (total > int.MaxValue) return null;
        }

        return (int)total;
    }

    private List<string> Values(string name)
    {
        if (!_values.TryGetValue(name, out var list)) _values[name] = list = [];
        return list;
    }

    private static IReadOnlyList<string> Read(SshConfigLine line, string name, SshConfigKind kind)
    {
        if (kind == SshConfigKind.Raw)
        {
            var raw = SshConfigText.Raw(line.Rest ?? "");
            return raw.Length == 0 ? throw line.Error("missing value") : [raw];
        }

        if (kind == SshConfigKind.Jumps)
        {
            var jumps = SshConfigText.Raw(line.Rest ?? "").Split('#')[0].TrimEnd();
            if (jumps.Length == 0) throw line.Error("missing value");
            if (jumps.Contains(", ", StringComparison.Ordinal)) throw line.Error("jump hosts are separated by commas, without spaces");
            foreach (var jump in jumps.Equals("none", StringComparison.OrdinalIgnoreCase) ? [] : jumps.Split(',')) CheckJump(line, jump);
            return [jumps];
        }

        var arguments = line.Arguments();
        if (arguments.Count == 0 || arguments.Contains("")) throw line.Error("missing value");
        if (kind is SshConfigKind.Words && name == "setenv" && arguments.Any(value => !value.Contains('=', StringComparison.Ordinal)))
        {
            throw line.Error("expected NAME=VALUE");
        }
        if (kind is SshConfigKind.Names && arguments.Any(value => value.Contains('=', StringComparison.Ordinal)))
        {
            throw line.Error("expected names without values");
        }
        if (kind is SshConfigKind.Words && name is not "setenv" && arguments.Count > 1 && arguments.Any(IsNone))
        {
            throw line.Error("'none' cannot be combined with other values");
        }
        if (name == "canonicalizepermittedcnames" && !IsNone(arguments[0])
            && arguments.Any(value => value.Split(':') is not [{ Length: > 0 }, { Length: > 0 }]))
        {
            throw line.Error("expected PATTERNS:PATTERNS");
        }
        if (kind is SshConfigKind.Words or SshConfigKind.Names) return arguments;
        if (arguments.Count > 1) throw line.Error($"unexpected argument '{arguments[1]}'");
        return [Value(line, name, kind, arguments[0])];
    }

    private static string Value(SshConfigLine line, string name, SshConfigKind kind, string text)
    {
        switch (kind)
        {
            case SshConfigKind.Flag:
                return text.ToLowerInvariant() switch { "yes" or "true" =>
                    "yes", "no" or "false" => "no", _ => throw line.Error($"'{text}' is not yes or no") };
            case SshConfigKind.Time when text.Equals("none", StringComparison.OrdinalIgnoreCase):
                return "none";
            case SshConfigKind.Time:
                return Seconds(text)?.ToString(CultureInfo.InvariantCulture) ?? throw line.Error($"'{text}' is not a time");
            case SshConfigKind.Number:
                if (name == "port" && text == "ssh") return "22";
                if (!int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
                    out var number) || number < 0)
                {
                    throw line.Error($"'{text}' is not a number");
                }
                if (name == "port" && number is < 1 or > 65535) throw line.Error($"'{text}' is not a port");
                return number.ToString(CultureInfo.InvariantCulture);
            default:
                var choices = Choices(name);
                if (choices.Length == 0) return text;
                var choice = text.ToLowerInvariant();
                return choices.Contains(choice) ? choice : throw line.Error($"'{text}' is not one of {string.Join(", ", choices)}");
        }
    }

    private static bool IsNone(string text) => text.Equals("none", StringComparison.OrdinalIgnoreCase);

    private static string[] Choices(string name) => name switch
    {
        "addressfamily" => ["any", "inet", "inet6"],
        "stricthostkeychecking" => ["ask", "yes", "true", "no", "false", "off", "accept-new"],
        "canonicalizehostname" => ["yes", "true", "no", "false", "always"],
        "pubkeyauthentication" => ["yes", "true", "no", "false", "unbound", "host-bound"],
        _ => [],
    };

    private static void CheckJump(SshConfigLine line, string jump)
    {
        try
        {
            // ssh runs itself through a shell for a jump host, which removes the quotes.
            HostAddress.Parse(jump.Trim('"'));
        }
        catch (SshClientException error)
        {
            throw line.Error(error.Message.TrimEnd('.'));
        }
    }
}
