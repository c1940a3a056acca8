using AuthPortal.Database;

namespace AuthPortal.Users;

/// <summary>What an operator changes about a person in <c>users</c>, whoever is signed in.</summary>
internal sealed class UserStateStore(Db db, TimeProvider clock)
{
    private const string DisableSql = """
        update users
           set disabled_at = @at, session_version = session_version + 1
         where id = @id and disabled_at is null
        returning session_version
        """;

    /// <returns>The version below which no session counts; null where the person was disabled already.</returns>
    public Task<int?> DisableAsync(Guid id, CancellationToken ct) =>
        db.FindAsync<int?>(DisableSql, new { id, at = clock.GetUtcNow() }, ct);

    private const string EnableSql = "update users set disabled_at = null where id = @id and disabled_at is not null";

    /// <returns>False where the person was not disabled.</returns>
    public async Task<bool> EnableAsync(Guid id, CancellationToken ct) =>
        await db.ExecuteAsync(EnableSql, new { id }, ct) == 1;

    private const string RaiseSessionVersionSql =
        "update users set session_version = session_version + 1 where id = @id returning session_version";

    /// <returns>The version below which no session counts.</returns>
    public Task<int?> RaiseSessionVersionAsync(Guid id, CancellationToken ct) =>
        db.FindAsync<int?>(RaiseSessionVersionSql, new { id }, ct);

    private const string SetRolesSql =
        "update users set roles = @newer where id = @id and roles = @older";

    /// <returns>False where somebody else changed them meanwhile.</returns>
    public async Task<bool> SetRolesAsync(Guid id, string[] older, string[] newer, CancellationToken ct) =>
        await db.ExecuteAsync(SetRolesSql, new { id, older, newer }, ct) == 1;
}
