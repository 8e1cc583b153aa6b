using System.Collections.Immutable;

namespace Kamal.Engine.Configuration;

/// <summary>How the .NET SDK builds the image: the section <c>x-kamal-ps/builder/dotnet</c>.</summary>
public sealed record DotnetConfiguration
{
    /// <summary>The project file or its directory, relative to the build context.</summary>
    public string Project { get; init; } = ".";

    /// <summary>The build configuration.</summary>
    public string Configuration { get; init; } = "Release";

    /// <summary>The target framework; null for the project's only one.</summary>
    public string? Framework { get; init; }

    /// <summary>Whether the runtime is a part of the app; null for what the project file says.</summary>
    public bool? SelfContained { get; init; }

    /// <summary>Whether it is built for musl instead of glibc.</summary>
    public bool Musl { get; init; }

    /// <summary>Other MSBuild properties.</summary>
    public ImmutableArray<EnvVariable> Properties { get; init; } = [];

    /// <summary>What differs from the defaults, such as <c>Name=value; Name=value</c>.</summary>
    public override string ToString() => SectionText.Of(this);

    /// <summary>.NET's name of a Linux architecture as Docker names it; null if .NET has no runtime for it.</summary>
    internal static string? RuntimeArchitecture(string architecture) => architecture.Split('/')[0] switch
    {
        "amd64" => "x64",
        "arm64" => "arm64",
        "arm" when architecture is "arm/v7" or "arm/v8" => "arm",
        "riscv64" => "riscv64",
        "s390x" => "s390x",
        "ppc64le" => "ppc64le",
        "loong64" => "loongarch64",
        _ => null,
    };
}
