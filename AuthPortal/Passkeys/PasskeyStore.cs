using AuthPortal.Database;
using AuthPortal.Users;

namespace AuthPortal.Passkeys;

/// <summary>Owns the <c>passkeys</c> table. What people do there demands that their session still counts.</summary>
internal sealed class PasskeyStore(Db db, TimeProvider clock) : IWayIn
{
    /// <summary>How many one person may have.</summary>
    public const int Most = 20;

    private const string Columns =
        "id, user_id, credential_id, public_key, sign_count, transports, backup_eligible, backed_up, aaguid, name, "
        + "created_at, last_used_at, last_challenge_at";

    private const string ListSql = $"select {Columns} from passkeys where user_id = @caller order by created_at, id";

    /// <returns>The oldest first.</returns>
    public Task<IReadOnlyList<Passkey>> ListAsync(Guid caller, CancellationToken ct) =>
        db.ListAsync<Passkey>(ListSql, new { caller }, ct);

    private const string FindSql =
        $"select {Columns} from passkeys where credential_id = @credentialId and user_id = @caller";

    public Task<Passkey?> FindAsync(Guid caller, byte[] credentialId, CancellationToken ct) =>
        db.FindAsync<Passkey>(FindSql, new { caller, credentialId }, ct);

    private const string FindOwnerSql = "select user_id from passkeys where credential_id = @credentialId";

    /// <summary>Whose it is, of all people: a credential is registered once.</summary>
    public Task<Guid?> FindOwnerAsync(byte[] credentialId, CancellationToken ct) =>
        db.FindAsync<Guid?>(FindOwnerSql, new { credentialId }, ct);

    private const string AddSql = $"""
        insert into passkeys
               (id, user_id, credential_id, public_key, sign_count, transports, backup_eligible, backed_up, aaguid,
                name, created_at)
        select @Id, @caller, @CredentialId, @PublicKey, @SignCount, @Transports, @BackupEligible, @BackedUp, @Aaguid,
               @Name, @CreatedAt
         where {UserStore.CallerCounts}
           and (select count(*) from passkeys where user_id = @caller) < @Most
        on conflict (credential_id) do nothing
        """;

    /// <summary>
    /// Within a transaction that holds its person, so that of two at once the second counts the first.
    /// </summary>
    /// <returns>False where there are <see cref="Most"/> already, or somebody has this very one.</returns>
    public async Task<bool> AddAsync(Passkey passkey, int version, CancellationToken ct)
    {
        var row = new
        {
            passkey.Id,
            caller = passkey.UserId,
            passkey.CredentialId,
            passkey.PublicKey,
            passkey.SignCount,
            passkey.Transports,
            passkey.BackupEligible,
            passkey.BackedUp,
            passkey.Aaguid,
            passkey.Name,
            passkey.CreatedAt,
            version,
            Most,
        };
        return await db.ExecuteAsync(AddSql, row, ct) == 1;
    }

    // The counter rises with every use, or is 0 for good; the challenge is younger than the last in any case.
    private const string UseSql = """
        update passkeys
           set sign_count = @SignCount, backed_up = @BackedUp, last_used_at = @at, last_challenge_at = @ChallengedAt
         where credential_id = @CredentialId and user_id = @caller
           and (last_challenge_at is null or last_challenge_at < @ChallengedAt)
           and (sign_count < @SignCount or (sign_count = 0 and @SignCount = 0))
        """;

    /// <summary>The one place where an assertion is spent: of many at once, one counts.</summary>
    /// <returns>False for a replay, for a counter that did not rise, and where the passkey is gone.</returns>
    public async Task<bool> UseAsync(PasskeyUse use, CancellationToken ct)
    {
        var row = new
        {
            caller = use.UserId,
            use.CredentialId,
            use.SignCount,
            use.BackedUp,
            use.ChallengedAt,
            at = clock.GetUtcNow(),
        };
        return await db.ExecuteAsync(UseSql, row, ct) == 1;
    }

    private const string RenameSql = $"""
        update passkeys
           set name = @name
         where id = @id and user_id = @caller and {UserStore.CallerCounts}
        returning {Columns}
        """;

    /// <returns>Null where the caller has no such passkey.</returns>
    public Task<Passkey?> RenameAsync(Guid caller, int version, Guid id, string name, CancellationToken ct) =>
        db.FindAsync<Passkey>(RenameSql, new { caller, version, id, name }, ct);

    private const string RemoveSql = $"""
        delete from passkeys
         where id = @id and user_id = @caller and {UserStore.CallerCounts}
           and (exists (select 1 from users where id = @caller and password_hash is not null)
                or exists (select 1 from passkeys other where other.user_id = @caller and other.id <> @id))
        returning {Columns}
        """;

    /// <summary>
    /// Within a transaction that holds its person, so that of the last two removed at once one stays.
    /// </summary>
    /// <returns>Null where the caller has no such passkey, or no other way to sign in.</returns>
    public Task<Passkey?> RemoveAsync(Guid caller, int version, Guid id, CancellationToken ct) =>
        db.FindAsync<Passkey>(RemoveSql, new { caller, version, id }, ct);

    IReadOnlyList<string> IWayIn.Tables { get; } = ["passkeys"];

    async Task<IReadOnlyList<AddedFactor>> IWayIn.ListAsync(
        Guid userId, DateTimeOffset since, CancellationToken ct) =>
    [
        .. from passkey in await ListAsync(userId, ct)
           where passkey.CreatedAt >= since
           select AsFactor(passkey),
    ];

    public static AddedFactor AsFactor(Passkey passkey) =>
        new("passkey", $"{passkey.Id}", passkey.Name, passkey.CreatedAt);

    private const string EndSql = "delete from passkeys where user_id = @userId and created_at >= @since";

    Task IWayIn.EndAsync(User held, DateTimeOffset since, CancellationToken ct) =>
        db.ExecuteAsync(EndSql, new { userId = held.Id, since }, ct);
}
