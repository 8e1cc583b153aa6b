using System.Collections.Immutable;

namespace Kamal.Lab.Tests;

/// <summary>Destinations of the sample app, each with a host name of its own at the proxy: <c>eu.example.com</c>.</summary>
internal static class Destinations
{
    /// <summary>Their files in the project, the secrets that they have in common among them.</summary>
    public static ImmutableArray<(string Name, string Text)> Files(params ImmutableArray<string> names) =>
    [
        .. names.Select(name => ($"config/deploy.{name}.yml", $"proxy: {{ host: {name}.example.com }}\n")),
        (".kamal/secrets-common", "REGISTRY_PASSWORD=lab-secret\nAPP_SECRET=s3cr3t-of-the-app\n"),
    ];
}
