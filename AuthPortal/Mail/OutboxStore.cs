using AuthPortal.Database;

namespace AuthPortal.Mail;

/// <param name="Id">Time-ordered; the mail's Message-Id too.</param>
/// <param name="Attempts">How often it has been claimed, this time included.</param>
/// <param name="IsNotice">It tells of something done to an account; else it is a link that somebody waits for.</param>
internal sealed record OutgoingMail(
    Guid Id,
    string ToAddress,
    string ToName,
    string Subject,
    string TextBody,
    string HtmlBody,
    int Attempts = 0,
    bool IsNotice = false);

/// <summary>A mail that nobody will send any more.</summary>
internal sealed record AbandonedMail(Guid Id, int Attempts, string? LastError);

/// <param name="Waiting">How many mails are yet to be sent.</param>
/// <param name="UntilNext">How long until one is due; null where none will be.</param>
internal sealed record OutboxLine(long Waiting, TimeSpan? UntilNext);

/// <summary>A mail as <c>/dev/mail</c> shows it.</summary>
internal sealed record WaitingMail(
    Guid Id,
    string ToAddress,
    string ToName,
    string Subject,
    string TextBody,
    string HtmlBody,
    DateTimeOffset CreatedAt);

/// <summary>
/// Owns <c>outbox</c>. A mail is claimed by putting its next attempt off, in one short statement, and deleted once
/// the server has it: a lock held while sending would hold a pooled connection for as long as a slow server likes.
/// So who is killed in between leaves one mail that is sent again when the lease ends, and none that is lost.
/// </summary>
internal sealed class OutboxStore(Db db)
{
    private const string PretendSql = """
        insert into outbox (id, to_address, to_name, subject, text_body, html_body)
        select @Id, @ToAddress, @ToName, @Subject, @TextBody, @HtmlBody where false
        """;

    /// <summary>The same work for a letter to nobody: no row comes of it.</summary>
    public Task PretendAsync(OutgoingMail mail, CancellationToken ct) => db.ExecuteAsync(PretendSql, mail, ct);

    private const string AddSql = """
        insert into outbox (id, to_address, to_name, subject, text_body, html_body, user_id, is_notice, next_attempt_at)
        values (
            @Id, @ToAddress, @ToName, @Subject, @TextBody, @HtmlBody, @about, @isNotice,
            case when @isKept then 'infinity' else now() end)
        """;

    /// <param name="about">Whose account it is about.</param>
    /// <param name="isNotice">It tells of something done to the account, and outlives it.</param>
    /// <param name="isKept">It is never to be sent.</param>
    public Task AddAsync(OutgoingMail mail, Guid? about, bool isNotice, bool isKept, CancellationToken ct)
    {
        var row = new
        {
            mail.Id,
            mail.ToAddress,
            mail.ToName,
            mail.Subject,
            mail.TextBody,
            mail.HtmlBody,
            about,
            isNotice,
            isKept,
        };
        return db.ExecuteAsync(AddSql, row, ct);
    }

    private const string EraseSql = """
        with told as (
            update outbox set user_id = null where user_id = @userId and is_notice
        )
        delete from outbox where user_id = @userId and not is_notice
        """;

    public Task EraseAsync(Guid userId, CancellationToken ct) => db.ExecuteAsync(EraseSql, new { userId }, ct);

    // A letter counts as written ten seconds later for each one that waits about the same person, so that who causes
    // many keeps nobody waiting for one. They are counted among the oldest thousand, so that a long line costs no more.
    // Links and notices take turns: whoever has many of the one kind mailed keeps nobody from the other.
    // Materialized: PostgreSQL may run a plain subquery again, and then lock more rows than its limit.
    private const string ClaimSql = """
        with oldest as (
            (select id, user_id, is_notice, next_attempt_at
               from outbox
              where not is_notice and next_attempt_at <= now()
              order by next_attempt_at, id
              limit 1000)
            union all
            (select id, user_id, is_notice, next_attempt_at
               from outbox
              where is_notice and next_attempt_at <= now()
              order by next_attempt_at, id
              limit 1000)
        ), counted as (
            select id, is_notice,
                   next_attempt_at + interval '10 seconds'
                       * count(*) over (partition by is_notice, coalesce(user_id, id)) as turn
              from oldest
        ), ranked as (
            select id, is_notice <> @noticesFirst as second,
                   row_number() over (partition by is_notice order by turn, id) as place
              from counted
        ), due as materialized (
            select outbox.id, place, second
              from outbox
              join ranked on ranked.id = outbox.id
             where next_attempt_at <= now()
             order by place, second
             limit @limit
               for update of outbox skip locked
        ), claimed as (
            update outbox
               set attempts = attempts + 1, next_attempt_at = now() + @lease::interval, last_error = null
              from due
             where outbox.id = due.id
            returning outbox.id, to_address, to_name, subject, text_body, html_body, attempts, is_notice, place, second
        )
        select id, to_address, to_name, subject, text_body, html_body, attempts, is_notice
          from claimed
         order by place, second
        """;

