using AuthPortal.Database;
using Npgsql;
using Xunit;

namespace AuthPortal.Tests.Database;

/// <summary>Which of PostgreSQL's refusals pass by themselves: those are a 503, all others a bug or a setting.</summary>
public sealed class OutageKindsTests
{
    [Theory]
    [InlineData("25006", "cannot execute INSERT in a read-only transaction")]
    [InlineData("25P03", "terminating connection due to idle-in-transaction timeout")]
    [InlineData("53100", "could not extend file \"base/5/16451\": No space left on device")]
    [InlineData("53200", "out of memory")]
    [InlineData("53300", "sorry, too many clients already")]
    [InlineData("57014", "canceling statement due to statement timeout")]
    [InlineData("57P01", "terminating connection due to administrator command")]
    [InlineData("57P03", "the database system is starting up")]
    [InlineData("57P05", "terminating connection due to idle-session timeout")]
    [InlineData("08P01", "server login has been failing, try again later (server_login_retry)")]
    [InlineData("08P01", "query_wait_timeout")]
    public void A_refusal_that_passes_is_an_outage(string state, string words) => Assert.True(IsOutage(state, words));

    [Theory]
    [InlineData("08P01", "unsupported startup parameter: search_path")]
    [InlineData("22021", "invalid byte sequence for encoding \"UTF8\": 0x00")]
    [InlineData("23505", "duplicate key value violates unique constraint \"users_pkey\"")]
    [InlineData("28P01", "password authentication failed for user \"portal\"")]
    [InlineData("3D000", "database \"portal\" does not exist")]
    [InlineData("40001", "could not serialize access due to concurrent update")]
    [InlineData("42703", "column \"nmae\" does not exist")]
    public void A_refusal_that_stays_is_none(string state, string words) => Assert.False(IsOutage(state, words));

    private static bool IsOutage(string state, string words) =>
        Outage.IsOutage(new PostgresException(words, "FATAL", "FATAL", state));
}
