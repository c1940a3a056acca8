using AuthPortal.Database;

namespace AuthPortal.Users;

/// <summary>The end of a row of <c>users</c>: at once, or after a grace period in which it can be restored.</summary>
internal sealed class ErasureStore(Db db, TimeProvider clock)
{
    private const string DeleteSql = $"""
        delete from users
         where id = @id and disabled_at is null
           and encode(sha256(convert_to(password_id || ' ' || session_version, 'UTF8')), 'hex') = @fingerprint
           and {UserStore.IsSettled}
        returning {UserStore.Columns}
        """;

    /// <summary>What must still be so when a deletion is carried out.</summary>
    public static string DeletionText(User user) => $"{user.PasswordId} {user.SessionVersion}";

    /// <param name="fingerprint">Of <see cref="DeletionText"/> when it was proved, or asked for.</param>
    /// <returns>
    /// Who is gone; null when there was no such person any more, or where that must wait (<see cref="UndoWindow"/>).
    /// </returns>
    public Task<User?> DeleteAsync(Guid id, string fingerprint, CancellationToken ct) =>
        db.FindAsync<User>(DeleteSql, new { id, fingerprint, settled = Now() - UndoWindow.Length }, ct);

    private const string ScheduleSql = $"""
        update users
           set erase_at = greatest(@eraseAt, {UserStore.UnsettledSince} + @window::interval),
               session_version = session_version + 1
         where id = @id and disabled_at is null
           and encode(sha256(convert_to(password_id || ' ' || session_version, 'UTF8')), 'hex') = @fingerprint
        returning {UserStore.Columns}
        """;

    /// <summary>
    /// Ends every session; the row stays until its grace period is over, and as long as <see cref="UndoWindow"/> says.
    /// </summary>
    /// <param name="fingerprint">As <see cref="DeleteAsync"/>'s.</param>
    /// <returns>The person as marked; null when the fingerprint no longer fits.</returns>
    public Task<User?> ScheduleAsync(Guid id, string fingerprint, TimeSpan grace, CancellationToken ct) =>
        db.FindAsync<User>(
            ScheduleSql, new { id, fingerprint, eraseAt = Now() + grace, window = UndoWindow.Length }, ct);

    private const string ForgetEmailsBeforeSql = $"""
        update users
           set {UserStore.ForgetsChange}
         where email_before is not null and coalesce(email_changed_at, '-infinity') <= @settled
        """;

    /// <summary>Forgets the addresses before changes that can no longer be undone.</summary>
    public Task ForgetEmailsBeforeAsync(CancellationToken ct) =>
        db.ExecuteAsync(ForgetEmailsBeforeSql, new { settled = Now() - UndoWindow.Length }, ct);

    private const string RestoreSql = """
        update users
           set erase_at = null
         where id = @id and session_version = @version and disabled_at is null and erase_at > @now
        """;

    /// <returns>False where the grace period is over, or the row is no longer as it was read.</returns>
    public async Task<bool> RestoreAsync(Guid id, int version, CancellationToken ct) =>
        await db.ExecuteAsync(RestoreSql, new { id, version, now = Now() }, ct) == 1;

    // Whoever is disabled stays, as evidence or by dispute, until an operator enables them.
    private const string ListDueSql = """
        select id from users where erase_at <= @now and disabled_at is null order by erase_at limit 1000
        """;

    public Task<IReadOnlyList<Guid>> ListDueAsync(CancellationToken ct) =>
        db.ListAsync<Guid>(ListDueSql, new { now = Now() }, ct);

    private const string DeleteDueSql = $"""
        delete from users
         where id = @id and erase_at <= @now and disabled_at is null
        returning {UserStore.Columns}
        """;

    /// <returns>Who is gone; null where another instance was first, or the person came back.</returns>
    public Task<User?> DeleteDueAsync(Guid id, CancellationToken ct) =>
        db.FindAsync<User>(DeleteDueSql, new { id, now = Now() }, ct);

    private const string DeleteReturnedSql = $"delete from users where id = @id returning {UserStore.Columns}";

    /// <summary>Whoever a backup brought back after they were erased, disabled or not.</summary>
    /// <returns>Null where there is no such person.</returns>
    public Task<User?> DeleteReturnedAsync(Guid id, CancellationToken ct) =>
        db.FindAsync<User>(DeleteReturnedSql, new { id }, ct);

    private const string DisplaceSql = $"""
        delete from users
         where email_canonical = @Canonical and (email_verified_at is null or erase_at is not null) and id <> @id
           and exists (
               select 1
                 from users
                where id = @id and disabled_at is null
                  and encode(sha256(convert_to(email_canonical, 'UTF8')), 'hex') = @fingerprint
                  for update)
        returning {UserStore.Columns}
        """;

    /// <summary>
    /// Before an account moves to an address, in its transaction: nobody keeps an account, never confirmed or being
    /// deleted, on the address that its owner has just proved theirs, or that the operator knows to be theirs.
    /// </summary>
    /// <param name="fingerprint">Of the owner's address until now: where it fits no more, all stay.</param>
    /// <returns>Who is gone; null where nobody was in the way.</returns>
    public Task<User?> DisplaceAsync(Guid id, string fingerprint, EmailAddress email, CancellationToken ct) =>
        db.FindAsync<User>(DisplaceSql, new { id, fingerprint, email.Canonical }, ct);

    /// <summary>Whole milliseconds, so that every reader of the date sees the same one.</summary>
    private DateTimeOffset Now() =>
        DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
}
