using Kamal.Engine.Commands;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class AuditListingTests
{
    [Theory]
    [InlineData("[2026-01-02T03:04:05Z] [ada] [staging] [web] Booted app", "ada", "staging", "web", "Booted app")]
    [InlineData("[2026-01-02T03:04:05Z] [ada] Booted app", "ada", null, null, "Booted app")]
    [InlineData("[2026-01-02T03:04:05Z] [ada] [odd] said", "ada", null, null, "[odd] said")]
    [InlineData("what is this?", null, null, null, "what is this?")]
    [InlineData("[no time] x", null, null, null, "[no time] x")]
    public async Task A_line_is_time_performer_destination_role_and_message(
        string line, string? performer, string? destination, string? role, string message)
    {
        var configuration = await ConfigurationFixture.LoadWithAsync("", "staging");
        var entry = Assert.Single(AuditListing.Parse(configuration, "h", line + "\n\n"));
        Assert.Equal(
            (performer, destination, role, message, line), (entry.Performer, entry.Destination, entry.Role, entry.Message, entry.Text));
        Assert.Equal(performer is null ? null : new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero), entry.RecordedAt);
    }
}
