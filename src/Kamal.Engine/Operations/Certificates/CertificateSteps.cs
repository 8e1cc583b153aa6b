using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Hosts;

namespace Kamal.Engine.Operations;

/// <summary>
/// The own certificate of a role or an accessory on a host. Each pair has a folder of its own, so that nothing the proxy relies on is
/// overwritten: at its start it reads every app's pair again, and one that is broken would leave it without any app.
/// </summary>
/// <param name="configuration">The configuration.</param>
/// <param name="name">The role or accessory.</param>
/// <param name="pair">Its certificate and key.</param>
internal sealed class CertificateSteps(KamalConfiguration configuration, string name, CertificatePair pair)
{
    /// <summary>The account that kamal-proxy runs as inside its container (v0.9.2).</summary>
    private const string ProxyAccount = "1001";

    private readonly string _directory = HostPaths.Tls(configuration, name);

    /// <summary>The pair's folder, as the proxy knows it.</summary>
    public string FolderInProxy => $"{HostPaths.TlsInProxy(configuration, name)}/{pair.Folder}";

    /// <summary>Writes the pair beside the one in use.</summary>
    public IEnumerable<Step> Write()
    {
        var folder = $"{_directory}/{pair.Folder}";
        // The proxy's account has to get to the files by their names, whatever the umask of this one.
        yield return new("Make the certificate's folder", ShellCommand.Of("mkdir", "-p", folder)
            .And(ProxyFiles.LetThrough(HostPaths.ProxyApps(configuration), HostPaths.ProxyApp(configuration)))
            .And(ShellCommand.Of("chmod", "0711", Parent(_directory), _directory, folder)));
        yield return FileSteps.Write("Write the certificate", $"{folder}/cert.pem", "0644",
            StepInput.Of(pair.Certificate, "the certificate"));
        yield return FileSteps.Write("Write the certificate's key", $"{folder}/key.pem", "0400",
            StepInput.Of(pair.Key, "the certificate's key"), ForProxyOnly) with
        {
            FailureMessage = "the certificate's key could not be written for the proxy's account alone, and is not left readable for "
                + "others",
            Recommendation = "Where this account may not give files away, the proxy's container does it, so it has to run: "
                + "Invoke-KamalProxyBoot (kamal proxy boot).",
        };
    }

    /// <summary>
    /// Once the proxy uses the pair: notes it for a later start, and removes what the proxy has no use for, as keys that everybody can
    /// read.
    /// </summary>
    public IEnumerable<Step> Settle()
    {
        yield return new("Note the certificate in use", ShellCommand.Of("ln", "-sfn", pair.Folder, $"{_directory}/{HostPaths.CurrentTls}"))
        {
            IgnoreFailure = true,
        };
        // The proxy has one pair for a service, and restores that one: the others are unused.
        yield return new("Remove certificates that are not in use", ShellCommand.Of("find", _directory, "-mindepth", "1", "-maxdepth", "1",
            "!", "-name", pair.Folder, "!", "-name", HostPaths.CurrentTls, "-exec", "rm", "-rf", "{}", "+")) { IgnoreFailure = true };
    }

    /// <summary>
    /// Finds the folder, as the proxy knows it, of the certificate that a deploy noted last; Kamal's own deploys keep it beside the
    /// folders.
    /// </summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="name">The role or accessory.</param>
    /// <param name="proxy">How it is proxied.</param>
    /// <param name="variable">The variable that receives it.</param>
    public static IEnumerable<Step> Find(KamalConfiguration configuration, string name, ProxyConfiguration proxy, string variable)
    {
        if (!proxy.HasCustomCertificate) yield break;
        var directory = HostPaths.Tls(configuration, name);
        var inProxy = HostPaths.TlsInProxy(configuration, name);
        var newest = ShellCommand.Of("ls", "-td", $"{directory}/{HostPaths.CurrentTls}", $"{directory}/cert.pem").DiscardErrors()
            .Pipe(ShellCommand.Of("head", "-1"));
        yield return new("Find the certificate", ShellCommand.Of(
            ShellWord.Raw("case"), ShellWord.Substitute(newest), ShellWord.Raw("in *.pem|'') echo"), inProxy,
                ShellWord.Raw(";; *) echo"), $"{inProxy}/{HostPaths.CurrentTls}", ShellWord.Raw(";; esac")))
        {
            Effect = StepEffect.ReadOnly, CaptureAs = variable,
        };
    }

    /// <summary>Gives the key to the proxy's account; who may not do that has the proxy's container do it.</summary>
    private ShellCommand ForProxyOnly(string file)
    {
        var inProxy = HostPaths.TlsInProxy(configuration, name) + file[_directory.Length..];
        return ShellCommand.Of("chown", ProxyAccount, file).DiscardErrors()
            .Or(ShellCommand.Of("docker", "exec", "--user", "root", ProxyCommands.ContainerName, "chown", ProxyAccount, inProxy))
            .Or(ShellCommand.Of("rm", "-f", file).Then(ShellCommand.Of("exit", "1")).Group()).Group();
    }

    private static string Parent(string directory) => directory[..directory.LastIndexOf('/')];
}
