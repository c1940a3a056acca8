using System.Text.Json;
using AuthPortal.Database;

namespace AuthPortal.Users;

/// <summary>A person brought from elsewhere, judged and complete.</summary>
internal sealed record BroughtUser(
    Guid Id,
    string Email,
    string EmailCanonical,
    DateTimeOffset? EmailVerifiedAt,
    string Name,
    string? Image,
    string? PasswordHash,
    int SessionVersion,
    string[] Roles,
    DateTimeOffset? DisabledAt,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    DateTimeOffset? EraseAt)
{
    /// <summary>The id alone, so that no log prints a hash or an address by accident.</summary>
    public override string ToString() => $"user {Id}";
}

/// <summary>Brings many people into <c>users</c>, and out again.</summary>
internal sealed class UserTransferStore(Db db, TimeProvider clock)
{
    private static readonly JsonSerializerOptions AsColumns =
        new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    // Who was here before under the same id, and is revoked, begins above what was revoked.
    private const string AddSql = """
        insert into users
               (id, email, email_canonical, email_verified_at, name, image, password_hash, session_version, roles,
                disabled_at, created_at, updated_at, erase_at)
        select id, email, email_canonical, email_verified_at, name, image, password_hash,
               greatest(session_version, (select max(below_version) from revocations where user_id = person.id)),
               roles, disabled_at, created_at, updated_at, erase_at
          from jsonb_to_recordset(@people::jsonb) as person (
               id uuid, email text, email_canonical text, email_verified_at timestamptz, name text, image text,
               password_hash text, session_version int, roles text[],
               disabled_at timestamptz, created_at timestamptz, updated_at timestamptz,
               erase_at timestamptz)
         where not exists (
               select from users as moved
                where moved.email_before_canonical = person.email_canonical and moved.email_changed_at > @settled)
            on conflict do nothing
        returning id
        """;

    /// <summary>
    /// All in one statement: whose address or id is taken is left out, and whose address another account had until
    /// lately, and can still come back to.
    /// </summary>
    /// <returns>The ids of those who were not there.</returns>
    public Task<IReadOnlyList<Guid>> AddAsync(IReadOnlyCollection<BroughtUser> people, CancellationToken ct) =>
        db.ListAsync<Guid>(
            AddSql, new { people = JsonSerializer.Serialize(people, AsColumns), settled = Settled() }, ct);

    private const string ListTakenSql =
        "select email_canonical, id from users where email_canonical = any(@addresses)";

    /// <returns>Those of the addresses that somebody has, and who.</returns>
    public Task<IReadOnlyList<TakenAddress>> ListTakenAsync(string[] addresses, CancellationToken ct) =>
        db.ListAsync<TakenAddress>(ListTakenSql, new { addresses }, ct);

    public sealed record TakenAddress(string EmailCanonical, Guid Id);

    private const string ListReservedSql = """
        select email_before_canonical
          from users
         where email_before_canonical = any(@addresses) and email_changed_at > @settled
        """;

    /// <returns>Those of the addresses that an account can still come back to (<see cref="UndoWindow"/>).</returns>
    public Task<IReadOnlyList<string>> ListReservedAsync(string[] addresses, CancellationToken ct) =>
        db.ListAsync<string>(ListReservedSql, new { addresses, settled = Settled() }, ct);

    private const string ListAfterSql =
        $"select {UserStore.Columns} from users where @after::uuid is null or id > @after order by id limit @limit";

    /// <summary>The next page in the order of ids; null begins.</summary>
    public Task<IReadOnlyList<User>> ListAfterAsync(Guid? after, int limit, CancellationToken ct) =>
        db.ListAsync<User>(ListAfterSql, new { after, limit }, ct);

    private DateTimeOffset Settled() => clock.GetUtcNow() - UndoWindow.Length;
}
