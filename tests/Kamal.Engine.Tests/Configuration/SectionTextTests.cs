using Kamal.Engine.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Configuration;

public sealed class SectionTextTests
{
    private static IEnumerable<Type> Sections => typeof(KamalConfiguration).Assembly.GetExportedTypes()
        .Where(type => type.Namespace == typeof(KamalConfiguration).Namespace && type is { IsClass: true, IsAbstract: false })
        .Where(type => type.Name.EndsWith("Configuration", StringComparison.Ordinal) && type != typeof(KamalConfiguration))
        .Concat([typeof(EnvVariable), typeof(SecretBinding), typeof(CredentialValue), typeof(DockerOption), typeof(BuilderCache),
            typeof(AccessoryPath), typeof(TaggedHost), typeof(FailureLimit)]);

    [Fact]
    public void Each_section_has_a_text_of_its_own() => Assert.All(Sections, type => Assert.DoesNotContain(
        "CompilerGeneratedAttribute",
        type.GetMethod(nameof(ToString), [])!.CustomAttributes.Select(attribute => attribute.AttributeType.Name)));

    [Fact]
    public async Task A_section_says_what_differs_from_the_defaults()
    {
        var configuration = await ConfigurationFixture.LoadWithAsync("""
            proxy: { hosts: [ a.example.com, b.example.com ], ssl: true, healthcheck: { path: /health } }
            env: { clear: { A: one }, secret: [ B, "C:D" ] }
            ssh: { user: deploy }
            """);
        Assert.Equal("Hosts=a.example.com, b.example.com; Ssl=True; Healthcheck=(Path=/health)", $"{configuration.Proxy}");
        Assert.Equal("Clear=A=one; Secret=B, C:D", $"{configuration.Roles[0].Env}");
        Assert.Equal("User=deploy", $"{configuration.Ssh}");
        Assert.Equal("", $"{configuration.Sshkit}");
    }

    [Fact]
    public void A_private_key_and_a_password_are_not_part_of_it()
    {
        Assert.Equal(
            $"KeyData={ShellWord.Redaction}",
            $"{new SshConfiguration { KeyData = ["-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----"] }}");
        Assert.Equal(
            $"Username=acme; Password={ShellWord.Redaction}",
            $"{new RegistryConfiguration { Username = new() { Plain = "acme" }, Password = new() { Literal = new("hunter2") } }}");
    }
}
