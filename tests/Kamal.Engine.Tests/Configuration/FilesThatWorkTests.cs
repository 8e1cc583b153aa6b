using Kamal.Engine.Commands;
using Kamal.Engine.Operations;
using Kamal.Engine.Tests.Support;
using Xunit;

namespace Kamal.Engine.Tests.Configuration;

/// <summary>What files have that work with Kamal and Docker.</summary>
public sealed class FilesThatWorkTests
{
    [Theory]
    [InlineData("amd64", "linux/amd64")]
    [InlineData("x86_64", "linux/amd64")]
    [InlineData("x86-64", "linux/amd64")]
    [InlineData("AMD64", "linux/amd64")]
    [InlineData("amd64/v1", "linux/amd64")]
    [InlineData("amd64/v3", "linux/amd64/v3")]
    [InlineData("aarch64", "linux/arm64")]
    [InlineData("ARM64", "linux/arm64")]
    [InlineData("arm64/v8", "linux/arm64")]
    [InlineData("aarch64/8", "linux/arm64")]
    [InlineData("arm64/v9", "linux/arm64/v9")]
    [InlineData("arm", "linux/arm/v7")]
    [InlineData("arm/7", "linux/arm/v7")]
    [InlineData("arm/v6", "linux/arm/v6")]
    [InlineData("armhf", "linux/arm/v7")]
    [InlineData("armel", "linux/arm/v6")]
    [InlineData("i386", "linux/386")]
    [InlineData("386", "linux/386")]
    [InlineData("riscv64", "linux/riscv64")]
    [InlineData("ppc64le", "linux/ppc64le")]
    [InlineData("s390x", "linux/s390x")]
    [InlineData("loong64", "linux/loong64")]
    [InlineData("mips64le", "linux/mips64le")]
    [InlineData("[ x86_64, aarch64 ]", "linux/amd64,linux/arm64")]
    [InlineData("[ amd64, x86_64 ]", "linux/amd64")]
    [InlineData("[ riscv64, arm/v7, 386 ]", "linux/riscv64,linux/arm/v7,linux/386")]
    [InlineData("amd64,arm64", "linux/amd64,linux/arm64")]
    [InlineData("\"amd64, arm64\"", "linux/amd64,linux/arm64")]
    public async Task Architectures_are_those_of_docker(string arch, string platform)
    {
        var configuration = await ConfigurationFixture.LoadWithAsync($"builder:\n  arch: {arch}\n");
        var arguments = new BuildCommands(configuration, new BuilderCommands(configuration))
            .Build("registry").Arguments.Select(argument => argument.Reveal()).ToList();
        Assert.Equal(platform, arguments[arguments.IndexOf("--platform") + 1]);
    }

