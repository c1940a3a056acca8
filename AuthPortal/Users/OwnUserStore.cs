using AuthPortal.Database;

namespace AuthPortal.Users;

/// <summary>
/// What people do to their own row of <c>users</c>, beside <see cref="UserStore"/>. Each statement names the caller
/// and what must still be so: the version of their session, the password they proved.
/// </summary>
internal sealed class OwnUserStore(Db db)
{
    private const string ChangePasswordSql = $"""
        update users
           set password_hash = @newer,
               session_version = session_version + case when @endOthers then 1 else 0 end
         where id = @caller and session_version = @version and disabled_at is null and password_hash = @older
        returning {UserStore.Columns}
        """;

    /// <param name="proved">As read when the current password was checked.</param>
    /// <returns>Null when the session no longer counts, or the password was changed meanwhile.</returns>
    public Task<User?> ChangePasswordAsync(User proved, string newer, bool endOthers, CancellationToken ct) =>
        db.FindAsync<User>(
            ChangePasswordSql,
            new { caller = proved.Id, version = proved.SessionVersion, older = proved.PasswordHash, newer, endOthers },
            ct);

    private const string EndOthersSql = $"""
        update users
           set session_version = session_version + 1
         where id = @caller and session_version = @version and disabled_at is null
        returning {UserStore.Columns}
        """;

    /// <returns>The person under the new version; null when the session no longer counts.</returns>
    public Task<User?> EndOthersAsync(Guid caller, int version, CancellationToken ct) =>
        db.FindAsync<User>(EndOthersSql, new { caller, version }, ct);
}
