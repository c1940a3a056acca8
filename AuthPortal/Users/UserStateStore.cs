using AuthPortal.Database;

namespace AuthPortal.Users;

/// <summary>
/// What an operator, or whoever undoes a thief's work, changes about a person in <c>users</c>, whoever is signed in.
/// </summary>
internal sealed class UserStateStore(Db db, TimeProvider clock)
{
    private const string DisableSql = $"""
        update users
           set disabled_at = @at, session_version = session_version + 1
         where id = @id and disabled_at is null
        returning {UserStore.Columns}
        """;

    /// <returns>The person under a raised version; null where they were disabled already.</returns>
    public Task<User?> DisableAsync(Guid id, CancellationToken ct) =>
        db.FindAsync<User>(DisableSql, new { id, at = clock.GetUtcNow() }, ct);

    private const string EnableSql = $"""
        update users
           set disabled_at = null, erase_at = case when erase_at is not null then greatest(erase_at, @earliest) end
         where id = @id and disabled_at is not null
        returning {UserStore.Columns}
        """;

    /// <summary>
    /// Lets a person sign in again. A deletion that waited meanwhile is put off, so that they can take it back.
    /// </summary>
    /// <returns>Null where the person was not disabled.</returns>
    public Task<User?> EnableAsync(Guid id, CancellationToken ct) =>
        db.FindAsync<User>(EnableSql, new { id, earliest = clock.GetUtcNow() + UndoWindow.Length }, ct);

    private const string RaiseSessionVersionSql = $"""
        update users set session_version = session_version + 1 where id = @id returning {UserStore.Columns}
        """;

    /// <returns>The person under a raised version; null where there is none.</returns>
    public Task<User?> RaiseSessionVersionAsync(Guid id, CancellationToken ct) =>
        db.FindAsync<User>(RaiseSessionVersionSql, new { id }, ct);

    private const string EvictSql = $"""
        update users
           set password_hash = case when @keepPassword then password_hash end,
               password_id = case when @keepPassword then password_id else gen_random_uuid() end,
               session_version = session_version + 1,
               taken_back_at = case when @isTakenBack then @at else taken_back_at end,
               erase_at = case when @isTakenBack then null else erase_at end
         where id = @id
        returning {UserStore.Columns}
        """;

    /// <summary>
    /// Ends all that has no rows in <see cref="WaysIn"/>: sessions, devices, links, and the password.
    /// </summary>
    /// <param name="keepPassword">Whether the password and the links that replace it stay.</param>
    /// <param name="isTakenBack">
    /// Whether somebody else was in: then a deletion that waits is taken back, and <see cref="UndoWindow"/> begins.
    /// </param>
    /// <returns>The person under a raised version; null where there is none.</returns>
    public Task<User?> EvictAsync(Guid id, bool keepPassword, bool isTakenBack, CancellationToken ct) =>
        db.FindAsync<User>(EvictSql, new { id, keepPassword, isTakenBack, at = clock.GetUtcNow() }, ct);

    private const string MoveSql = $"""
        update users
           set email = @Typed, email_canonical = @Canonical, email_verified_at = @at, updated_at = @at,
               email_changed_at = null, {UserStore.ForgetsChange}
         where id = @id
        returning {UserStore.Columns}
        """;

    /// <summary>
    /// Moves an account to the mailbox that the operator knows to be its owner's. No earlier change can be undone then.
    /// </summary>
    /// <returns>
    /// The person under that address; null where there is none. A taken address is a <see cref="UniqueConflict"/>.
    /// </returns>
    public Task<User?> MoveAsync(Guid id, EmailAddress email, CancellationToken ct) =>
        db.FindAsync<User>(MoveSql, new { id, email.Typed, email.Canonical, at = clock.GetUtcNow() }, ct);

    private const string RaiseEverySessionVersionSql = "update users set session_version = session_version + 1";

    /// <returns>How many people there are.</returns>
    public Task<int> RaiseEverySessionVersionAsync(CancellationToken ct) =>
        db.ExecuteAsync(RaiseEverySessionVersionSql, new { }, ct);

    private const string SetRolesSql = $"""
        update users
           set roles = @newer,
               session_version = session_version + case when @older <@ @newer then 0 else 1 end
         where id = @id and roles = @older
        returning {UserStore.Columns}
        """;

    /// <returns>
    /// The person, under a raised version where a role was taken away; null where somebody else changed them meanwhile.
    /// </returns>
    public Task<User?> SetRolesAsync(Guid id, string[] older, string[] newer, CancellationToken ct) =>
        db.FindAsync<User>(SetRolesSql, new { id, older, newer }, ct);
}