    [Theory]
    [InlineData("linux/amd64", "builder/arch: linux/amd64 is not an architecture that Docker knows (did you mean amd64?)")]
    [InlineData("[ amd64, risc64 ]", "builder/arch/1: risc64 is not an architecture that Docker knows (did you mean riscv64?)")]
    [InlineData("\"amd64 --push\"", "builder/arch: should be an architecture, such as amd64, arm64 or arm/v7, without linux/")]
    [InlineData("[]", "builder/arch: should not be empty")]
    public async Task Other_architectures_are_not(string arch, string expected)
    {
        var problem = Assert.Single(await ConfigurationFixture.ProblemsWithAsync($"builder:\n  arch: {arch}\n"));
        Assert.EndsWith(": " + expected, problem.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x86_64", "aarch64", "docker-container")]
    [InlineData("[ amd64, aarch64 ]", "x86_64", "hybrid")]
    [InlineData("x86_64", "x86_64", "local")]
    public async Task A_remote_builder_builds_what_this_machine_is_not(string arch, string machine, string kind)
    {
        using var fixture = new OperationFixture().Configure($"builder:\n  arch: {arch}\n  remote: ssh://builder\n");
        fixture.Local.Answer = command =>
            command.Display.Contains("{{.Architecture}}", StringComparison.Ordinal) ? new(command, 0, machine + "\n") : null;
        await fixture.RunAsync(BuildOperations.NewBuilder());
        Assert.Equal(kind != "local", fixture.Local.Displays.Any(command => command.Contains("ssh://builder", StringComparison.Ordinal)));
        Assert.Equal(kind == "hybrid", fixture.Local.Displays.Any(command => command.Contains("--append", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("5432", "5432:5432")]
    [InlineData("\"5432:5432\"", "5432:5432")]
    [InlineData("\"127.0.0.1:5432:5432\"", "127.0.0.1:5432:5432")]
    [InlineData("\"127.0.0.1::5432\"", "127.0.0.1::5432")]
    [InlineData("\":5432\"", ":5432")]
    [InlineData("\"::5432\"", "::5432")]
    [InlineData("\"[::1]:80:80\"", "'[::1]:80:80'")]
    [InlineData("\"[::1]::80\"", "'[::1]::80'")]
    [InlineData("\"[fe80::1%eth0]:80:80\"", "'[fe80::1%eth0]:80:80'")]
    [InlineData("\"8000-8010\"", "8000-8010:8000-8010")]
    [InlineData("\"8000-8010:9000-9010\"", "8000-8010:9000-9010")]
    [InlineData("\"8000-8010:80\"", "8000-8010:80")]
    [InlineData("\"127.0.0.1:8000-8010:9000-9010/udp\"", "127.0.0.1:8000-8010:9000-9010/udp")]
    [InlineData("\"53:53/udp\"", "53:53/udp")]
    [InlineData("53/udp", "53:53/udp")]
    [InlineData("\"53:53/SCTP\"", "53:53/SCTP")]
    [InlineData("\"80:80/tcp\"", "80:80/tcp")]
    [InlineData("\"${PORT}:5432\"", "\"${PORT}\":5432")]
    [InlineData("\"$PORT:5432\"", "\"${PORT}\":5432")]
    [InlineData("\"${BIND_IP}:5432:5432\"", "\"${BIND_IP}\":5432:5432")]
    [InlineData("\"10.0.0.${N}::5432/udp\"", "10.0.0.\"${N}\"::5432/udp")]
    [InlineData("\"${PORT:-5433}:5432\"", "\"${PORT:-5433}\":5432")]
    [InlineData("\"${PORT}\"", "\"${PORT}\":\"${PORT}\"")]
    [InlineData("\"5${N}0-5${N}9:5430-5439\"", "5\"${N}\"0-5\"${N}\"9:5430-5439")]
    public async Task Ports_of_accessories_are_those_of_docker(string port, string expected)
    {
        var configuration = await ConfigurationFixture.LoadWithAsync($"accessories:\n  db:\n    image: x\n    host: h\n    port: {port}\n");
        Assert.Contains(
            $" --publish {expected} ", new AccessoryCommands(configuration, configuration.Accessories[0]).Run("h").Text,
            StringComparison.Ordinal);
    }

    [Theory]
    [
        InlineData(
            "\"9000:9000 --publish 9001:9001\"",
            "takes one port; publish further ports with `options: publish:`, as in options: { publish: [ \"9001:9001\" ] }")]
    [InlineData("\"9000:9000 -p 9001:9001\"", "publish further ports with `options: publish:`")]
    [InlineData("\"9000:9000, 9001:9001\"", "publish further ports with `options: publish:`")]
    [InlineData("\"9000:9000\\n9001:9001\"", "publish further ports with `options: publish:`")]
    [InlineData("\"localhost:80:80\"", "should be PORT, HOST_PORT:PORT or ADDRESS:HOST_PORT:PORT")]
    [InlineData("\"127.0.0.1:80\"", "should be PORT, HOST_PORT:PORT or ADDRESS:HOST_PORT:PORT")]
    [InlineData("\"1.2.3:80:80\"", "1.2.3 is not an IP address")]
    [InlineData("\"[:::]:80:80\"", "[:::] is not an IP address")]
    [InlineData("\"80:\"", "should be PORT")]
    [InlineData("\"80:80/icmp\"", "should be PORT")]
    [InlineData("\"70000:80\"", "a port is at most 65535")]
    [InlineData("\"90-80\"", "a range of ports begins with the lower one")]
    [InlineData("\"$(echo 80):80\"", "should be PORT")]
    [InlineData("\"${P;x}:80\"", "should be PORT")]
    [InlineData("\"`id`:80\"", "should be PORT")]
    public async Task What_docker_refuses_is_a_problem_of_the_port(string port, string expected)
    {
        var problem = Assert.Single(
            await ConfigurationFixture.ProblemsWithAsync($"accessories:\n  db:\n    image: x\n    host: h\n    port: {port}\n"));
        Assert.Equal("accessories/db/port", problem.Path);
        Assert.Contains(expected, problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Further_ports_are_options()
    {
        var configuration = await ConfigurationFixture.LoadWithAsync(
            "accessories:\n  db:\n    image: x\n    host: h\n    port: \"9000:9000\"\n    options: { publish: [ \"9001:9001\", " +
            "\"9002:9002\" ] }\n");
        var text = new AccessoryCommands(configuration, configuration.Accessories[0]).Run("h").Text;
        Assert.Contains(" --publish 9000:9000 ", text, StringComparison.Ordinal);
        Assert.Contains(" --publish \"9001:9001\" --publish \"9002:9002\" ", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("...\nanything at all\n")]
    [InlineData("...\n: [ broken\n\tx: }\n")]
    [InlineData("... # the end\n%notes\n")]
    [InlineData("...\n---\nservice: other\n")]
    public async Task What_follows_the_end_of_the_document_is_not_read(string end)
    {
        using var fixture = new ConfigurationFixture().Write("config/deploy.yml", ConfigurationFixture.Minimal + end);
        Assert.Equal("app", (await fixture.LoadAsync()).Service);
    }

    [Theory]
    [InlineData("DEBUG", "debug")]
    [InlineData("Info", "info")]
    [InlineData(":WARN", "warn")]
    [InlineData("error", "error")]
    public async Task The_log_level_may_have_any_case(string level, string expected) =>
        Assert.Equal(expected, (await ConfigurationFixture.LoadWithAsync($"ssh:\n  log_level: {level}\n")).Ssh.LogLevel);

    [Trait("Category", "Linux")]
    [Fact]
    public async Task An_error_names_the_warnings_that_it_may_follow_from()
    {
        using var fixture = new ConfigurationFixture().Write("config/deploy.yml", "service: <%= `exit 3` %>\nservers: [ 1.1.1.1 ]\n");
        var error = await Assert.ThrowsAsync<KamalException>(() => fixture.LoadAsync());
        Assert.Contains("\n  config/deploy.yml:1:", error.Message, StringComparison.Ordinal);
        Assert.Matches(@"\n  warning: config/deploy\.yml:1:\d+: the command exit failed with exit code 3", error.Message);
    }

    [Fact]
    public async Task Of_duplicate_keys_the_last_counts()
    {
        using var fixture = new ConfigurationFixture().Write("config/deploy.yml",
            ConfigurationFixture.Minimal + "\nproxy:\n  host: a.example.com\n  ssl: true\nproxy:\n  app_port: 3000\n");
        var check = await fixture.CheckAsync();
        Assert.Empty(check.Problems);
        Assert.Matches(
            @"^config/deploy\.yml:\d+:1: proxy: duplicate key: it replaces the one on line \d+$",
            Assert.Single(check.Warnings).ToString());
        var proxy = (await fixture.LoadAsync()).Roles[0].Proxy!;
        Assert.False(proxy.Ssl);
        Assert.Empty(proxy.Hosts);
    }

    /// <summary>A command that failed is told with what it led to, and is no problem of its own.</summary>
    [Trait("Category", "Linux")]
    [Fact]
    public async Task A_command_that_fails_is_a_warning()
    {
        const string env = "env:\n  clear:\n    REVISION: \"<%= `exit 3`.strip %>\"\n";
        using var fixture = new ConfigurationFixture().Write("config/deploy.yml", ConfigurationFixture.Combine(env));
        Assert.Contains("the command exit failed", Assert.Single((await fixture.LoadAsync()).Warnings).Message, StringComparison.Ordinal);
        fixture.Write("config/deploy.yml", ConfigurationFixture.Combine(env + "  <%\n"));
        Assert.DoesNotContain((await fixture.CheckAsync()).Problems, problem => problem.IsWarning);
    }

    [Theory]
    [
        InlineData(
            "ssl: { certificate_pem: C, private_key_pem: K, redirect: true }",
            "proxy/ssl/redirect: unknown key, which is ignored", true)]
    [InlineData("ssl: { email: me@example.com }", "proxy/ssl/email: unknown key, which is ignored", false)]
    [
        InlineData(
            "ssl: { certificate_pm: C }",
            "proxy/ssl/certificate_pm: unknown key, which is ignored (did you mean certificate_pem?)", false)]
    public async Task Unknown_keys_of_a_certificate_are_warnings(string ssl, string warning, bool custom)
    {
        using var fixture = new ConfigurationFixture()
            .Write("config/deploy.yml", ConfigurationFixture.Combine($"proxy:\n  host: a.example.com\n  {ssl}\n"));
        var check = await fixture.CheckAsync();
        Assert.Empty(check.Problems);
        Assert.EndsWith(": " + warning, Assert.Single(check.Warnings).ToString(), StringComparison.Ordinal);
        var proxy = (await fixture.LoadAsync()).Roles[0].Proxy!;
        Assert.True(proxy.Ssl);
        Assert.Equal(custom, proxy.HasCustomCertificate);
    }

    [Theory]
    [InlineData("registry", "type=registry,ref=dhh/app-build-cache,mode=max,image-manifest=true")]
    [InlineData("gha", "type=gha,mode=max,image-manifest=true")]
    public async Task The_newline_of_a_block_does_not_reach_a_command(string type, string expected)
    {
        var configuration = await ConfigurationFixture.LoadWithAsync(
            $"builder:\n  arch: amd64\n  cache:\n    type: {type}\n    options: |\n      mode=max,image-manifest=true\n" +
            "servers:\n  web:\n    hosts: [ 1.1.1.1 ]\n    cmd: |\n      bin/web\n" +
            "accessories:\n  db:\n    image: x\n    host: h\n    cmd: >\n      redis-server --save 60 1\n");
        var arguments = new BuildCommands(configuration, new BuilderCommands(configuration))
            .Build("registry").Arguments.Select(argument => argument.Reveal()).ToList();
        Assert.Equal(expected, arguments[arguments.IndexOf("--cache-to") + 1]);
        Assert.Equal("bin/web", configuration.Roles[0].Command);
        Assert.EndsWith(
            " x redis-server --save 60 1", new AccessoryCommands(configuration, configuration.Accessories[0]).Run("h").Text,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("conf")]
    [InlineData("conf.erb")]
    public async Task A_folder_as_a_file_of_an_accessory_says_that_it_is_a_folder(string folder)
    {
        using var fixture = new OperationFixture()
            .Configure($"accessories:\n  db:\n    image: x\n    host: h\n    files: [ \"{folder}:/etc/conf\" ]\n")
            .Write($"{folder}/a", "x");
        var error = await Assert.ThrowsAsync<KamalException>(() => fixture.RunAsync(AccessoryOperations.Boot(["db"])));
        Assert.Equal(KamalErrorId.FileUnavailable, error.Id);
        Assert.EndsWith(
            $"{Path.DirectorySeparatorChar}{folder} is a folder, but accessories/db/files takes single files.", error.Message,
            StringComparison.Ordinal);
        Assert.Contains("`volumes`", error.Recommendation, StringComparison.Ordinal);
    }
}
