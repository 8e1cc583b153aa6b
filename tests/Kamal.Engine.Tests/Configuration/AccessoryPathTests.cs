using Xunit;

namespace Kamal.Engine.Tests.Configuration;

public sealed class AccessoryPathTests
{
    [Theory]
    [InlineData("my.cnf:/etc/my.cnf", "my.cnf", "/etc/my.cnf", null)]
    [InlineData("my.cnf:/etc/my.cnf:ro", "my.cnf", "/etc/my.cnf", "ro")]
    [InlineData(@"C:\dir\my.cnf:/etc/my.cnf", @"C:\dir\my.cnf", "/etc/my.cnf", null)]
    [InlineData(@"c:\my.cnf:/etc/my.cnf:ro", @"c:\my.cnf", "/etc/my.cnf", "ro")]
    [InlineData("C:/dir/my.cnf:/etc/my.cnf:ro", "C:/dir/my.cnf", "/etc/my.cnf", "ro")]
    [InlineData("f:/etc/f", "f", "/etc/f", null)]
    [InlineData("f:/etc/f:ro", "f", "/etc/f", "ro")]
    public async Task A_local_path_may_begin_with_a_drive(string text, string local, string remote, string? options)
    {
        var configuration = await ConfigurationFixture.LoadWithAsync(
            $"accessories: {{ db: {{ image: mysql, host: 1.1.1.9, files: [ '{text}' ] }} }}\n");
        var path = Assert.Single(Assert.Single(configuration.Accessories).Files);
        Assert.Equal((local, remote, options), (path.Local, path.Remote, path.Options));
    }
}
