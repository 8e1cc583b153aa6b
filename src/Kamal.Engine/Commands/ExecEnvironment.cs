using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Kamal.Engine.Configuration;

namespace Kamal.Engine.Commands;

/// <summary>
/// Environment variables that a user passes to a command in a container. They may be secrets, so no process gets their values as arguments:
/// docker takes them from its own environment, which the shell sets for that command only (<c>NAME=value docker run --env NAME …</c>).
/// </summary>
/// <remarks>
/// Variables that would affect docker's client, its libraries or the shell, and names that a shell cannot assign, come from an
/// environment file instead, which is a pipe.
/// </remarks>
/// <param name="variables">The variables.</param>
internal sealed partial class ExecEnvironment(ImmutableArray<EnvVariable> variables)
{
    private readonly ImmutableArray<EnvVariable> _assigned = [.. variables.Where(variable => IsAssignable(variable.Name))];
    private readonly ImmutableArray<EnvVariable> _inFile = [.. variables.Where(variable => !IsAssignable(variable.Name))];

    /// <summary>Docker's options.</summary>
    public IEnumerable<ShellWord> Options =>
    [
        .. _inFile.IsEmpty ? [] : DockerArguments.EnvFile("/dev/fd/3"),
        .. _assigned.SelectMany(variable => new ShellWord[] { "--env", variable.Name }),
    ];

    /// <summary>Checks that docker can take the variables.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.ArgumentInvalid"/>: it cannot take one.</exception>
    public void Validate()
    {
        foreach (var variable in variables)
        {
            if (variable.Name.Length == 0 || variable.Name[0] == '#'
                || variable.Name.Any(c => c == '=' || char.IsWhiteSpace(c) || char.IsControl(c)))
            {
                throw Invalid(
                    "The name of an environment variable cannot be empty, begin with '#' or contain '=', blanks or control characters.");
            }

            if (variable.Value?.Contains('\0', StringComparison.Ordinal) == true)
            {
                throw Invalid($"The environment variable {variable.Name} has a NUL character in its value.");
            }
        }

        if (_inFile.FirstOrDefault(variable => variable.Value?.AsSpan().IndexOfAny('\n', '\r') >= 0) is { } lines)
        {
            throw Invalid(
                $"The environment variable {lines.Name} cannot have a value with several lines: "
                + "docker reads it from an environment file, which has one variable per line.",
                "Use another name, of letters, digits and underscores, that docker and the shell do not use.");
        }
    }

    /// <summary>The configured variables without those in the file: docker would prefer the configured ones.</summary>
    public IEnumerable<EnvVariable> Over(IEnumerable<EnvVariable> configured) =>
        configured.Where(variable => !_inFile.Any(own => own.Name == variable.Name));

    /// <summary>Passes the variables to a docker command that has <see cref="Options"/>.</summary>
    public ShellCommand Give(ShellCommand docker)
    {
        var command = _assigned.IsEmpty ? docker : ShellCommand.Of([.. _assigned.Select(Assignment)]).AddCommand(docker);
        if (_inFile.IsEmpty) return command;
        // printf is a shell builtin. The command keeps its standard input; the newline ends a comment in a user's command line.
        var file = ShellCommand.Of("printf", "%s\\n").AddRange(_inFile.Select(Assignment));
        return ShellCommand.Raw($"{{ {file} | {{ {command}\n}} 3<&0 0<&4 4<&-; }} 4<&0");
    }

    private static ShellWord Assignment(EnvVariable variable) =>
        ShellWord.Join(variable.Name, "=", ShellWord.Hidden(ShellWord.Lines(variable.Value ?? "")));

    private static bool IsAssignable(string name) => Identifier().IsMatch(name) && !Obeyed().IsMatch(name);

    private static KamalException Invalid(string message, string? recommendation = null) =>
        new(KamalErrorId.ArgumentInvalid, message) { Recommendation = recommendation };

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex Identifier();

    // The shell's, the loader's and the C library's, Go's and its network's, docker's and its plug-ins', podman's behind docker's name.
    [GeneratedRegex(
        @"\A(_|[A-Z]*PATH|HOME|PWD|OLDPWD|SHELL|SHELLOPTS|IFS|ENV|CDPATH|PS[1-4]|PPID|E?UID|GID|"
        + @"GROUPS|OPT(IND|ARG|ERR)|LINENO|RANDOM|SECONDS|FUNCNAME|"
        + @"HOST(NAME|TYPE|ALIASES)|(MACH|OS)TYPE|DIRSTACK|"
        + @"POSIXLY_CORRECT|BASH.*|LD_.*|MALLOC_.*|GLIBC_.*|GCONV_.*|"
        + @"LOCALDOMAIN|RES_OPTIONS|NLSPATH|LANG|LANGUAGE|LC_.*|TZ|TZDIR|TERM|NO_COLOR|"
        + @"TMPDIR|TMP|TEMP|USER|LOGNAME|XDG_.*|SNAP.*|SSH_(AUTH_SOCK|AGENT_PID|ASKPASS|ASKPASS_REQUIRE|CLIENT|CONNECTION|TTY)|"
        + @"SUDO_.*|GO[A-Z0-9]*|ZONEINFO|SSL_CERT_(FILE|DIR)|[A-Za-z]*_(proxy|PROXY)|"
        + @"DOCKER.*|BUILD(KIT|X)_.*|COMPOSE_.*|OTEL_.*|CONTAINERS?_.*|REGISTRY_AUTH_FILE|NOTIFY_SOCKET)\z",
        RegexOptions.CultureInvariant)]
    private static partial Regex Obeyed();
}
