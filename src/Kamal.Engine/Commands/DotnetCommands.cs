using System.Collections.Immutable;
using System.Security;
using Kamal.Engine.Configuration;
using Kamal.Engine.Local;

namespace Kamal.Engine.Commands;

/// <summary>The build with the .NET SDK alone. The image has the names and the label that buildx gives it.</summary>
/// <param name="configuration">The configuration; its version must be known.</param>
internal sealed class DotnetCommands(KamalConfiguration configuration)
{
    /// <summary>
    /// Variables of this process that are not for the SDK: MSBuild takes each one as a property, and VERSION is Kamal's; the others would
    /// have it use another SDK's files, leave a server behind, or draw on a terminal that is not there.
    /// </summary>
    private static readonly ImmutableArray<string> Foreign =
    [
        "VERSION", "MSBuildSDKsPath", "MSBuildExtensionsPath", "MSBUILD_EXE_PATH", "DOTNET_CLI_USE_MSBUILD_SERVER", "MSBUILDUSESERVER",
        "MSBUILDTERMINALLOGGER",
    ];

    /// <summary>What the SDK would push with instead of the login that the file configures.</summary>
    private static readonly ImmutableArray<string> OtherLogins =
        [.. from kind in (string[])["DOTNET_CONTAINER_PUSH_REGISTRY", "DOTNET_CONTAINER_REGISTRY", "SDK_CONTAINER_REGISTRY"]
            from part in (string[])["UNAME", "PWORD"]
            select $"{kind}_{part}"];

    private readonly DotnetConfiguration _dotnet = configuration.Builder.Dotnet!;

    /// <summary>Prints the version of the SDK that a directory's global.json asks for, or of the newest.</summary>
    public static LocalCommand Version() => Without(LocalCommand.ReadOnly("dotnet", "--version"), Foreign);

    /// <summary>.NET's names of the platforms to build for.</summary>
    public ImmutableArray<string> RuntimeIdentifiers =>
    [
        .. configuration.Builder.Architectures.Select(architecture =>
            $"linux-{(_dotnet.Musl ? "musl-" : "")}{DotnetConfiguration.RuntimeArchitecture(architecture)}"),
    ];

    /// <summary>The registry's host, as the SDK and Docker's logins name it.</summary>
    public static string RegistryHost(RegistryConfiguration registry) =>
        registry.IsDockerHub ? "docker.io" : registry.Server!.Split('/')[0];

    /// <summary>Builds the image.</summary>
    /// <param name="output">Where it goes: <c>registry</c>, <c>docker</c> for this machine's engine, or <c>archive</c>.</param>
    /// <param name="files">Kamal's files for the build.</param>
    /// <param name="hasLogin">Whether the logins are among them.</param>
    /// <param name="noCache">Restores packages without the cache of what the sources answered.</param>
    /// <param name="dirty">Names the image as one of the working directory.</param>
    public LocalCommand Publish(string output, DotnetFiles files, bool hasLogin, bool noCache = false, bool dirty = false)
    {
        var command = RuntimeIdentifiers is [var only] ? One(only, noCache) : Several(noCache);
        command = command.Add(Destination(output, files, dirty)).Add(Property("CustomAfterMicrosoftCommonTargets", files.Targets))
            // Neither a node of MSBuild nor the compiler's server outlives the build.
            .Add("-nodeReuse:false", Property("UseSharedCompilation", "false"));
        command = Without(command, Foreign);
        return !hasLogin ? command : Without(command, OtherLogins)
            .WithVariable("DOCKER_CONFIG", files.Directory).WithVariable("REGISTRY_AUTH_FILE", files.Logins);
    }

    /// <summary>
    /// A file for MSBuild. Labels are items, which no argument can set; the service's must be there even if the project has no labels.
    /// </summary>
    public string Targets() => $"""
        <Project>
          <PropertyGroup Condition="'$(OutputType)' != 'Library' and '$(EnableSdkContainerSupport)' == ''">
            <EnableSdkContainerSupport>true</EnableSdkContainerSupport>
          </PropertyGroup>
          <Target Name="_KamalCheckProject" BeforeTargets="PublishContainer">
            <Error Condition="'$(IsPublishable)' != 'true' or '$(EnableSdkContainerSupport)' != 'true'" Code="KAMAL1"
                   Text="$(MSBuildProjectFile) is not an app: it is a library, or IsPublishable or EnableSdkContainerSupport is false." />
          </Target>
          <Target Name="_KamalLabelImage" BeforeTargets="PublishContainer;_PublishSingleContainer">
            <PropertyGroup>
              <ContainerGenerateLabels>true</ContainerGenerateLabels>
            </PropertyGroup>
            <ItemGroup>
              <ContainerLabel Remove="service" />
              <ContainerLabel Include="service" Value="{SecurityElement.Escape(configuration.Service)}" />
            </ItemGroup>
          </Target>
        </Project>

        """;

