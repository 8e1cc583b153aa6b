using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Kamal.Engine.Commands;
using Kamal.Engine.Configuration;
using Kamal.Engine.Operations;
using Kamal.Testing.Keys;

namespace Kamal.Engine.Tests.Operations.Keys;

/// <summary>Hosts on which one configuration was applied, and that are compared with another.</summary>
/// <param name="fleet">What answers for them.</param>
/// <param name="applied">The configuration that was applied.</param>
/// <param name="wanted">The one that is compared.</param>
/// <param name="secret">The value of a secret.</param>
internal sealed class KeyHosts(
    RecordingFleet fleet, KamalConfiguration applied, KamalConfiguration wanted, Func<string, string> secret)
{
    private static readonly ComparisonMark Mark = new("r", 1);

    public void Answer()
    {
        fleet.Answer("Look for the app's image", "sha256:1 1000");
        foreach (var host in applied.AllHosts)
        {
            var routes = new JsonArray();
            List<string> listed = [];
            foreach (var role in applied.Roles.Where(role => role.RunsOn(host))) AnswerRole(host, role, routes, listed);
            foreach (var accessory in applied.Accessories.Where(accessory => accessory.Hosts.Contains(host)))
            {
                AnswerAccessory(host, accessory, routes);
            }

            fleet.Answer("List the app's containers", string.Join('\n', listed), host);
            if (routes.Count == 0) continue;
            fleet.Answer("Read the proxy's routes", routes.ToJsonString(), host);
            if (wanted.ProxyRunFor(host) is not { } section) continue;
            AnswerContainer(host, "kamal-proxy", new(new ProxyCommands(applied).Run(host).Text),
                new(new ProxyCommands(wanted).Create(host, "image", Mark).Text), "", "");
            fleet.Answer("Find the image of the next proxy", section.Image, host);
        }
    }

    private void AnswerRole(string host, RoleConfiguration role, JsonArray routes, List<string> listed)
    {
        var app = new AppCommands(applied, role);
        var name = app.ContainerName();
        if (role.Proxy is { } proxy) routes.Add(Route(app.ContainerPrefix, role.Name, proxy));
        if (applied.Service == wanted.Service) listed.Add(Listed(name, role.Name));
        if (wanted.FindRole(role.Name) is not { } other || !other.RunsOn(host)) return;
        AnswerContainer(host, name, new(app.Run(host, host).Text), new(new AppCommands(wanted, other).Create(host, "image", Mark).Text),
            Secrets(applied.EnvFor(role, host)), Secrets(wanted.EnvFor(other, host)));
    }

    private void AnswerAccessory(string host, AccessoryConfiguration accessory, JsonArray routes)
    {
        var (name, commands) = (accessory.ServiceName, new AccessoryCommands(applied, accessory));
        if (accessory.Proxy is { } proxy) routes.Add(Route(name, accessory.Name, proxy));
        if (wanted.Accessories.FirstOrDefault(one => one.Name == accessory.Name) is not { } other) return;
        var created = new AccessoryCommands(wanted, other).Create(host, "image", Mark);
        AnswerContainer(host, name, new(commands.Run(host).Text), new(created.Text), Secrets(accessory.Env), Secrets(other.Env));
        fleet.Answer($"Look for the image of {name}", "sha256:1 1000", host);
        fleet.Answer($"Hash the files of {name}",
            string.Join('\n', accessory.Files.Select(file => $"{Hash(file.Local)}  {commands.FilePath(file)}")), host);
        fleet.Answer($"Read the modes of {name}", string.Join('\n',
            accessory.Files.Select(file => Mode(file, commands.FilePath(file)))
                .Concat(accessory.Directories.Select(directory => Mode(directory, commands.DirectoryPath(directory))))), host);
    }

    private void AnswerContainer(
        string host, string name, InspectedContainer runs, InspectedContainer made, string secrets, string otherSecrets)
    {
        var variables = runs.Variables.Append(secrets).Where(one => one.Length > 0).ToHashSet();
        variables.SymmetricExceptWith(made.Variables.Append(otherSecrets).Where(one => one.Length > 0));
        fleet.Answer($"Look for {name}", "sha256:1", host)
            .Answer($"Find the comparison container of {name}", "c0ffee", host)
            .Answer($"Inspect {name}", runs.Json(), host)
            .Answer($"Inspect the comparison container of {name}", made.Json(), host)
            .Answer($"Compare the variables of {name}", string.Join('\n', variables.Select(one => one.Split('=')[0]).Distinct()), host);
    }

    private JsonObject Route(string service, string name, ProxyConfiguration proxy)
    {
        ShellWord? certificate = proxy.HasCustomCertificate
            ? (ShellWord)($"{HostPaths.TlsInProxy(applied, name)}/"
                + CertificatePair.Read(secret(proxy.CertificatePemSecret!), secret(proxy.PrivateKeyPemSecret!)).Folder)
            : null;
        return StoredRoute.Of(new ProxyCommands(applied).Deploy(service, proxy, "c0ffee", certificate).Text);
    }

    private string Listed(string name, string role) => new JsonObject
    {
        ["id"] = "c0ffee", ["name"] = name, ["image"] = applied.AbsoluteImage, ["state"] = "running", ["status"] = "Up", ["ports"] = "",
        ["created"] = "2026-01-02 15:04:05 +0000 UTC", ["service"] = applied.Service, ["role"] = role, ["destination"] = "",
    }.ToJsonString();

    private string Secrets(EnvConfiguration env) => string.Concat(env.Secret.Select(one => $"{one.Name}={secret(one.Key)}"));

    private static string Mode(AccessoryPath path, string name)
    {
        var owner = (path.Owner ?? "0:0").Replace(':', ' ');
        return string.Create(CultureInfo.InvariantCulture, $"{(path.Mode ?? "755").TrimStart('0')} {owner} {owner} {name}");
    }

    private static string Hash(string file) => Convert.ToHexStringLower(
        SHA256.HashData(Encoding.UTF8.GetBytes(KeyProject.Files.First(one => one.Name == file).Text)));
}
