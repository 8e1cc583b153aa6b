using Kamal.Common;

namespace Kamal.Engine.Configuration.Metadata;

/// <summary>The rules for names. Sources: Docker's reference grammar and container names.</summary>
internal static class Names
{
    private const string HostPort =
        $@"({OpenSshNames.HostStart}{OpenSshNames.HostCharacter}*|\[[0-9A-Fa-f:.]+(%[A-Za-z0-9_.-]+)?\](:[0-9]+)?)";

    private const string Address = $"(ssh://)?({OpenSshNames.User}@)?{HostPort}/?";

    private const string Component = "[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*";

    private const string Domain = "([A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?|\\[[0-9A-Fa-f:.]+\\])(:[0-9]+)?";

    private const string TagText = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}";

    private const string TokenText = "[A-Za-z0-9_./][A-Za-z0-9_.:/@+%\\[\\]-]*";

    private const string Variable = @"\$([A-Za-z_][A-Za-z0-9_]*|\{[A-Za-z_][A-Za-z0-9_]*(:?[-=?+][A-Za-z0-9_./-]*)?\})";

    private const string PortText = $"([0-9]|{Variable})+";

    private const string PortRange = $"{PortText}(-{PortText})?";

    private const string BindAddress = $@"(\[[0-9A-Fa-f:.]+(%[A-Za-z0-9_.-]+)?\]|([0-9.]|{Variable})+)";

    public static readonly NameRule Service = new(
        "^[A-Za-z0-9][A-Za-z0-9_-]*$", "letters, digits, hyphens and underscores, starting with a letter or digit");

    /// <summary>A part of a container name: a role, an accessory, a destination.</summary>
    public static readonly NameRule Part = new(
        "^[A-Za-z0-9_][A-Za-z0-9_.-]*$", "letters, digits, hyphens, underscores and dots, not starting with a hyphen or dot");

    public static readonly NameRule Container = new(
        "^[A-Za-z0-9][A-Za-z0-9_.-]+$",
        "a Docker container name: two or more letters, digits, hyphens, underscores and dots, starting with a letter or digit");

    public static readonly NameRule Network = new(
        "^([A-Za-z0-9][A-Za-z0-9_.-]*|container:[A-Za-z0-9][A-Za-z0-9_.-]*)$",
        "a Docker network name: letters, digits, hyphens, underscores and dots, starting with a letter or digit");

    public static readonly NameRule Tag = new(
        $"^{TagText}$",
        "an image tag: at most 128 letters, digits, hyphens, underscores and dots, not starting with a hyphen or dot");

    public static readonly NameRule Repository = new(
        $"^({Domain}/)?{Component}(/{Component})*$",
        "an image name without a tag: lowercase letters and digits, separated by single dots, underscores, hyphens or slashes");

    /// <summary>The app's image, which can be empty with a local registry.</summary>
    public static readonly NameRule OptionalRepository = Repository with { Pattern = $"^(({Domain}/)?{Component}(/{Component})*)?$" };

    public static readonly NameRule Image = new(
        $"^({Domain}/)?{Component}(/{Component})*(:{TagText})?(@[A-Za-z0-9]+:[0-9A-Fa-f]+)?$",
        "a Docker image: [SERVER/]NAME[:TAG][@DIGEST], with NAME in lowercase");

    public static readonly NameRule Registry = new($"^{Domain}(/{Component})*/?$", "a registry: HOST[:PORT], without https://");

    /// <summary>Expanded by the host's shell: allows common expansions, but no other commands and no quotes.</summary>
    public static readonly NameRule Volume = new(
        @"^([^\s\x00-\x1f\x7f'""`$\\;&<>|(){}*?!#-]|\$[A-Za-z_]|\$\{[A-Za-z_][A-Za-z0-9_]*(:?[-=?+][A-Za-z0-9_./-]*)?\}|\$\(pwd\)|`pwd`)"
        + @"([^\x00-\x1f\x7f'""`$\\;&<>|(){}*?!]|\$[A-Za-z_]|\$\{[A-Za-z_][A-Za-z0-9_]*(:?[-=?+][A-Za-z0-9_./-]*)?\}|\$\(pwd\)|`pwd`)*$",
        "a Docker volume: SOURCE:PATH[:OPTIONS] or PATH, without quotes; the host expands ~/, $NAME and $(pwd)");

    /// <summary>An architecture, or several with commas between.</summary>
    public static readonly NameRule Architecture = new(
        "^[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)?( *, *[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)?)*$",
        "an architecture, such as amd64, arm64 or arm/v7, without linux/");

    public static readonly NameRule PublishedPort = new(
        $"^((({BindAddress})?:)?({PortRange})?:)?{PortRange}(/([Tt][Cc][Pp]|[Uu][Dd][Pp]|[Ss][Cc][Tt][Pp]))?$",
        "PORT, HOST_PORT:PORT or ADDRESS:HOST_PORT:PORT, in quotes; the host expands $NAME and ${NAME}");

    public static readonly NameRule Host = new($"^{Address}$", "an SSH host: [USER@]HOST[:PORT]");

    public static readonly NameRule Jump = new(
        $"^{Address}(,{Address})*$", "a jump host: [USER@]HOST[:PORT], or several separated by commas");

    public static readonly NameRule User = new($"^{OpenSshNames.User}$", "a user name that OpenSSH accepts");

    public static readonly NameRule Domains = new(
        @"^([^\s\x00-\x1f\x7f'""`$\\;&<>|(){}-][^\x00-\x1f\x7f'""`$\\;&<>|(){}]*)?$", "a host name");

    /// <summary>Any other name: a variable, a label, a secret, a driver option.</summary>
    public static readonly NameRule Token = new(
        $"^{TokenText}$", "a name: letters, digits and . _ : / @ + % [ ] -, not starting with a hyphen");

    /// <summary>A secret's name, or a variable's name and a secret's name.</summary>
    public static readonly NameRule Secret = new($"^{TokenText}$", "a secret's name, or NAME:KEY");

    public static readonly NameRule Option = new("^[A-Za-z0-9][A-Za-z0-9_.-]*$", "the option's name without leading hyphens");

    /// <summary>A directory on the host that commands create, fill and remove.</summary>
    public static readonly NameRule HostPath = new(
        @"^(?!(.*/)?\.\.(/|$))[^\x00-\x1f\x7f-][^\x00-\x1f\x7f]*$", "a path that does not contain .. or start with a hyphen");

    public static readonly NameRule Owner = new("^[A-Za-z0-9_.][A-Za-z0-9_.$-]*(:[A-Za-z0-9_.][A-Za-z0-9_.$-]*)?$", "USER or USER:GROUP");

    public static readonly NameRule MountOptions = new("^[A-Za-z0-9_][A-Za-z0-9_,=.-]*$", "Docker mount options, such as ro or Z");

    public static readonly NameRule Driver = new(
        "^[A-Za-z0-9][A-Za-z0-9_.:/-]*( [A-Za-z0-9][A-Za-z0-9_./-]*)?$", "a driver name, or `cloud ORGANIZATION/BUILDER`");

    public static readonly NameRule Remote = new(
        @"^[A-Za-z0-9][^\s\x00-\x1f\x7f'""`$\\;&<>|(){}]*$", "the address of a Docker engine, such as ssh://USER@HOST");

    /// <summary>The shape of a value that must be a valid name.</summary>
    public static TextShape Text(NameRule rule, bool strict = false) =>
        new() { Pattern = rule.Pattern, PatternMeaning = rule.Meaning, Strict = strict };

    /// <summary>The shape of a map whose keys must be valid names.</summary>
    public static MapShape Map(NameRule keys, ValueShape value) => new(value) { KeyPattern = keys.Pattern, KeyMeaning = keys.Meaning };
}
