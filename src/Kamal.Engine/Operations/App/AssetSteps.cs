using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>Bridging a role's assets before it boots.</summary>
internal static class AssetSteps
{
    public static IEnumerable<Step> For(KamalConfiguration configuration, RoleConfiguration role)
    {
        if (!role.HasAssets) yield break;
        var assets = new AssetCommands(configuration, role);
        yield return new("Copy the assets out of the image", assets.Extract().DiscardOutput()) { Role = role.Name };
        yield return new("Find the running version", new AppCommands(configuration, role).CurrentVersion())
        {
            Effect = StepEffect.ReadOnly,
            CaptureAs = BootScript.OldVersion,
            IgnoreFailure = true,
            Role = role.Name,
        };
        yield return new("Share the assets of both versions", assets.Sync(BootScript.OldVersion)) { Role = role.Name };
    }
}
