using AuthPortal.Database;

namespace AuthPortal.Users;

/// <summary>
/// What a mailed link may read and change in <c>users</c>. Each change compares the link's fingerprint in its own
/// <c>where</c>, so that of many uses at once one succeeds. A newer link voids the older of its kind, by the time from
/// which on links count. Not so what undoes something: whoever took an account over could have newer ones mailed until
/// its owner's way back is void, so that a link to undo counts for all of its <see cref="UndoWindow"/>.
/// </summary>
internal sealed class MailedProofStore(Db db, TimeProvider clock)
{
    /// <summary>Of each kind a mail can be caused to somebody no more often than this.</summary>
    public static readonly TimeSpan Pace = TimeSpan.FromMinutes(1);

    /// <summary>
    /// A letter that leaves within this time after another of its kind voids no link: anybody may ask in somebody's
    /// stead, as often as <see cref="Pace"/> allows, and would void what its owner is about to open. So a link counts
    /// for that long at least, and letters may overtake each other.
    /// </summary>
    public static readonly TimeSpan Spared = TimeSpan.FromMinutes(15);

    // In the where of what a link finds or changes: @madeAt is the link's own time.
    private const string IsNewestToConfirm = "coalesce(confirm_links_from, '-infinity') <= @madeAt";
    private const string IsNewestToReset = "coalesce(reset_links_from, '-infinity') <= @madeAt";

    private const string FindSql =
        $"select {UserStore.Columns} from users where id = @id and disabled_at is null";

    public Task<User?> FindAsync(Guid id, CancellationToken ct) => db.FindAsync<User>(FindSql, new { id }, ct);

    private const string FindToConfirmSql = $"{FindSql} and {IsNewestToConfirm}";

    /// <param name="madeAt">When the link was made that confirms an address.</param>
    /// <returns>Null, too, where a newer one voids it.</returns>
    public Task<User?> FindToConfirmAsync(Guid id, DateTimeOffset madeAt, CancellationToken ct) =>
        db.FindAsync<User>(FindToConfirmSql, new { id, madeAt }, ct);

    private const string FindToResetSql = $"{FindSql} and {IsNewestToReset}";

    /// <param name="madeAt">When the link to a new password was made.</param>
    /// <returns>Null, too, where a newer one voids it.</returns>
    public Task<User?> FindToResetAsync(Guid id, DateTimeOffset madeAt, CancellationToken ct) =>
        db.FindAsync<User>(FindToResetSql, new { id, madeAt }, ct);

    private const string HoldSql = $"{FindSql} for no key update";

    /// <summary>Within a transaction: until it ends, whoever changes or holds this person waits.</summary>
    public Task<User?> HoldAsync(Guid id, CancellationToken ct) => db.FindAsync<User>(HoldSql, new { id }, ct);

    // Nobody waits for a row in somebody else's hands: of many who ask at once, those who wait would tell by their
    // answers' time that there is a row. Who holds it has written, or is its person at work.
    private const string Writable = "select id from users where id = @id and disabled_at is null";

    private const string Unheld = "for no key update skip locked";

    private const string ClaimSignUpMailSql = $"""
        update users
           set confirm_links_from = case when sign_up_mailed_at > @young then confirm_links_from else @before end,
               sign_up_mailed_at = @at
         where id = ({Writable} and coalesce(sign_up_mailed_at, '-infinity') <= @before {Unheld})
        """;

    /// <returns>
    /// Whether a mail about signing up is due; asking uses it up, and voids the links of older ones.
    /// </returns>
    public Task<bool> ClaimSignUpMailAsync(Guid id, CancellationToken ct) => ClaimAsync(ClaimSignUpMailSql, id, ct);

    private const string VoidsOlderResets = """
        reset_links_from = case
            when greatest(reset_mailed_at, program_reset_mailed_at) > @young then reset_links_from else @before end
        """;

