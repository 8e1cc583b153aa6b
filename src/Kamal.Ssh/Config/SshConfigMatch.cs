using System.Net;

namespace Kamal.Ssh.Config;

/// <summary>A line <c>Match</c> of ssh_config.</summary>
internal sealed class SshConfigMatch(SshConfigLine line, SshConfigReader.Pass pass, SshConfigEnvironment environment)
{
    private readonly SshConfigOptions _options = pass.Options;

    /// <summary>Whether all its criteria are met.</summary>
    /// <param name="never">Whether the result does not matter, so that no command is run.</param>
    /// <exception cref="SshClientException"><see cref="SshFailureReason.ConfigurationInvalid"/>: the line is not valid.</exception>
    public async Task<bool> IsMatchAsync(bool never, CancellationToken cancellationToken)
    {
        var rest = line.Rest;
        var result = true;
        var count = 0;
        while (SshConfigText.Delimited(ref rest) is { Length: > 0 } word && word[0] != '#')
        {
            var negated = word[0] == '!';
            var criterion = (negated ? word[1..] : word).ToLowerInvariant();
            if (criterion == "all")
            {
                var more = SshConfigText.Delimited(ref rest);
                if (count > 1 || more is { Length: > 0 } and not ['#', ..])
                {
                    throw line.Error("'all' cannot be combined with other criteria");
                }
                return result && !negated;
            }

            count++;
            if (criterion is "canonical" or "final")
            {
                if (criterion == "final") pass.WantsFinal = true;
                if (pass.Final == negated) result = false;
                continue;
            }

            if (SshConfigText.Delimited(ref rest) is not { Length: > 0 } argument || argument[0] == '#')
            {
                throw line.Error($"'{criterion}' needs a value");
            }
            if (criterion == "exec" && (!result || never)) continue;
            if (await MeetsAsync(criterion, argument, cancellationToken).ConfigureAwait(false) == negated) result = false;
        }

        return count > 0 ? result : throw line.Error("missing criterion");
    }

    private string Host => pass.Final
        ? _options["hostname"] ?? pass.Host
        : _options["hostname"] is { } name ? Tokens(pass.Host).Fill(name, "%h") : pass.Host;

    private string User => _options["user"] ?? pass.Account;

    private async Task<bool> MeetsAsync(string criterion, string argument, CancellationToken cancellationToken) => criterion switch
    {
        // Host names are compared in lower case; user names are not.
        "host" => Pattern.IsMatchInList(argument.ToLowerInvariant(), Host.ToLowerInvariant()),
        "originalhost" => Pattern.IsMatchInList(argument.ToLowerInvariant(), pass.Original.ToLowerInvariant()),
        "user" => Pattern.IsMatchInList(argument, User),
        "localuser" => Pattern.IsMatchInList(argument, environment.LocalUser),
        "exec" => await environment.Execute(Tokens(Host).Fill(argument), cancellationToken).ConfigureAwait(false),
        // From newer versions of OpenSSH.
        "localnetwork" => IsLocal(argument),
        "tagged" => Pattern.IsMatchInList(argument, _options["tag"] ?? ""),
        "sessiontype" => Pattern.IsMatchInList(argument, "exec"),
        // A connection runs many commands, and is not OpenSSH's.
        "command" or "version" => false,
        _ => throw line.Error($"unknown criterion '{criterion}'"),
    };

    private bool IsLocal(string networks)
    {
        List<IPNetwork> wanted = [];
        foreach (var text in networks.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (IPAddress.TryParse(text, out var address)) wanted.Add(new(address, address.GetAddressBytes().Length * 8));
            else if (IPNetwork.TryParse(text, out var network)) wanted.Add(network);
            else throw line.Error($"'{text}' is not a network");
        }

        return environment.LocalAddresses().Any(address => wanted.Any(network => network.Contains(address)));
    }

    private SshConfigTokens Tokens(string host) =>
        new(environment, pass.Original, host, _options["port"] ?? "22", User, _options["hostkeyalias"], _options["proxyjump"]);
}
