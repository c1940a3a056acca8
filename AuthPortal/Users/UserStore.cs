using System.Globalization;
using AuthPortal.Database;

namespace AuthPortal.Users;

/// <summary>Owns the <c>users</c> table.</summary>
internal sealed class UserStore(Db db, TimeProvider clock)
{
    /// <summary>The columns of a <see cref="User"/>, in its order.</summary>
    public const string Columns =
        "id, email, email_canonical, email_verified_at, name, image, password_hash, password_id, session_version, "
        + "roles, disabled_at, created_at, updated_at, erase_at, email_changed_at, taken_back_at, "
        + "exists (select 1 from totp_credentials where user_id = users.id and confirmed_at is not null) as has_totp, "
        + "exists (select 1 from passkeys where user_id = users.id) as has_passkeys";

    /// <summary>What every statement about a caller's own rows elsewhere demands: that their session counts.</summary>
    public const string CallerCounts =
        "exists (select from users where id = @caller and session_version = @version and disabled_at is null)";

    /// <summary>
    /// When <see cref="UndoWindow"/> began last, null where it never did: <see cref="User.UnsettledSince"/> in SQL.
    /// </summary>
    public const string UnsettledSince = "greatest(email_changed_at, taken_back_at)";

    /// <summary>Whether it is over, where <c>@settled</c> is the time that it lasts ago.</summary>
    public const string IsSettled = $"coalesce({UnsettledSince}, '-infinity') <= @settled";

    /// <summary>What a statement sets where a change of address can no longer be undone.</summary>
    public const string ForgetsChange =
        "email_before = null, email_before_canonical = null, email_before_confirmed = true, "
        + "email_change_asked_at = null";

    private const string FindByEmailSql = $"select {Columns} from users where email_canonical = @canonical";

    public Task<User?> FindByEmailAsync(EmailAddress email, CancellationToken ct) =>
        db.FindAsync<User>(FindByEmailSql, new { email.Canonical }, ct);

    private const string FindByEmailBeforeSql = $"""
        select {Columns} from users where email_before_canonical = @canonical and email_changed_at > @settled
        """;

    /// <returns>Whose account had this address, and can come back to it still; null for nobody's.</returns>
    public Task<User?> FindByEmailBeforeAsync(EmailAddress email, CancellationToken ct) => db.FindAsync<User>(
        FindByEmailBeforeSql, new { email.Canonical, settled = clock.GetUtcNow() - UndoWindow.Length }, ct);

    /// <summary>
    /// Whether no account but <c>@id</c> can still come back to <c>@canonical</c>, where <c>@settled</c> is the time
    /// that <see cref="UndoWindow"/> lasts ago.
    /// </summary>
    public const string IsNotReserved = """
        not exists (
            select from users as moved
             where moved.email_before_canonical = @canonical and moved.email_changed_at > @settled and moved.id <> @id)
        """;

    private const string FindOwnSql = $"select {Columns} from users where id = @id and id = @caller";

    /// <returns>The caller's own row; null for anybody else's, as for one that never was.</returns>
    public Task<User?> FindOwnAsync(Guid id, Guid caller, CancellationToken ct) =>
        db.FindAsync<User>(FindOwnSql, new { id, caller }, ct);

    private const string AddSql = $"""
        insert into users
               (id, email, email_canonical, name, image,
                password_hash, password_id, session_version, roles, created_at, updated_at,
                language)
        select @Id, @Email, @Canonical, @Name, @Image,
               @PasswordHash, @PasswordId, @SessionVersion, @Roles, @CreatedAt, @UpdatedAt,
               @language
         where {IsNotReserved}
        on conflict do nothing
        """;

    /// <returns>
    /// False when the address is taken, or reserved for an account that can still come back to it, or the id by the
    /// same sign-up sent twice: the unique index decides, so that of many at once one wins.
    /// </returns>
    public async Task<bool> AddAsync(User user, CancellationToken ct)
    {
        var row = new
        {
            user.Id,
            user.Email,
            user.Address.Canonical,
            user.Name,
            user.Image,
            user.PasswordHash,
            user.PasswordId,
            user.SessionVersion,
            user.Roles,
            user.CreatedAt,
            user.UpdatedAt,
            language = CultureInfo.CurrentUICulture.Name,
            settled = clock.GetUtcNow() - UndoWindow.Length,
        };
        return await db.ExecuteAsync(AddSql, row, ct) == 1;
    }

    private const string FindLanguageSql = "select language from users where id = @id";

    /// <returns>In which language they signed up; null where that is not known.</returns>
    public Task<string?> FindLanguageAsync(Guid id, CancellationToken ct) =>
        db.FindAsync<string>(FindLanguageSql, new { id }, ct);

    private const string ReplaceHashSql =
        "update users set password_hash = @newer where id = @id and password_hash = @older";

    /// <summary>The same password under today's cost; a password changed meanwhile is left alone.</summary>
    public Task ReplaceHashAsync(Guid id, string older, string newer, CancellationToken ct) =>
        db.ExecuteAsync(ReplaceHashSql, new { id, older, newer }, ct);

    private const string UpdateProfileSql = $"""
        update users
           set name = coalesce(@name, name),
               image = case when @setImage then @image else image end,
               updated_at = @at
         where id = @caller and session_version = @version and disabled_at is null
        returning {Columns}
        """;

    /// <param name="name">Null keeps the name.</param>
    /// <param name="setImage">False keeps the picture; true sets it, be it to null.</param>
    /// <returns>Null when the session no longer counts.</returns>
    public Task<User?> UpdateProfileAsync(
        Guid caller, int version, string? name, bool setImage, string? image, CancellationToken ct) =>
        db.FindAsync<User>(
            UpdateProfileSql, new { caller, version, name, setImage, image, at = clock.GetUtcNow() }, ct);
}

internal static class UserSetup
{
    public static void AddUsers(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSettings<AccountOptions>(AccountOptions.Section);
        services.ConfigureOptions<AccountOptionsSetup>();
        services.AddScoped<UserStore>();
        services.AddScoped<OwnUserStore>();
        services.AddScoped<ErasureStore>();
        services.AddScoped<ErasureListStore>();
        services.AddScoped<MailedProofStore>();
        services.AddScoped<UserTransferStore>();
        services.AddScoped<UserStateStore>();
        services.AddScoped<WaysIn>();
    }
}
