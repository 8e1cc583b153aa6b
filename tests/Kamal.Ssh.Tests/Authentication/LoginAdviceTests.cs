using Kamal.Ssh.Authentication;
using Xunit;

namespace Kamal.Ssh.Tests.Authentication;

public sealed class LoginAdviceTests
{
    [Theory]
    [InlineData(FileKey.NoPassphrase, true)]
    [InlineData("its passphrase was wrong", false)]
    public void APassphraseThatOnlyTheKeychainHasIsAReasonToLoadIt(string obstacle, bool isAdvised)
    {
        var report = new LoginReport(_ => { });
        report.Try("key ~/.ssh/id_ed25519");
        report.Amend($", but {obstacle}");
        Assert.Equal(isAdvised, LoginAdvice.OnKeychain(report).Contains("ssh-add --apple-load-keychain", StringComparison.Ordinal));
    }
}
