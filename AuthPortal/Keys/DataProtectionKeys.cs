using System.Globalization;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption.ConfigurationModel;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace AuthPortal.Keys;

/// <summary>
/// What seals forms and TempData: one key for each listed secret, derived like the others, so that instances agree
/// and a restart forgets nothing. Not rotated by the calendar: a form outlives no secret.
/// </summary>
internal sealed class DataProtectionKeys(KeyDerivation derivation) : IXmlRepository
{
    private const int IdBytes = 16;
    private const int MasterKeyBytes = 64;

    private static readonly DateTimeOffset Expiry = new(2999, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly AuthenticatedEncryptorConfiguration Encryptor = new()
    {
        EncryptionAlgorithm = EncryptionAlgorithm.AES_256_GCM, // ASVS 11.3.2; it authenticates by itself
    };

    public IReadOnlyCollection<XElement> GetAllElements()
    {
        var versions = derivation.Versions;
        return [.. versions.Select((version, index) => Element(version, versions.Count - index))];
    }

    public void StoreElement(XElement element, string friendlyName) =>
        throw new NotSupportedException("Data protection keys are derived from BETTER_AUTH_SECRET and never stored.");

    // The framework protects with the key that was activated last, and waits two days before it takes a new one:
    // the dates are therefore long past, and say only which secret is listed first.
    private XElement Element(int version, int rank)
    {
        var derived = derivation.Derive(new KeyName("data-protection", version, 0, 0), IdBytes + MasterKeyBytes);
        using var masterKey = new Secret(derived.AsSpan(IdBytes).ToArray());
        var descriptor = new AuthenticatedEncryptorDescriptor(Encryptor, masterKey).ExportToXml();
        var activated = DateTimeOffset.UnixEpoch.AddDays(rank);

        return new XElement("key",
            new XAttribute("id", new Guid(derived.AsSpan(0, IdBytes), bigEndian: true)),
            new XAttribute("version", 1),
            new XElement("creationDate", Written(activated)),
            new XElement("activationDate", Written(activated)),
            new XElement("expirationDate", Written(Expiry)),
            new XElement("descriptor",
                new XAttribute("deserializerType", descriptor.DeserializerType.AssemblyQualifiedName!),
                descriptor.SerializedDescriptorElement));
    }

    private static string Written(DateTimeOffset date) => date.ToString("o", CultureInfo.InvariantCulture);
}
