using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Tokens;

/// <summary>What the two tokens say, and how long they may become.</summary>
public sealed class TokenContentTests(PortalOfAda portal) : IClassFixture<PortalOfAda>
{
    internal static readonly string[] AccessClaims =
    [
        "iss", "aud", "sub", "iat", "nbf", "exp", "jti", "sid", "ver", "auth_time", "session_end", "amr",
        "email", "email_verified", "name", "created_at", "updated_at", "roles",
    ];

    private static readonly string[] RefreshClaims =
        ["iss", "aud", "sub", "iat", "exp", "jti", "sid", "ver", "auth_time", "amr", "persistent", "session_end"];

    [Fact]
    public void An_access_token_says_what_the_contract_lists_and_no_more()
    {
        var header = Forge.Read(portal.Ada.AccessToken, part: 0);
        var payload = Forge.Read(portal.Ada.AccessToken);

        Assert.Equal(AccessClaims.Order(), payload.Select(c => c.Key).Order());
        Assert.Equal(["alg", "kid", "typ"], header.Select(h => h.Key).Order());
        Assert.Equal("at+jwt", header["typ"]!.GetValue<string>());
        Assert.Equal("ES256", header["alg"]!.GetValue<string>());
        Assert.Equal(Portal.Url, payload["iss"]!.GetValue<string>());
        Assert.Equal(Portal.Url, payload["aud"]!.GetValue<string>());
        Assert.Equal(portal.Ada.Id.ToString(), payload["sub"]!.GetValue<string>());
        Assert.Equal(900, payload["exp"]!.GetValue<long>() - payload["iat"]!.GetValue<long>());
    }

    [Fact]
    public void A_refresh_token_says_nothing_of_the_person_and_is_signed_by_no_published_key()
    {
        var header = Forge.Read(portal.Ada.RefreshToken, part: 0);
        var payload = Forge.Read(portal.Ada.RefreshToken);

        Assert.Equal(RefreshClaims.Order(), payload.Select(c => c.Key).Order());
        Assert.Equal("refresh+jwt", header["typ"]!.GetValue<string>());
        Assert.Equal("HS256", header["alg"]!.GetValue<string>());
        Assert.Equal($"{Portal.Url}/refresh", payload["aud"]!.GetValue<string>());
        Assert.Equal(7 * 24 * 3600, payload["exp"]!.GetValue<long>() - payload["iat"]!.GetValue<long>());
    }

    [Fact]
    public void An_ordinary_persons_token_is_under_a_kilobyte() =>
        Assert.InRange(portal.Ada.AccessToken.Length, 1, 1023);

    [Theory]
    [InlineData("a", "a")]
    [InlineData("漢", "&")]
    [InlineData("\"", "'")]
    [InlineData("<", "%")]
    public async Task The_largest_profile_fits_in_a_cookie(string nameOf, string pictureOf)
    {
        var cookie = await CookieOfLargestAsync(portal, nameOf, pictureOf);

        Assert.InRange((cookie with { Refresh = null }).ToString().Length, 3000, 3999);
        Assert.Equal(1024, Forge.Read(cookie.Access!)["picture"]!.GetValue<string>().Length);
    }

    /// <summary>JSON writes each of these units with six bytes.</summary>
    [Theory]
    [InlineData("😀")]
    [InlineData("\u0378")]
    public async Task A_larger_one_goes_without_its_picture(string nameOf)
    {
        var cookie = await CookieOfLargestAsync(portal, nameOf, "a");

        Assert.InRange((cookie with { Refresh = null }).ToString().Length, 1, 3999);
        Assert.Null(Forge.Read(cookie.Access!)["picture"]);
    }

    [Fact]
    public async Task So_does_one_that_more_claims_and_audiences_make_too_long()
    {
        var other = portal.Sibling(sibling =>
        {
            sibling.Settings["Tokens:BetterAuthClaims"] = "true";
            foreach (var n in Enumerable.Range(0, 8))
                sibling.Settings[$"Tokens:Audiences:{n}"] = $"https://service-{n}.example.com";
        });

        var cookie = await CookieOfLargestAsync(other, "漢", "a");

        Assert.InRange((cookie with { Refresh = null }).ToString().Length, 1, 3999);
        Assert.Null(Forge.Read(cookie.Access!)["image"]);
    }

    [Theory]
    [InlineData("\"")]
    [InlineData("\\")]
    [InlineData("é")]
    [InlineData("<")]
    public async Task A_picture_whose_address_would_grow_when_written_is_refused(string character)
    {
        var response = await portal.Ada.Http.PostAsync(
            "/api/auth/update-user", new { image = $"https://example.com/{character}" });

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private static async Task<SessionCookies> CookieOfLargestAsync(Portal portal, string nameOf, string pictureOf)
    {
        var http = portal.Program();
        var name = string.Concat(Enumerable.Repeat(nameOf, 100 / nameOf.Length));
        var image = $"https://example.com/{string.Concat(Enumerable.Repeat(pictureOf, 1004))}";
        (await http.SignUpAsync(LongestEmail(), "x")).EnsureSuccessStatusCode();
        await portal.ExecuteAsync(
            "update users set roles = @roles where name = 'x'",
            new { roles = Enumerable.Range(10, 16).Select(n => $"{n}{new string('r', 30)}").ToArray() });

        var response = await http.PostAsync("/api/auth/update-user", new { name, image });

        var cookie = SessionCookies.Of(response.EnsureSuccessStatusCode());
        Assert.Equal(name, Forge.Read(cookie.Access!)["name"]!.GetValue<string>());
        Assert.Equal(16, Forge.Read(cookie.Access!)["roles"]!.AsArray().Count);
        return cookie;
    }

    /// <summary>As long as an address may be: 254 characters.</summary>
    private static string LongestEmail()
    {
        var (local, label) = ($"{Guid.NewGuid():N}{new string('&', 32)}", new string('d', 59));
        return $"{local}@{label}.{label}.{label}.com.decca";
    }
}
