namespace AuthPortal.Passkeys;

/// <summary>A row of <c>passkeys</c>, in column order.</summary>
/// <param name="CredentialId">Chosen by the authenticator, 1 to 1,023 bytes.</param>
/// <param name="PublicKey">A COSE_Key (RFC 9052 §7).</param>
/// <param name="SignCount">0 to 2³² − 1; 0 for good where the authenticator never counts.</param>
/// <param name="Transports">How browsers reach the authenticator (WebAuthn level 3 §5.8.4).</param>
/// <param name="BackupEligible">Whether it may be synchronised to other devices; never changes.</param>
/// <param name="BackedUp">Whether it is.</param>
/// <param name="Aaguid">The authenticator's make; zeros where it does not say.</param>
/// <param name="Name">What its owner calls it; null where they never said.</param>
/// <param name="LastChallengeAt">When the challenge that it signed last was made.</param>
internal sealed record Passkey(
    Guid Id,
    Guid UserId,
    byte[] CredentialId,
    byte[] PublicKey,
    long SignCount,
    string[] Transports,
    bool BackupEligible,
    bool BackedUp,
    Guid Aaguid,
    string? Name,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastUsedAt,
    DateTimeOffset? LastChallengeAt);

/// <summary>An assertion whose signature is good, and what it says.</summary>
/// <param name="ChallengedAt">When its challenge was made, to the millisecond.</param>
internal sealed record PasskeyUse(
    Guid UserId, byte[] CredentialId, long SignCount, bool BackedUp, DateTimeOffset ChallengedAt);