    /// <param name="noticesFirst">Whether it is a notice's turn; else that of a link, which somebody waits for.</param>
    /// <returns>
    /// What is this caller's alone for as long as the lease: links and notices in turn; of each the oldest first, but
    /// for those about somebody of whom many wait.
    /// </returns>
    public Task<IReadOnlyList<OutgoingMail>> ClaimAsync(
        int limit, TimeSpan lease, bool noticesFirst, CancellationToken ct) =>
        db.ListAsync<OutgoingMail>(ClaimSql, new { limit, lease, noticesFirst }, ct);

    private const string RemoveSql = "delete from outbox where id = @Id";

    public Task RemoveAsync(OutgoingMail mail, CancellationToken ct) =>
        db.ExecuteAsync(RemoveSql, new { mail.Id }, ct);

    // By its count of attempts it is seen that nobody else has claimed the mail meanwhile.
    private const string PostponeSql = """
        update outbox
           set next_attempt_at = now() + @pause::interval, last_error = @error
         where id = @Id and attempts = @Attempts
        """;

    public Task PostponeAsync(OutgoingMail mail, TimeSpan pause, string error, CancellationToken ct) =>
        db.ExecuteAsync(PostponeSql, new { mail.Id, mail.Attempts, pause, error }, ct);

    // Due since it was written: it does not go to the end of the line.
    private const string ReleaseSql = """
        update outbox
           set next_attempt_at = created_at, attempts = attempts - 1
         where id = @Id and attempts = @Attempts
        """;

    /// <summary>Gives back what was claimed and not tried.</summary>
    public Task ReleaseAsync(OutgoingMail mail, CancellationToken ct) =>
        db.ExecuteAsync(ReleaseSql, new { mail.Id, mail.Attempts }, ct);

    // A mail in somebody's hands has no last error.
    private const string AbandonSql = """
        delete from outbox
         where created_at <= now() - @age::interval and (last_error is not null or not @onlyFailed)
        returning id, attempts, last_error
        """;

    /// <param name="onlyFailed">Whether each mail is owed one attempt, however old it is.</param>
    public Task<IReadOnlyList<AbandonedMail>> AbandonAsync(TimeSpan age, bool onlyFailed, CancellationToken ct) =>
        db.ListAsync<AbandonedMail>(AbandonSql, new { age, onlyFailed }, ct);

    private const string WaitingColumns = "id, to_address, to_name, subject, text_body, html_body, created_at";

    private const string ListNewestSql =
        $"select {WaitingColumns} from outbox order by created_at desc, id desc limit 100";

    public Task<IReadOnlyList<WaitingMail>> ListNewestAsync(CancellationToken ct) =>
        db.ListAsync<WaitingMail>(ListNewestSql, new { }, ct);

    private const string FindSql = $"select {WaitingColumns} from outbox where id = @id";

    public Task<WaitingMail?> FindAsync(Guid id, CancellationToken ct) =>
        db.FindAsync<WaitingMail>(FindSql, new { id }, ct);

    private const string LookAheadSql = """
        select count(*) as waiting, min(next_attempt_at) - now() as until_next
          from outbox
         where next_attempt_at < 'infinity'
        """;

    public async Task<OutboxLine> LookAheadAsync(CancellationToken ct) =>
        (await db.FindAsync<OutboxLine>(LookAheadSql, new { }, ct))!;
}
