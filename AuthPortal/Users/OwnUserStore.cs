using AuthPortal.Database;

namespace AuthPortal.Users;

/// <summary>A change of address that can still be undone.</summary>
/// <param name="AskedAt">When it was asked for.</param>
/// <param name="ChangedAt">When it was confirmed.</param>
/// <param name="EmailBefore">What it comes back to; null where an older version made the change.</param>
/// <param name="EmailBeforeConfirmed">Whether its owner had confirmed that.</param>
internal sealed record UndoableChange(
    DateTimeOffset AskedAt, DateTimeOffset ChangedAt, string? EmailBefore, bool EmailBeforeConfirmed);

/// <summary>
/// What people do to their own row of <c>users</c>, beside <see cref="UserStore"/>. Each statement names the caller
/// and what must still be so: the version of their session, the password they proved.
/// </summary>
internal sealed class OwnUserStore(Db db, TimeProvider clock)
{
    private const string HoldSql = $"""
        select {UserStore.Columns}
          from users
         where id = @caller and session_version = @version and disabled_at is null
           for no key update
        """;

    /// <summary>Within a transaction: until it ends, whoever changes or holds this person waits.</summary>
    /// <returns>Null when the session no longer counts.</returns>
    public Task<User?> HoldAsync(Guid caller, int version, CancellationToken ct) =>
        db.FindAsync<User>(HoldSql, new { caller, version }, ct);

    private const string ChangePasswordSql = $"""
        update users
           set password_hash = @newer,
               password_id = gen_random_uuid(),
               session_version = session_version + case when @endOthers then 1 else 0 end
         where id = @caller and session_version = @version and disabled_at is null and password_id = @PasswordId
        returning {UserStore.Columns}
        """;

    /// <param name="proved">As read when the current password was checked.</param>
    /// <returns>Null when the session no longer counts, or the password was changed meanwhile.</returns>
    public Task<User?> ChangePasswordAsync(User proved, string newer, bool endOthers, CancellationToken ct) =>
        db.FindAsync<User>(
            ChangePasswordSql,
            new { caller = proved.Id, version = proved.SessionVersion, proved.PasswordId, newer, endOthers },
            ct);

    private const string RaiseSessionVersionSql = $"""
        update users
           set session_version = session_version + 1
         where id = @caller and session_version = @version and disabled_at is null
        returning {UserStore.Columns}
        """;

    /// <summary>Ends every session of this person.</summary>
    /// <returns>The person under the new version; null when the session no longer counts.</returns>
    public Task<User?> RaiseSessionVersionAsync(Guid caller, int version, CancellationToken ct) =>
        db.FindAsync<User>(RaiseSessionVersionSql, new { caller, version }, ct);

    private const string ClaimDeletionMailSql = """
        update users
           set deletion_links_from = case when deletion_mailed_at > @young then deletion_links_from else @before end,
               deletion_mailed_at = @at
         where id = @caller and session_version = @version and disabled_at is null
           and coalesce(deletion_mailed_at, '-infinity') <= @before
        """;

    /// <returns>
    /// Whether a link that deletes the account is due; asking uses it up, and voids older ones.
    /// </returns>
    public async Task<bool> ClaimDeletionMailAsync(Guid caller, int version, CancellationToken ct)
    {
        var at = clock.GetUtcNow();
        var (before, young) = (at - MailedProofStore.Pace, at - MailedProofStore.Spared);
        return await db.ExecuteAsync(ClaimDeletionMailSql, new { caller, version, at, before, young }, ct) == 1;
    }

    private const string FindToDeleteSql = $"""
        select {UserStore.Columns}
          from users
         where id = @id and coalesce(deletion_links_from, '-infinity') <= @madeAt
        """;

    /// <param name="madeAt">When the link was made that deletes the account.</param>
    /// <returns>Null, too, where a newer one voids it.</returns>
    public Task<User?> FindToDeleteAsync(Guid id, DateTimeOffset madeAt, CancellationToken ct) =>
        db.FindAsync<User>(FindToDeleteSql, new { id, madeAt }, ct);

    private const string IsNewestToMove = "coalesce(email_change_links_from, '-infinity') <= ";

    private const string VoidOlderChangesSql = """
        update users
           set email_change_links_from = greatest(email_change_links_from, @madeAt)
         where id = @caller and session_version = @version and disabled_at is null
        """;

