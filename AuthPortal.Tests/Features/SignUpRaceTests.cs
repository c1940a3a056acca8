using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Features;

/// <summary>One address, one account, however many ask at once and however they write it.</summary>
public sealed class SignUpRaceTests(Portal portal) : IClassFixture<Portal>
{
    [Fact]
    public async Task Of_sixty_four_sign_ups_at_once_one_wins_and_the_rest_are_refused_in_the_ordinary_way()
    {
        var http = portal.Stranger();

        var responses = await Task.WhenAll(Enumerable.Range(0, 64).Select(n => http.SignUpAsync(Spelling(n))));

        var winner = Assert.Single(responses, r => r.StatusCode == HttpStatusCode.OK);
        var refused = responses.Except([winner]).ToList();
        Assert.All(refused, r => Assert.Equal(HttpStatusCode.UnprocessableEntity, r.StatusCode));
        foreach (var response in refused)
        {
            Assert.Equal("USER_ALREADY_EXISTS_USE_ANOTHER_EMAIL", await response.TextAsync("code"));
            Assert.Null(response.Header("Set-Cookie"));
            Assert.Null(response.Header("set-auth-token"));
        }

        Assert.Equal(1, await portal.ScalarAsync<long>("select count(*) from users"));
        Assert.Equal(
            "ada.lovelace@example.com", (await winner.JsonAsync())["user"]!["email"]!.GetValue<string>());
    }

    /// <summary>Sixty-four spellings: each bit of the number raises one letter.</summary>
    private static string Spelling(int number) => string.Concat("ada.lovelace@example.com".Select((letter, index) =>
        index is 0 or 2 or 4 or 6 or 13 or 20 && (number >> Array.IndexOf((int[])[0, 2, 4, 6, 13, 20], index) & 1) == 1
            ? char.ToUpperInvariant(letter)
            : letter));
}
