using System.Globalization;

namespace Kamal.Ssh.Config;

/// <summary>What ssh_config says about one host: for each keyword the first value, or all for those that add up.</summary>
internal sealed class SshConfigOptions
{
    private readonly Dictionary<string, List<string>> _values = new(StringComparer.Ordinal);

    /// <summary>The single value of a keyword, or null.</summary>
    /// <param name="name">The keyword in lower case.</param>
    public string? this[string name] => _values.TryGetValue(name, out var values) && values.Count > 0 ? values[0] : null;

    /// <summary>All values of a keyword; null if nothing is said.</summary>
    /// <param name="name">The keyword in lower case.</param>
    public IReadOnlyList<string>? All(string name) => _values.GetValueOrDefault(name);

    /// <summary>Whether a flag is set.</summary>
    /// <param name="name">The keyword in lower case.</param>
    public bool? Flag(string name) => this[name] is { } value ? value == "yes" : null;

    /// <summary>The number of a keyword.</summary>
    /// <param name="name">The keyword in lower case.</param>
    public int? Number(string name) => this[name] is { } value ? int.Parse(value, CultureInfo.InvariantCulture) : null;

    /// <summary>The time span of a keyword; null if nothing is said, or <c>none</c>.</summary>
    /// <param name="name">The keyword in lower case.</param>
    public TimeSpan? Time(string name) => this[name] is { } value and not "none" ? TimeSpan.FromSeconds(int.Parse(value, CultureInfo.InvariantCulture)) : null;

    /// <summary>Sets a value as the command line would, before any file is read.</summary>
    /// <param name="name">The keyword in lower case.</param>
    /// <param name="value">The value; null says nothing.</param>
    public void Set(string name, string? value)
    {
        if (value is not null) _values[name] = [value];
    }

    /// <summary>Takes a line that applies.</summary>
    /// <param name="line">The line.</param>
    /// <param name="name">The keyword's name.</param>
    /// <param name="kind">How it is read.</param>
    /// <param name="active">Whether it is about the host; one that is not is only checked.</param>
    /// <exception cref="SshClientException"><see cref="SshFailureReason.ConfigurationInvalid"/>: the line is not valid.</exception>
    public void Take(SshConfigLine line, string name, SshConfigKind kind, bool active)
    {
        var values = Read(line, name, kind);
        if (!active) return;
        // A jump excludes a command; 'ProxyJump none' only excludes other jumps.
        if (name == "proxycommand" && this["proxyjump"]?.Equals("none", StringComparison.OrdinalIgnoreCase) == false) return;
        if (name == "proxyjump" && _values.ContainsKey("proxycommand")) return;
        // Whether an agent is forwarded and which are two things to OpenSSH: a later line may say the second.
        if (name == "forwardagent" && this[name] is "yes" or "true" && values[0] is not ("yes" or "true" or "no" or "false")) _values.Remove(name);
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
                // Of two settings of one variable the first counts, as of two lines.
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
            if (at == start || !int.TryParse(text.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return null;
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
            return raw.Length == 0 ? throw line.Error("a value is missing") : [raw];
        }

        if (kind == SshConfigKind.Jumps)
        {
            var jumps = SshConfigText.Raw(line.Rest ?? "").Split('#')[0].TrimEnd();
            if (jumps.Length == 0) throw line.Error("a value is missing");
            if (jumps.Contains(", ", StringComparison.Ordinal)) throw line.Error("jump hosts are separated by commas only");
            foreach (var jump in jumps.Equals("none", StringComparison.OrdinalIgnoreCase) ? [] : jumps.Split(',')) CheckJump(line, jump);
            return [jumps];
        }

        var arguments = line.Arguments();
        if (arguments.Count == 0 || arguments.Contains("")) throw line.Error("a value is missing");
        if (kind is SshConfigKind.Words && name == "setenv" && arguments.Any(value => !value.Contains('=', StringComparison.Ordinal))) throw line.Error("NAME=VALUE is wanted");
        if (kind is SshConfigKind.Names && arguments.Any(value => value.Contains('=', StringComparison.Ordinal))) throw line.Error("names are wanted, without values");
        if (kind is SshConfigKind.Words && name is not "setenv" && arguments.Count > 1 && arguments.Any(IsNone)) throw line.Error("'none' stands alone");
        if (name == "canonicalizepermittedcnames" && !IsNone(arguments[0]) && arguments.Any(value => value.Split(':') is not [{ Length: > 0 }, { Length: > 0 }])) throw line.Error("PATTERNS:PATTERNS is wanted");
        if (kind is SshConfigKind.Words or SshConfigKind.Names) return arguments;
        if (arguments.Count > 1) throw line.Error($"'{arguments[1]}' is too much");
        return [Value(line, name, kind, arguments[0])];
    }

    private static string Value(SshConfigLine line, string name, SshConfigKind kind, string text)
    {
        switch (kind)
        {
            case SshConfigKind.Flag:
                return text.ToLowerInvariant() switch { "yes" or "true" => "yes", "no" or "false" => "no", _ => throw line.Error($"'{text}' is neither yes nor no") };
            case SshConfigKind.Time when text.Equals("none", StringComparison.OrdinalIgnoreCase):
                return "none";
            case SshConfigKind.Time:
                return Seconds(text)?.ToString(CultureInfo.InvariantCulture) ?? throw line.Error($"'{text}' is no time");
            case SshConfigKind.Number:
                if (name == "port" && text == "ssh") return "22";
                if (!int.TryParse(text, NumberStyles.AllowLeadingWhite | NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) || number < 0) throw line.Error($"'{text}' is no number");
                if (name == "port" && number is < 1 or > 65535) throw line.Error($"'{text}' is no port");
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
            // ssh hands a jump host to itself through a shell, which takes the quotes away.
            HostAddress.Parse(jump.Trim('"'));
        }
        catch (SshClientException error)
        {
            throw line.Error(error.Message.TrimEnd('.'));
        }
    }
}
