using System.Formats.Asn1;
using System.Security.Cryptography;
using Kamal.Engine.Operations;
using Xunit;

namespace Kamal.Engine.Tests.Certificates;

[Trait("Needs", "elliptic curves")]
public sealed class EllipticCurveKeyTests
{
    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public void The_public_half_is_the_same_whether_or_not_the_system_knows_the_curve(bool isPkcs8, bool isKnown)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var content = isPkcs8 ? key.ExportPkcs8PrivateKey() : key.ExportECPrivateKey();
        Assert.Equal(key.ExportSubjectPublicKeyInfo(), EllipticCurveKey.PublicKey(content, isPkcs8, _ => isKnown));
    }

    [Fact]
    public void Without_the_point_and_the_curve_only_the_algorithm_is_known()
    {
        var key = new AsnWriter(AsnEncodingRules.DER);
        using (key.PushSequence())
        {
            key.WriteInteger(1);
            key.WriteOctetString(new byte[32]);
            using (key.PushSequence(new Asn1Tag(TagClass.ContextSpecific, 0))) key.WriteObjectIdentifier("1.2.3");
        }

        Assert.Null(EllipticCurveKey.PublicKey(key.Encode(), isPkcs8: false, _ => false));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_damaged_key_is_refused_in_either_case(bool isKnown)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var content = key.ExportECPrivateKey()[..40];
        Assert.Throws<AsnContentException>(() => EllipticCurveKey.PublicKey(content, isPkcs8: false, _ => isKnown));
    }
}
