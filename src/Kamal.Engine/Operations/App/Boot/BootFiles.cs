using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>The files that a version needs on hosts before it boots: error pages, assets, certificates.</summary>
internal static class BootFiles
{
    public static Steps Steps(KamalContext context) => new(async run =>
    {
        var errorPages = ErrorPageSteps.Read(context.Configuration);
        var own = new OwnCertificates(run, context);
        Dictionary<string, CertificateSteps> certificates = [];
        foreach (var role in context.Selection.Roles)
        {
            if (await own.FindAsync(role).ConfigureAwait(false) is { } certificate) certificates[role.Name] = certificate;
        }

        return host => !context.Selection.AppHosts.Contains(host) ? [] :
        [
            .. errorPages,
            .. context.Selection.RolesOn(host).SelectMany(role => (IEnumerable<Step>)
            [
                .. AssetSteps.For(context.Configuration, role),
                .. (certificates.GetValueOrDefault(role.Name)?.Write() ?? []).Select(step => step with { Role = role.Name }),
            ]),
        ];
    });
}