    private const string ClaimResetMailSql = $"""
        update users
           set reset_mailed_at = @at, {VoidsOlderResets}
         where id = ({Writable} and coalesce(reset_mailed_at, '-infinity') <= @before {Unheld})
        """;

    private const string ClaimProgramResetMailSql = $"""
        update users
           set program_reset_mailed_at = @at, {VoidsOlderResets}
         where id = ({Writable} and coalesce(program_reset_mailed_at, '-infinity') <= @before {Unheld})
        """;

    /// <param name="toProgram">
    /// Whether the link leads to a program's page. Anybody may name one that does not exist: that must keep no link to
    /// our own page back.
    /// </param>
    /// <returns>
    /// Whether a link to a new password is due; asking uses it up, and voids older ones to either page.
    /// </returns>
    public Task<bool> ClaimResetMailAsync(Guid id, bool toProgram, CancellationToken ct) =>
        ClaimAsync(toProgram ? ClaimProgramResetMailSql : ClaimResetMailSql, id, ct);

    private async Task<bool> ClaimAsync(string sql, Guid id, CancellationToken ct)
    {
        // The link that is about to be mailed may be some milliseconds old; the one before it is Spared at least.
        var at = clock.GetUtcNow();
        return await db.ExecuteAsync(sql, new { id, at, before = at - Pace, young = at - Spared }, ct) == 1;
    }

    private const string VerifySql = $"""
        update users
           set email_verified_at = @at, updated_at = @at
         where id = @id and email_verified_at is null and disabled_at is null
           and password_id = @passwordId and {IsNewestToConfirm}
           and encode(sha256(convert_to(email_canonical, 'UTF8')), 'hex') = @fingerprint
        returning {UserStore.Columns}
        """;

    /// <param name="passwordId">Of the one that stays: it is what the caller judged.</param>
    /// <param name="fingerprint">Of the address that was proved.</param>
    /// <param name="madeAt">When the link was made.</param>
    /// <returns>Null where there was nothing to confirm any more, or a newer link voids this one.</returns>
    public Task<User?> VerifyAsync(
        Guid id, Guid passwordId, string fingerprint, DateTimeOffset madeAt, CancellationToken ct) =>
        db.FindAsync<User>(VerifySql, new { id, passwordId, fingerprint, madeAt, at = Now() }, ct);

    private const string ReplacePasswordSql = $"""
        update users
           set password_hash = @newer,
               password_id = gen_random_uuid(),
               session_version = session_version + 1,
               name = case when email_verified_at is null then '' else name end,
               image = case when email_verified_at is null then null else image end,
               email_verified_at = coalesce(email_verified_at, @at),
               updated_at = @at
         where id = @Id and disabled_at is null and (email_verified_at is null or not @onlyUnverified)
           and password_id = @PasswordId and email_canonical = @EmailCanonical
           and case when @onlyUnverified then {IsNewestToConfirm} else {IsNewestToReset} end
        returning {UserStore.Columns}
        """;

    /// <summary>
    /// A new password, by somebody who has the mailbox: all sessions end, the address is proved. Where nobody had
    /// proved it before, the account may have been another's: so are its name and picture, which go.
    /// </summary>
    /// <param name="proved">As read when the link was judged.</param>
    /// <param name="onlyUnverified">
    /// Whether it is by a link that confirms an address: one that is confirmed already refuses it.
    /// </param>
    /// <param name="madeAt">When the link was made.</param>
    /// <returns>
    /// Null where password or address are no longer those the link was made for, or a newer link voids this one.
    /// </returns>
    public Task<User?> ReplacePasswordAsync(
        User proved, string newer, bool onlyUnverified, DateTimeOffset madeAt, CancellationToken ct) =>
        db.FindAsync<User>(
            ReplacePasswordSql,
            new { proved.Id, proved.PasswordId, proved.EmailCanonical, newer, onlyUnverified, madeAt, at = Now() },
            ct);

    private DateTimeOffset Now() =>
        DateTimeOffset.FromUnixTimeMilliseconds(clock.GetUtcNow().ToUnixTimeMilliseconds());
}
