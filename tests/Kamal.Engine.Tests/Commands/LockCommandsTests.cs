using Kamal.Engine.Commands;
using Kamal.Engine.Tests.Configuration;
using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class LockCommandsTests
{
    [Theory]
    [InlineData(null, "lock-app")]
    [InlineData("staging", "lock-app-staging")]
    public async Task The_lock_is_taken_read_and_released(string? destination, string name)
    {
        var commands = new LockCommands(await ConfigurationFixture.LoadWithAsync("", destination));
        var path = $".kamal/{name}";
        var exists = $"{{ '[' -e {path} ']' || '[' -L {path} ']' ; }}";
        var taken = $"{{ {exists} && echo 'it is held' >&2 && exit 6 ; }}";
        Rendered.Equal(
            (commands.Acquire("Message: Größe $x", "0a"),
                $"trap '' HUP INT TERM && mkdir -p .kamal && {{ mkdir {path} 2>/dev/null || {taken} || mkdir {path} || {taken} || exit "
                    + $"1 ; }} "
                + $"&& {{ mkdir {path}/owner-0a && printf '%s\\n' TWVzc2FnZTogR3LDtsOfZSAkeA== | cat > {path}/details || {{ rm -r "
                + $"{path} ; exit 1 ; }} ; }}"),
            (commands.Release(), $"rm -r {path}"),
            (commands.ReleaseOwn("0a"),
                $"trap '' HUP INT TERM && {{ '[' -d {path}/owner-0a ']' || exit 7 ; }} && rmdir {path}/owner-0a && rm -r {path}"),
            (commands.Beat("0a"), $"{{ '[' -d {path}/owner-0a ']' || exit 7 ; }} && touch -c {path}/owner-0a"),
            (commands.Exists(), exists),
            (commands.Status(),
                $"{{ {exists} || exit 3 ; }} && {{ '[' -d {path} ']' || exit 4 ; }} && {{ '[' -s {path}/details ']' && base64 -d "
                    + $"{path}/details || exit 5 ; }} && for o in {path}/owner-*; do [ ! -d \"$o\" ] || printf '\\n%s %s\\n' \"${{o##*/}}\" "
                    + "\"$(($(date +%s) - $(stat -c %Y \"$o\" 2>/dev/null || date +%s)))\"; done"));
    }

    [Fact]
    public void Details_begin_in_Kamals_words() => Assert.Equal(
        "Locked by: Ada at 2026-01-02T03:04:05Z\nVersion: v1\nMessage: Automatic deploy lock\nOwner: 0a\nUser: ada on laptop",
        LockCommands.DetailsText(
            "Ada", new(2026, 1, 2, 4, 4, 5, TimeSpan.FromHours(1)), "v1", "Automatic deploy lock", "Owner: 0a", "User: ada on laptop"));
}
