using System.Collections.Immutable;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>Uploading a role's own TLS certificate for the proxy.</summary>
internal static class CertificateSteps
{
    /// <summary>The account that kamal-proxy runs as inside its container (v0.9.2).</summary>
    private const string ProxyAccount = "1001";

    public static async Task<ImmutableArray<Step>> ForAsync(OperationRun run, RoleConfiguration role)
    {
        if (role.Proxy is not { HasCustomCertificate: true } proxy) return [];
        var directory = HostPaths.Tls(run.Configuration, role.Name);
        var certificate = await run.Context.Secrets.GetAsync(proxy.CertificatePemSecret!, run.Cancellation).ConfigureAwait(false);
        var key = await run.Context.Secrets.GetAsync(proxy.PrivateKeyPemSecret!, run.Cancellation).ConfigureAwait(false);
        return
        [
            FileSteps.Write("Write the certificate", $"{directory}/cert.pem", "0644", StepInput.Of(certificate.Reveal(), "the certificate")) with { Role = role.Name },
            FileSteps.Write("Write the certificate's key", $"{directory}/key.pem", "0600", StepInput.Of(key.Reveal(), "the certificate's key"), ForProxyOnly) with { Role = role.Name },
        ];
    }

    /// <summary>Gives the key to the proxy's account; who may not do that has to let everybody on the host read it, as Kamal does.</summary>
    private static ShellCommand ForProxyOnly(string file) =>
        ShellCommand.Of("chown", ProxyAccount, file).DiscardErrors().Or(ShellCommand.Of("chmod", "0644", file)).Group();
}
