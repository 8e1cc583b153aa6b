using Kamal.Engine.Configuration;

namespace Kamal.Engine.Commands;

/// <summary>Bridges assets: during a deploy, the volumes of the old and the new version hold the files of both.</summary>
/// <param name="role">A role with an asset path.</param>
internal sealed class AssetCommands(KamalConfiguration configuration, RoleConfiguration role)
{
    private readonly string _container = new AppCommands(configuration, role).ContainerPrefix + "-assets";

    /// <summary>Copies the assets out of the new image.</summary>
    public ShellCommand Extract() =>
        ShellCommand.Of("mkdir", "-p", Extracted())
            .And(ShellCommand.Of("docker", "container", "rm", _container).DiscardErrors().Or(ShellCommand.Of("true")).Group())
            .And(ShellCommand.Of("docker", "container", "create", "--name", _container)
                .AddRange(ImageCommands.PullPolicy(configuration)).Add(configuration.AbsoluteImage))
            .And(ShellCommand.Of("docker", "container", "cp", "-L", $"{_container}:{role.AssetPath}/.", Extracted()))
            .And(ShellCommand.Of("docker", "container", "rm", _container));

    /// <summary>Fills the new version's volume, then copies the files that each version lacks from the other.</summary>
    /// <param name="oldVersion">The shell variable with the running version; may be empty.</param>
    public ShellCommand Sync(string oldVersion)
    {
        ShellWord Old(string directory) => ShellWord.Join($"{directory}/{role.Name}-", ShellWord.Variable(oldVersion));
        return ShellCommand.Of("mkdir", "-p", Volume())
            .And(ShellCommand.Of("cp", "-rnT", Extracted(), Volume()))
            .And(ShellCommand.Of("[", "-z", ShellWord.Variable(oldVersion), "]")
                .Or(ShellCommand.Of("cp", "-rnT", Extracted(), Old(HostPaths.AssetVolumes(configuration))).DiscardErrors()
                    .Then(ShellCommand.Of("cp", "-rnT", Old(HostPaths.ExtractedAssets(configuration)), Volume()).DiscardErrors())
                    .Then(ShellCommand.Of("true")).Group())
                .Group());
    }

    /// <summary>Removes the files of all other versions.</summary>
    public ShellCommand CleanUp() =>
        RemoveOthers(HostPaths.ExtractedAssets(configuration)).Then(RemoveOthers(HostPaths.AssetVolumes(configuration)));

    private string Extracted() => $"{HostPaths.ExtractedAssets(configuration)}/{role.Name}-{configuration.RequiredVersion}";

    private string Volume() => $"{HostPaths.AssetVolumes(configuration)}/{role.Name}-{configuration.RequiredVersion}";

    private ShellCommand RemoveOthers(string directory) =>
        ShellCommand.Of("find", directory, "-maxdepth", "1", "-name", $"{role.Name}-*")
            .Add("!", "-name", $"{role.Name}-{configuration.RequiredVersion}", "-exec", "rm", "-rf", "{}", "+");
}