    /// <summary>
    /// Within the transaction that mails a link to a new address: at once, unlike the links that strangers can ask
    /// for, since the one before may have gone to a mistyped mailbox.
    /// </summary>
    /// <param name="madeAt">When that link was made; of links the second counts.</param>
    public Task VoidOlderChangesAsync(Guid caller, int version, DateTimeOffset madeAt, CancellationToken ct) =>
        db.ExecuteAsync(
            VoidOlderChangesSql,
            new { caller, version, madeAt = DateTimeOffset.FromUnixTimeSeconds(madeAt.ToUnixTimeSeconds()) },
            ct);

    private const string FindToMoveSql = $"""
        select {UserStore.Columns} from users where id = @id and {IsNewestToMove} @madeAt
        """;

    /// <param name="madeAt">When the link to a new address was made.</param>
    /// <returns>Null, too, where a newer one voids it.</returns>
    public Task<User?> FindToMoveAsync(Guid id, DateTimeOffset madeAt, CancellationToken ct) =>
        db.FindAsync<User>(FindToMoveSql, new { id, madeAt }, ct);

    private const string ChangeEmailSql = $"""
        update users
           set email = @Typed, email_canonical = @Canonical, email_verified_at = @at, email_changed_at = @at,
               email_before = email, email_before_canonical = email_canonical,
               email_before_confirmed = email_verified_at is not null, email_change_asked_at = @askedAt,
               updated_at = @at
         where id = @id and disabled_at is null
           and encode(
               sha256(convert_to(email_canonical || ' ' || password_id || ' ' || session_version, 'UTF8')), 'hex')
               = @fingerprint
           and {IsNewestToMove} @askedAt
           and {UserStore.IsSettled}
           and {UserStore.IsNotReserved}
        returning {UserStore.Columns}
        """;

    /// <summary>
    /// What a link to a new address will change, and what voids it besides: a new password, an undoing.
    /// </summary>
    public static string EmailChangeText(User user) =>
        $"{user.EmailCanonical} {user.PasswordId} {user.SessionVersion}";

    /// <param name="fingerprint">Of <see cref="EmailChangeText"/> when the change was asked for.</param>
    /// <param name="askedAt">When the change was asked for.</param>
    /// <returns>
    /// Null when the link no longer fits, so soon after another change or its undoing, or where another account can
    /// still come back to that address. A taken address is a <see cref="UniqueConflict"/>.
    /// </returns>
    public Task<User?> ChangeEmailAsync(
        Guid id, string fingerprint, EmailAddress email, DateTimeOffset askedAt, CancellationToken ct)
    {
        var at = Now();
        return db.FindAsync<User>(
            ChangeEmailSql,
            new { id, fingerprint, email.Typed, email.Canonical, askedAt, settled = at - UndoWindow.Length, at },
            ct);
    }

    // Before there was that column, a link to a new address was good for 24 hours, as it is now.
    private const string FindChangeSql = """
        select coalesce(email_change_asked_at, email_changed_at - interval '24 hours') as asked_at,
               email_changed_at as changed_at, email_before, email_before_confirmed
          from users
         where id = @id and email_changed_at > @settled
        """;

    /// <returns>The change of address that can still be undone; null where there is none.</returns>
    public Task<UndoableChange?> FindChangeAsync(Guid id, CancellationToken ct) =>
        db.FindAsync<UndoableChange>(FindChangeSql, new { id, settled = Now() - UndoWindow.Length }, ct);

    private const string UndoEmailChangeSql = $"""
        update users
           set email = @Typed, email_canonical = @Canonical, email_verified_at = @at, email_changed_at = null,
               name = case when email_before_confirmed then name else '' end,
               image = case when email_before_confirmed then image end,
               {UserStore.ForgetsChange}, taken_back_at = @at, erase_at = null,
               password_hash = null, password_id = gen_random_uuid(), session_version = session_version + 1,
               updated_at = @at
         where id = @id and disabled_at is null
           and encode(sha256(convert_to(email_canonical, 'UTF8')), 'hex') = @fingerprint
        returning {UserStore.Columns}
        """;

    /// <summary>
    /// The password goes too: whoever changed the address may know it, and the mailbox sets another. A deletion that
    /// waits is taken back. Where the address had not been confirmed, name and picture may be a stranger's, and go.
    /// </summary>
    /// <param name="fingerprint">Of the address that was changed to.</param>
    /// <returns>The person, every session ended; null when the link no longer fits.</returns>
    public Task<User?> UndoEmailChangeAsync(
        Guid id, string fingerprint, EmailAddress email, CancellationToken ct) =>
        db.FindAsync<User>(UndoEmailChangeSql, new { id, fingerprint, email.Typed, email.Canonical, at = Now() }, ct);

    /// <summary>Whole milliseconds, so that every reader of the date sees the same one.</summary>
    private DateTimeOffset Now() =>
        DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
}
