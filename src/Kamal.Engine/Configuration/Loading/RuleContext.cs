using System.Collections.Immutable;
using Kamal.Engine.Configuration.Nodes;

namespace Kamal.Engine.Configuration.Loading;

/// <summary>The context of the rules across keys.</summary>
internal sealed class RuleContext(ConfigMap root, ConfigurationRequest request, List<ConfigurationProblem> problems)
{
    public ConfigMap Root { get; } = root;

    public ConfigurationRequest Request { get; } = request;

    public ImmutableArray<ServerList.Role> Roles { get; } = ServerList.Read(root);

    public string PrimaryRole => Root.Text("primary_role") ?? ServerList.DefaultRole;

    public bool HasLocalRegistry => RegistryConfiguration.IsLocalServer(Root.Map("registry").Text("server"));

    /// <summary>How the hosts get the image.</summary>
    public ImageTransfer Transfer => Of(Root, Request);

    /// <summary>How the hosts get the image: as asked for, or as configured; without a registry, directly.</summary>
    public static ImageTransfer Of(ConfigMap root, ConfigurationRequest request) =>
        request.Transfer ?? (root.Map(Metadata.OwnSection.Name).Text("transfer") ?? (root.Has("registry") ? "registry" : "direct")) switch
        {
            "direct" => ImageTransfer.Direct,
            _ => ImageTransfer.Registry,
        };

    /// <summary>Whether a missing key was reported as misspelled, which is enough.</summary>
    public bool IsMeant(string path) =>
        problems.Any(problem => problem.Suggestion is { } meant && problem.Path.Length > 0 && Sibling(problem.Path, meant) == path);

    public void Report(ConfigPosition position, string path, string message, string? suggestion = null) =>
        problems.Add(ConfigurationProblem.At(position, path, message, suggestion));

    public void Report(ConfigNode node, string path, string message, string? suggestion = null) =>
        Report(node.Position, path, message, suggestion);

    /// <summary>Replaces a problem at the same position with a more specific one.</summary>
    public void ReportInstead(ConfigNode node, string path, string message)
    {
        problems.RemoveAll(problem => problem.Path == path && problem.Line == node.Position.Line && problem.Column == node.Position.Column);
        Report(node, path, message);
    }

    private static string Sibling(string path, string key) => path[..(path.LastIndexOf('/') + 1)] + key;

    /// <summary>The position of a key, or of the root if it is missing.</summary>
    public ConfigPosition PositionOf(string key) => Root.Find(key)?.KeyPosition ?? Root.Position;
}
