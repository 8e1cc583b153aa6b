using Kamal.Engine.Configuration;
using Kamal.Engine.Events;

namespace Kamal.Engine.Operations;

/// <summary>The certificates that roles and accessories bring along, out of the secrets.</summary>
internal sealed class OwnCertificates(Run run, KamalContext context)
{
    /// <summary>Checks those of the selected roles before anything connects, and warns of what clients will not trust.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.CertificateInvalid"/>: the proxy could not load one.</exception>
    public async Task CheckRolesAsync()
    {
        foreach (var role in context.Selection.Roles) await CheckAsync(role).ConfigureAwait(false);
    }

    /// <summary>Checks those of accessories.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.CertificateInvalid"/>: the proxy could not load one.</exception>
    public async Task CheckAsync(IEnumerable<AccessoryConfiguration> accessories)
    {
        foreach (var accessory in accessories) await CheckAsync(accessory).ConfigureAwait(false);
    }

    /// <summary>The steps for a role's pair, or null if it has none of its own.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.CertificateInvalid"/>: the proxy could not load it.</exception>
    public Task<CertificateSteps?> FindAsync(RoleConfiguration role) => FindAsync("role", role.Name, role.Proxy);

    /// <summary>The steps for an accessory's pair, or null if it has none of its own.</summary>
    /// <exception cref="KamalException"><see cref="KamalErrorId.CertificateInvalid"/>: the proxy could not load it.</exception>
    public Task<CertificateSteps?> FindAsync(AccessoryConfiguration accessory) => FindAsync("accessory", accessory.Name, accessory.Proxy);

    private Task CheckAsync(RoleConfiguration role) => CheckAsync("role", role.Name, role.Proxy);

    private Task CheckAsync(AccessoryConfiguration accessory) => CheckAsync("accessory", accessory.Name, accessory.Proxy);

    private async Task CheckAsync(string kind, string name, ProxyConfiguration? proxy)
    {
        // A preview has no secrets to check.
        if (run.IsPreview || proxy is not { HasCustomCertificate: true }) return;
        var pair = await ReadAsync(kind, name, proxy).ConfigureAwait(false);
        foreach (var warning in pair.Warnings(proxy.Hosts, run.Context.Clock.GetUtcNow()))
        {
            run.Sink.Warn($"The certificate of the {kind} {name} (secret {proxy.CertificatePemSecret}): {warning}.");
        }
    }

    private async Task<CertificateSteps?> FindAsync(string kind, string name, ProxyConfiguration? proxy) =>
        proxy is { HasCustomCertificate: true }
            ? new(context.Configuration, name, await ReadAsync(kind, name, proxy).ConfigureAwait(false))
            : null;

    private async Task<CertificatePair> ReadAsync(string kind, string name, ProxyConfiguration proxy)
    {
        var (certificateName, keyName) = (proxy.CertificatePemSecret!, proxy.PrivateKeyPemSecret!);
        var certificate = await run.Context.Secrets.GetAsync(certificateName, run.Cancellation).ConfigureAwait(false);
        var key = await run.Context.Secrets.GetAsync(keyName, run.Cancellation).ConfigureAwait(false);
        if (run.IsPreview) return CertificatePair.Unknown;
        try
        {
            return CertificatePair.Read(certificate.Reveal(), key.Reveal());
        }
        catch (FormatException wrong)
        {
            throw new KamalException(KamalErrorId.CertificateInvalid,
                $"The proxy cannot use the certificate of the {kind} {name} (secrets {certificateName} and {keyName}): {wrong.Message}.")
            {
                Role = kind == "role" ? name : null,
                Accessory = kind == "accessory" ? name : null,
                Recommendation = $"Fix these secrets; nothing was changed. In {context.Configuration.SecretsPath} a value in double "
                    + "quotes may span lines; "
                    + "'openssl x509 -noout -text' shows what a certificate says.",
            };
        }
    }
}