    private LocalCommand One(string runtime, bool noCache)
    {
        var command = Project(LocalCommand.Of("dotnet", "publish")).Add("-t:PublishContainer", "--nologo", "-c", _dotnet.Configuration);
        if (_dotnet.Framework is { } framework) command = command.Add("-f", framework);
        command = command.Add("-r", runtime, Property("ContainerRuntimeIdentifier", runtime));
        if (_dotnet.SelfContained is { } isSelfContained) command = command.Add("--self-contained", Of(isSelfContained));
        return command.Add([.. Configured(noCache).Select(property => Property(property.Name, property.Value))]);
    }

    /// <summary>
    /// Beside each platform's app, <c>dotnet publish</c> would build one for none, which can be neither self-contained nor of use.
    /// </summary>
    private LocalCommand Several(bool noCache)
    {
        var all = string.Join(';', RuntimeIdentifiers);
        List<(string Name, string Value)> properties =
        [
            ("_IsPublishing", "true"), ("Configuration", _dotnet.Configuration), ("RuntimeIdentifiers", all),
            ("ContainerRuntimeIdentifiers", all),
            // One that the project sets would make an image for that platform only.
            ("RuntimeIdentifier", ""), ("ContainerRuntimeIdentifier", ""),
        ];
        if (_dotnet.SelfContained is { } isSelfContained) properties.Add(("SelfContained", Of(isSelfContained)));
        properties.AddRange(Configured(noCache));
        var command = Project(LocalCommand.Of("dotnet", "msbuild")).Add("-restore", "-t:PublishContainer", "-nologo", "-v:m")
            .Add([.. properties.Select(property => Property(property.Name, property.Value))]);
        // The other projects, which may not have the framework, are restored without it.
        return _dotnet.Framework is not { } framework ? command : command.Add(Property("TargetFramework", framework))
            .Add([.. properties.Select(property => Property(property.Name, property.Value, "-rp"))]);
    }

    private LocalCommand Project(LocalCommand command) => _dotnet.Project == "." ? command : command.Add(_dotnet.Project);

    private IEnumerable<(string Name, string Value)> Configured(bool noCache)
    {
        foreach (var property in _dotnet.Properties) yield return (property.Name, property.Value ?? "");
        if (noCache) yield return ("RestoreNoCache", "true");
    }

    private static string Of(bool value) => value ? "true" : "false";

    private LocalText[] Destination(string output, DotnetFiles files, bool dirty)
    {
        var registry = configuration.Registry;
        var path = registry.IsNone || registry.IsDockerHub ? [] : registry.Server!.TrimEnd('/').Split('/')[1..];
        // An archive of OCI's format has one name only, and its image gets its names on the hosts.
        var tags = BuildCommands.Tags(configuration, dirty).Select(tag => tag[(configuration.Repository.Length + 1)..])
            .Take(output == "archive" ? 1 : 2);
        return
        [
            Property("ContainerRegistry", output == "registry" ? RegistryHost(registry) : ""),
            Property("ContainerRepository",
                output == "registry" ? string.Join('/', [.. path, configuration.Image]) : configuration.Repository),
            Property("ContainerImageTags", string.Join(';', tags)),
            Property("ContainerImageTag", ""),
            Property("ContainerArchiveOutputPath", output == "archive" ? files.Archive : ""),
        ];
    }

    /// <summary>A property; in quotes, a semicolon does not begin the next one.</summary>
    private static LocalText Property(string name, string value, string option = "-p")
    {
        var escaped = value.Replace("%", "%25", StringComparison.Ordinal).Replace("\"", "%22", StringComparison.Ordinal);
        return escaped.AsSpan().ContainsAny(";, ") ? $"{option}:{name}=\"{escaped}\"" : $"{option}:{name}={escaped}";
    }

    private static LocalCommand Without(LocalCommand command, ImmutableArray<string> variables) =>
        variables.Aggregate(command, (left, variable) => left.WithVariable(variable, null));
}

/// <summary>The files of one build with the .NET SDK, in a private directory.</summary>
/// <param name="Directory">The directory.</param>
internal sealed record DotnetFiles(string Directory)
{
    /// <summary>What is added to the project.</summary>
    public string Targets => Path.Join(Directory, "kamal.targets");

    /// <summary>Logins for registries, as Docker stores them.</summary>
    public string Logins => Path.Join(Directory, "config.json");

    /// <summary>The image, if it does not go to a registry or an engine.</summary>
    public string Archive => Path.Join(Directory, "image.tar");
}
