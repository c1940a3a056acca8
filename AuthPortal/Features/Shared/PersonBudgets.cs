using System.Threading.RateLimiting;
using AuthPortal.Audit;
using AuthPortal.Throttling;
using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features;

/// <summary>
/// Marks a GET under <c>/api</c> that asks the database; of pages all do that only a signed-in person sees.
/// </summary>
internal sealed class AsksDatabase : IRefuses
{
    public IEnumerable<AuthError> Refusals => [AuthErrors.TooManyRequests(TimeSpan.FromSeconds(1))];
}

/// <summary>
/// Marks what throws an intruder out: the ends of other sessions, a new password, the removal of a factor, and the
/// pages that lead there.
/// </summary>
/// <param name="handlers">Those of a page that do; none for all of an endpoint. To open the page always does.</param>
internal sealed class ThrowsOut(params string[] handlers)
{
    public bool IsBy(HttpRequest request) =>
        handlers.Length == 0 || FloodGate.IsRead(request)
        || handlers.Contains($"{request.Query["handler"]}", StringComparer.OrdinalIgnoreCase);
}

/// <summary>
/// What one signed-in person may cause: events by what they change, letters, and questions to the database. Otherwise
/// one account's session could fill the log, keep others' letters waiting and the database busy. Counted on each
/// instance and in its memory, so that it costs nothing; checking a session is not counted.
/// <para>
/// Each session has the budget to itself, and all of a person's together have four times as much: who is signed in as
/// somebody must not keep them from their account. What <see cref="ThrowsOut"/> asks nothing of what they have
/// together, and a mailed link asks nothing at all.
/// </para>
/// </summary>
internal sealed class PersonBudgets : IDisposable
{
    private const int Buckets = 1 << 16;
    private const int Sessions = 4;

    private readonly ThrottleOptions _rules;
    private readonly ThrottleMeter _meter;
    private readonly RefusalTally _tally;
    private readonly PartitionedRateLimiter<(ThrottleRule Rule, Guid Subject)> _limiter;

    public PersonBudgets(IOptions<ThrottleOptions> options, ThrottleMeter meter, RefusalTally tally)
    {
        (_rules, _meter, _tally) = (options.Value, meter, tally);

        // They share buckets by a hash that nobody outside can compute, so that there are no more than these.
        _limiter = PartitionedRateLimiter.Create<(ThrottleRule Rule, Guid Subject), (ThrottleRule, int)>(taken =>
            RateLimitPartition.GetTokenBucketLimiter(
                (taken.Rule, HashCode.Combine(taken.Subject) & (Buckets - 1)), key => key.Item1.AsTokenBucket()));
    }

    /// <summary>The middleware, once it is known who asks.</summary>
    public async Task PassAsync(HttpContext context, RequestDelegate next)
    {
        try
        {
            if (RuleOf(context) is { } rule && CurrentUser.TryOf(context.User) is { } caller)
            {
                var throwsOut = context.GetEndpoint()?.Metadata.GetMetadata<ThrowsOut>()?.IsBy(context.Request) is true;
                Take(rule, caller.Id, caller.Session.Id, throwsOut);
            }

            await next(context);
        }
        catch (BudgetUsedUpException e)
        {
            var client = Client.Of(context);
            _meter.Refused(e.Rule);
            _tally.Note(AuditTypes.Throttled, $"{e.Rule.Name} {e.Person}", e.Person, client);
            await AuthErrors.TooManyRequests(e.Rule.Every).AnswerAsync(context);
        }
    }

    /// <summary>For a letter about what a session does; before it is written, in the act's transaction.</summary>
    /// <exception cref="BudgetUsedUpException">
    /// There were too many. The middleware answers it, and nothing is done.
    /// </exception>
    /// <param name="throwsOut">As <see cref="ThrowsOut"/>.</param>
    public void TakeLetter(Guid person, Guid session, bool throwsOut) =>
        Take(_rules.LettersByPerson, person, session, throwsOut);

    /// <summary>Before all that is held about somebody is gathered for them.</summary>
    /// <exception cref="BudgetUsedUpException">As <see cref="TakeLetter"/>'s.</exception>
    public void TakeDownload(Guid person) => Take(_rules.DownloadsByPerson, person, person);

    /// <summary>Ends the limiter's timer, as <see cref="FloodGate.Dispose"/> does.</summary>
    public void Dispose() => _limiter.Dispose();

    private void Take(ThrottleRule rule, Guid person, Guid session, bool throwsOut)
    {
        Take(rule, person, session);
        if (!throwsOut)
            Take(rule.For(Sessions), person, person);
    }

    private void Take(ThrottleRule rule, Guid person, Guid subject)
    {
        using var lease = _limiter.AttemptAcquire((rule, subject));
        if (!lease.IsAcquired)
            throw new BudgetUsedUpException(rule, person);
    }

    /// <returns>Null for what costs next to nothing.</returns>
    private ThrottleRule? RuleOf(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata is not { } marks
            || marks.GetMetadata<NoFlood>() is not null
            || marks.GetMetadata<ReachedByMail>() is not null)
        {
            return null;
        }

        if (!FloodGate.IsRead(context.Request) || marks.GetMetadata<CountsAsChange>() is not null)
            return _rules.ChangesByPerson;
        var isOwnPage = marks.GetMetadata<PageActionDescriptor>() is not null
            && marks.GetMetadata<IAuthorizeData>() is not null;
        return isOwnPage || marks.GetMetadata<AsksDatabase>() is not null ? _rules.ReadsByPerson : null;
    }
}

/// <summary>A signed-in person has caused as much as they may for now.</summary>
internal sealed class BudgetUsedUpException(ThrottleRule rule, Guid person)
    : Exception($"The budget {rule.Name} is used up.")
{
    public ThrottleRule Rule => rule;

    public Guid Person => person;
}
