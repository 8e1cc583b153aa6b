using System.Collections.Concurrent;
using Kamal.Common;

namespace Kamal.Ssh.Config;

/// <summary>A file of ssh_config.</summary>
/// <param name="Path">Its absolute path; it need not exist.</param>
/// <param name="IsUsers">Whether it is the user's, whose relative includes are in <c>~/.ssh</c>, or the system's.</param>
internal sealed record SshConfigSource(string Path, bool IsUsers);

/// <summary>Reads the options of a host by OpenSSH's rules: the first value wins, later passes only add.</summary>
/// <param name="files">The files to read, in order.</param>
/// <param name="note">Gets remarks, such as about unknown options.</param>
internal sealed class SshConfigReader(IReadOnlyList<SshConfigSource> files, SshConfigEnvironment environment, Action<string> note)
{
    private const int MaxDepth = 16;
    private readonly ConcurrentDictionary<string, IReadOnlyList<SshConfigLine>?> _files = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _noted = new(StringComparer.Ordinal);

    /// <summary>The options of a host. <c>hostname</c> is always set, with its tokens expanded.</summary>
    /// <param name="host">The host as it was asked for.</param>
    /// <param name="given">What is set before any file is read, as by ssh's command line.</param>
    /// <param name="defaultUser">The account where nothing names one; the local user's, if null.</param>
    /// <exception cref="SshClientException"><see cref="SshFailureReason.ConfigurationInvalid"/>: a line is not valid.</exception>
    public async Task<SshConfigOptions> ReadAsync(
        string host, SshConfigOptions given, CancellationToken cancellationToken, string? defaultUser = null)
    {
        var account = defaultUser ?? environment.LocalUser;
        var pass = new Pass(host, host, account, given, Final: false);
        var wantsFinal = await ReadAllAsync(pass, cancellationToken).ConfigureAwait(false);
        var name = given["hostname"] is { } replaced ? HostTokens(host).Fill(replaced, "%h") : host;
        if (!System.Net.IPAddress.TryParse(name, out _)) name = name.ToLowerInvariant();
        var canonicalize = given["canonicalizehostname"] is "yes" or "true" or "always";
        name = await new CanonicalHostName(given, environment).FindAsync(name, canonicalize, cancellationToken).ConfigureAwait(false);
        if (wantsFinal || canonicalize)
        {
            given.Set("hostname", name);
            await ReadAllAsync(new Pass(name, host, account, given, Final: true), cancellationToken).ConfigureAwait(false);
        }

        given.Set("hostname", name);
        return given;
    }

    private async Task<bool> ReadAllAsync(Pass pass, CancellationToken cancellationToken)
    {
        foreach (var source in files)
        {
            await ReadFileAsync(source.Path, source.IsUsers, new Scope { Active = true }, pass, 0, cancellationToken).ConfigureAwait(false);
        }

        return pass.WantsFinal;
    }

    private async Task ReadFileAsync(string path, bool isUsers, Scope scope, Pass pass, int depth, CancellationToken cancellationToken)
    {
        if (depth > MaxDepth)
        {
            throw new SshClientException(
                SshFailureReason.ConfigurationInvalid, $"{path}: ssh_config files include each other more than {MaxDepth} deep.");
        }
        var lines = _files.GetOrAdd(path, Load);
        foreach (var line in lines ?? [])
        {
            switch (line.Keyword)
            {
                case "host":
                    scope.Active = !scope.Never && MatchesHost(line, pass.Host);
                    break;
                case "match":
                    scope.Active = await new SshConfigMatch(line, pass, environment)
                        .IsMatchAsync(scope.Never, cancellationToken).ConfigureAwait(false) && !scope.Never;
                    break;
                case "include":
                    if (line.Arguments() is not { Count: > 0 } paths) throw line.Error("missing path");
                    foreach (var file in paths.SelectMany(argument => Included(line, argument, isUsers)))
                    {
                        // A file included by a block that does not apply is only validated; its blocks end with it.
                        var inner = new Scope { Active = scope.Active, Never = scope.Never || !scope.Active };
                        await ReadFileAsync(file, isUsers, inner, pass, depth + 1, cancellationToken).ConfigureAwait(false);
                    }

                    break;
                default:
                    Take(line, pass.Options, scope.Active);
                    break;
            }
        }
    }

