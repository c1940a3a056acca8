using System.Text.Json.Serialization;

namespace AuthPortal.Users;

/// <summary>A row of <c>users</c>, in column order.</summary>
/// <param name="Email">As typed; mail goes here.</param>
/// <param name="EmailCanonical">What identifies the account and what programs see.</param>
/// <param name="PasswordHash">Null for people who have none.</param>
/// <param name="PasswordId">Another for every password chosen; the same one hashed anew keeps it.</param>
/// <param name="SessionVersion">From 1; tokens of a lower one are void.</param>
/// <param name="EraseAt">When the account, which was deleted, is erased; null for all others.</param>
/// <param name="EmailChangedAt">When the address was changed last; null where it never was, or that was undone.</param>
/// <param name="TakenBackAt">When the account was taken back from an intruder last; null where it never was.</param>
/// <param name="HasTotp">Whether an authenticator app is set up and confirmed.</param>
/// <param name="HasPasskeys">Whether there is at least one.</param>
internal sealed record User(
    Guid Id,
    string Email,
    string EmailCanonical,
    DateTimeOffset? EmailVerifiedAt,
    string Name,
    string? Image,
    string? PasswordHash,
    Guid PasswordId,
    int SessionVersion,
    string[] Roles,
    DateTimeOffset? DisabledAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? EraseAt,
    DateTimeOffset? EmailChangedAt,
    DateTimeOffset? TakenBackAt,
    bool HasTotp,
    bool HasPasskeys)
{
    /// <summary>Somebody new, in no table yet.</summary>
    public static User New(
        EmailAddress email, string name, string? image, string? passwordHash, DateTimeOffset at)
    {
        // Whole milliseconds, so that every reader of the date (tokens, JSON, SQL) sees the same one.
        var now = DateTimeOffset.FromUnixTimeMilliseconds(at.ToUnixTimeMilliseconds());
        var id = Guid.CreateVersion7(now);
        return new User(
            id,
            email.Typed,
            email.Canonical,
            EmailVerifiedAt: null,
            name,
            image,
            passwordHash,
            PasswordId: Guid.NewGuid(),
            SessionVersion: 1,
            Roles: [],
            DisabledAt: null,
            CreatedAt: now,
            UpdatedAt: now,
            EraseAt: null,
            EmailChangedAt: null,
            TakenBackAt: null,
            HasTotp: false,
            HasPasskeys: false);
    }

    /// <summary>When <see cref="UndoWindow"/> began last; null where it never did.</summary>
    public DateTimeOffset? UnsettledSince =>
        EmailChangedAt > TakenBackAt ? EmailChangedAt : TakenBackAt ?? EmailChangedAt;

    /// <summary>
    /// Whether the account was taken back from somebody in the last 72 hours. The password is then one that its mailbox
    /// has chosen since; a passkey or an app that stayed may still be that somebody's.
    /// </summary>
    public bool IsLatelyTakenBack(DateTimeOffset now) => TakenBackAt + UndoWindow.Length > now;

    public EmailAddress Address => new(Email, EmailCanonical);

    public UserProfile Profile =>
        new(Id, Name, EmailCanonical, EmailVerifiedAt is not null, Image, CreatedAt, UpdatedAt)
        {
            TwoFactorEnabled = HasTotp,
        };

    /// <summary>The id alone, so that no log prints a hash or an address by accident.</summary>
    public override string ToString() => $"user {Id}";
}

/// <summary>What programs see of a person: Better Auth's <c>User</c>.</summary>
internal sealed record UserProfile(
    Guid Id,
    string Name,
    string Email,
    bool EmailVerified,
    string? Image,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt)
{
    /// <summary>Absent where it is not: who knows nothing of second factors sees what they always saw.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool TwoFactorEnabled { get; init; }

    /// <summary>What to call them: programs may sign people up without a name.</summary>
    [JsonIgnore]
    public string DisplayName => Name.Length > 0 ? Name : Email;
}
