using System.Formats.Asn1;
using System.Security.Cryptography;

namespace Kamal.Engine.Operations;

/// <summary>The public half of an ECDSA key, also where the system's cryptography does not know the curve.</summary>
/// <remarks>Which curves there are differs: Windows and macOS have some that the other has not, Wine has none.</remarks>
internal static class EllipticCurveKey
{
    private const string Algorithm = "1.2.840.10045.2.1";
    private static readonly Asn1Tag Parameters = new(TagClass.ContextSpecific, 0);
    private static readonly Asn1Tag Point = new(TagClass.ContextSpecific, 1);

    /// <summary>The public half as a SubjectPublicKeyInfo. Null if the key does not contain it and the system cannot compute it.</summary>
    /// <param name="content">The key in DER.</param>
    /// <param name="isPkcs8">Whether it is PKCS#8; otherwise it is the ECPrivateKey of RFC 5915.</param>
    /// <exception cref="CryptographicException">It is damaged.</exception>
    /// <exception cref="AsnContentException">It is damaged.</exception>
    public static byte[]? PublicKey(byte[] content, bool isPkcs8) => PublicKey(content, isPkcs8, IsKnown);

    /// <summary>See <see cref="PublicKey(byte[], bool)"/>.</summary>
    /// <param name="content">The key in DER.</param>
    /// <param name="isPkcs8">Whether it is PKCS#8.</param>
    /// <param name="isKnown">Whether the system knows a curve, by its object identifier.</param>
    public static byte[]? PublicKey(byte[] content, bool isPkcs8, Func<string, bool> isKnown)
    {
        var (curve, point) = Read(content, isPkcs8);
        if (curve is null || isKnown(curve))
        {
            using var key = ECDsa.Create();
            if (isPkcs8) key.ImportPkcs8PrivateKey(content, out _);
            else key.ImportECPrivateKey(content, out _);
            return key.ExportSubjectPublicKeyInfo();
        }

        if (point is null) return null;
        var info = new AsnWriter(AsnEncodingRules.DER);
        using (info.PushSequence())
        {
            using (info.PushSequence())
            {
                info.WriteObjectIdentifier(Algorithm);
                info.WriteObjectIdentifier(curve);
            }

            info.WriteBitString(point);
        }

        return info.Encode();
    }

    /// <summary>The object identifier of its curve, if that has a name, and the public point, if the key contains it.</summary>
    private static (string? Curve, byte[]? Point) Read(byte[] content, bool isPkcs8)
    {
        string? curve = null;
        var key = new AsnReader(content, AsnEncodingRules.BER).ReadSequence();
        if (isPkcs8)
        {
            key.ReadInteger();
            var algorithm = key.ReadSequence();
            algorithm.ReadObjectIdentifier();
            curve = CurveOf(algorithm);
            key = new AsnReader(key.ReadOctetString(), AsnEncodingRules.BER).ReadSequence();
        }

        key.ReadInteger();
        key.ReadOctetString();
        if (key.HasData && key.PeekTag().HasSameClassAndValue(Parameters)) curve ??= CurveOf(key.ReadSequence(Parameters));
        var point = key.HasData && key.PeekTag().HasSameClassAndValue(Point) ? key.ReadSequence(Point).ReadBitString(out _) : null;
        return (curve, point);
    }

    private static string? CurveOf(AsnReader parameters) =>
        parameters.HasData && parameters.PeekTag().HasSameClassAndValue(Asn1Tag.ObjectIdentifier)
            ? parameters.ReadObjectIdentifier() : null;

    private static bool IsKnown(string curve)
    {
        try
        {
            using var key = ECDsa.Create(ECCurve.CreateFromValue(curve));
            return true;
        }
        catch (Exception unknown) when (unknown is CryptographicException or PlatformNotSupportedException)
        {
            return false;
        }
    }
}