    private void Take(SshConfigLine line, SshConfigOptions options, bool active)
    {
        var name = SshConfigKeywords.Name(line.Keyword);
        if (SshConfigKeywords.Kind(name) is { } kind)
        {
            options.Take(line, name, kind, active);
            if (name is "identityagent" or "forwardagent") CheckVariables(line);
            if (name == "refuseconnection" && active) throw line.Error($"connections to this host are refused: {options[name]}");
        }
        else if (SshConfigKeywords.IsKnownButUnused(name))
        {
            // Some values are commands, whose quotes are the shell's.
            var value = SshConfigText.Arguments(line.Rest ?? "") is [var first, ..] ? first : line.Rest ?? "";
            if (active && value.Length > 0 && SshConfigKeywords.IsMissed(name, value))
            {
                Note(line, $"'{line.Keyword}' is not supported and has no effect");
            }
        }
        else if (!(options["ignoreunknown"] is { } ignored && Pattern.IsMatchInList(ignored.ToLowerInvariant(), name)))
        {
            Note(line, $"unknown option '{line.Keyword}' is ignored");
        }
    }

    private void Note(SshConfigLine line, string what)
    {
        if (_noted.TryAdd($"{line.File}:{line.Number}", true)) note($"{line.File}:{line.Number}: {what}.");
    }

    private void CheckVariables(SshConfigLine line)
    {
        var text = line.Arguments()[0];
        for (var from = text.IndexOf(
            "${", StringComparison.Ordinal); from >= 0; from = text.IndexOf("${", from + 2, StringComparison.Ordinal))
        {
            var end = text.IndexOf('}', from);
            if (end < 0 || environment.Variable(text[(from + 2)..end]) is null)
            {
                throw line.Error($"'{text}' names a variable that is not set");
            }
        }
    }

    private static bool MatchesHost(SshConfigLine line, string host)
    {
        var arguments = line.Arguments();
        if (arguments.Count == 0 || arguments.Contains("")) throw line.Error("missing pattern");
        var matches = false;
        foreach (var pattern in arguments)
        {
            var excludes = pattern[0] == '!';
            if (!Pattern.IsMatch(excludes ? pattern.AsSpan(1) : pattern, host)) continue;
            if (excludes) return false;
            matches = true;
        }

        return matches;
    }

    private IEnumerable<string> Included(SshConfigLine line, string argument, bool isUsers)
    {
        if (argument.Length == 0) throw line.Error("empty path");
        if (argument[0] == '~' && !isUsers) throw line.Error("a system file cannot include a user's file");
        var path = environment.Expand(argument);
        if (!Path.IsPathRooted(path)) path = Path.Combine(isUsers ? environment.UserDirectory : environment.SystemDirectory, path);
        return FileGlob.Find(path);
    }

    private IReadOnlyList<SshConfigLine>? Load(string path)
    {
        try
        {
            return File.Exists(path) ? SshConfigLine.Parse(BoundedFile.ReadText(path, BoundedFile.SettingsLimit), path) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SshClientException(
                SshFailureReason.FileUnavailable, $"The SSH configuration {path} cannot be read: {error.Message}", error);
        }
    }

    private SshConfigTokens HostTokens(string host) => new(environment, host, host, "22", environment.LocalUser, null, null);

    /// <summary>One pass over all files.</summary>
    internal sealed record Pass(string Host, string Original, string Account, SshConfigOptions Options, bool Final)
    {
        /// <summary>Whether a line requested a final pass.</summary>
        public bool WantsFinal { get; set; }
    }

    private sealed class Scope
    {
        public bool Active { get; set; }

        public bool Never { get; init; }
    }
}
