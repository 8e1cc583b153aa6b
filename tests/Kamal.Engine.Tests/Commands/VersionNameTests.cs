using Xunit;

namespace Kamal.Engine.Tests.Commands;

public sealed class VersionNameTests
{
    [Fact]
    public void A_replaced_containers_name_is_not_a_version()
    {
        var aside = VersionName.Aside("v1", "0a1b");
        Assert.Equal("v1_replaced_0a1b", aside);
        Assert.Equal((true, "v1"), (VersionName.IsReplaced(aside), VersionName.Of(aside)));
        Assert.Equal((false, "v1"), (VersionName.IsReplaced("v1"), VersionName.Of("v1")));
        Assert.Equal("v1", VersionName.Checked("v1"));
        Assert.Equal(KamalErrorId.ArgumentInvalid, Assert.Throws<KamalException>(() => VersionName.Checked(aside)).Id);
    }
}
