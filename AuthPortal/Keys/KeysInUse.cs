namespace AuthPortal.Keys;

/// <summary>Which keys sign and verify, told without one of them.</summary>
/// <param name="Kid">Of the key that signs access tokens.</param>
/// <param name="Label">The secret's version, the generation and the epoch that sign.</param>
/// <param name="Secrets">The versions that are listed, the signing one first.</param>
/// <param name="Fingerprint">Another one as soon as any of it, or a secret's value, is another.</param>
internal sealed record KeysInUse(string Algorithm, string Kid, string Label, string Secrets, byte[] Fingerprint);
