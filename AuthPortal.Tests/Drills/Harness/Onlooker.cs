using AuthPortal.Tests.Support;
using Dapper;
using Npgsql;
using Xunit;

namespace AuthPortal.Tests.Drills.Harness;

/// <summary>
/// Somebody signed in before PostgreSQL stopped taking writes, who tries everything while it takes none: what only
/// reads goes on, and what must write says so. A judged password leaves its row, so where none can be written no
/// password is judged.
/// </summary>
internal sealed class Onlooker(Drill drill, Caller caller, Account who, Held session)
{
    private const string EventsSql = """
        select count(*)::int
          from audit_details
          join audit_events using (seq)
         where user_id = @id and type = @type
        """;

    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    private int _signedIn;
    private int _refused;

    /// <summary>Before anything is broken.</summary>
    public static async Task<Onlooker> ComeAsync(Drill drill, string url)
    {
        var caller = drill.Caller(url);
        var (who, session) = await caller.EnterAsync(new Account(900));
        return new Onlooker(drill, caller, who, session);
    }

    /// <summary>
    /// Waits until nobody's writes succeed: a full disk has room in the pages that it has. Then tries everything.
    /// </summary>
    public async Task SeeAsync()
    {
        Assert.True(await Eventually.IsTrueAsync(
            async () => IsQuiet() && (await SignInAsync(who.Password)).Status == 503, TimeSpan.FromMinutes(2)));
        drill.Say("no write succeeds any more");

        await SeesAsync("GET /api/me with a token of before", 200, () => caller.VerifyAsync(who, session.Access));
        await SeesAsync("a renewal", 200, () => caller.RenewAsync(who, session.Refresh));
        await SeesAsync("a sign-in", 503, () => SignInAsync(who.Password));
        await SeesAsync("a sign-in with a wrong password", 503, () => SignInAsync("a wrong password"));
        await SeesAsync("a sign-up", 503, () => caller.SignUpAsync(new Account(901)));
        await SeesAsync("a change of password", 503,
            () => caller.ChangePasswordAsync(who, session, "never to be used", false));
        await SeesAsync("a sign-out", 503, () => caller.SignOutAsync(who, session));
    }

    /// <summary>Afterwards: each password that was judged has its row, and none of the refused acts was done.</summary>
    public async Task SettleAsync(string database)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var db = await source.OpenConnectionAsync();
        var id = who.Id;
        var right = await db.ExecuteScalarAsync<int>(EventsSql, new { id, type = "sign-in" });
        var wrong = await db.ExecuteScalarAsync<int>(EventsSql, new { id, type = "sign-in-failed" });
        drill.Say($"of the passwords judged meanwhile {_signedIn} were right and {_refused} wrong; "
            + $"on record are {right - 1} and {wrong}");
        Assert.Equal((_signedIn, _refused), (right - 1, wrong));   // signing up was one
        await SeesAsync("the session, which no sign-out has ended,", 200, () => caller.RenewAsync(who, session.Refresh));
        await SeesAsync("the password, which no change has replaced,", 200, () => SignInAsync(who.Password));
        caller.Dispose();
    }

    private async Task<Reply> SignInAsync(string password)
    {
        var reply = await caller.SignInAsync(who, password);
        _signedIn += reply.Status == 200 ? 1 : 0;
        _refused += reply.Status == 401 ? 1 : 0;
        return reply;
    }

    private async Task SeesAsync(string what, int status, Func<Task<Reply>> act)
    {
        var reply = await act();
        var words = reply.IsOk ? "" : $": {reply.Text("message")}";
        drill.Say($"{what} is answered {reply.Status}{words}");
        Assert.Equal(status, reply.Status);
    }

    private bool IsQuiet()
    {
        var since = drill.Journal.Now - Quiet;
        return !drill.Ledger.Answers.Any(answer =>
            answer.Acknowledged && answer.At > since && answer.Act is not (Act.Verify or Act.Renew));
    }
}
