using System.Net;
using System.Text;
using AuthPortal.Tests.Support;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace AuthPortal.Tests.Tokens;

/// <summary>HS256 mode: one secret that the portal and its services share, and nothing published.</summary>
public sealed class SharedSecretModeTests(SharingPortal portal) : IClassFixture<SharingPortal>
{
    private static readonly SymmetricSecurityKey Shared = new(Encoding.UTF8.GetBytes(SharingPortal.SharedSecret));

    private readonly HttpClient _http = portal.Stranger();

    [Fact]
    public async Task A_service_verifies_tokens_and_revocations_with_the_shared_secret_alone()
    {
        var list = await _http.GetStringAsync("/.well-known/revocations");

        Assert.True(await VerifiesAsync(portal.Ada.AccessToken, "at+jwt", Portal.Url));
        Assert.True(await VerifiesAsync(list, "revocations+jwt", $"{Portal.Url}/revocations"));
        Assert.Equal("""{"keys":[]}""", await _http.GetStringAsync("/.well-known/jwks.json"));
        Assert.Equal(HttpStatusCode.OK, (await _http.GetAsync("/api/me", portal.Ada.AccessToken)).StatusCode);
    }

    [Fact]
    public async Task Who_shares_the_secret_can_renew_nothing_with_it()
    {
        Assert.False(await VerifiesAsync(portal.Ada.RefreshToken, "refresh+jwt", $"{Portal.Url}/refresh"));
        var payload = Forge.Read(portal.Ada.RefreshToken);
        var kid = Forge.Read(portal.Ada.RefreshToken, part: 0)["kid"]!.GetValue<string>();
        foreach (var name in (string[])[kid, "shared"])
        {
            var forged = Forge.Sign(
                $$"""{"alg":"HS256","kid":"{{name}}","typ":"refresh+jwt"}""", payload.ToJsonString(), Mac);
            var response = await _http.SendAsync(
                HttpMethod.Post, "/api/auth/refresh", null, new { refreshToken = forged });
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        }
    }

    [Fact]
    public async Task No_other_token_passes_for_an_access_token()
    {
        var elsewhere = portal.Sibling(sibling => sibling.Settings["Keys:Algorithm"] = "ES256");
        var es256 = await (await elsewhere.Stranger().SignInAsync(portal.Ada.Email)).TextAsync("token");
        var payload = Forge.Read(portal.Ada.AccessToken).ToJsonString();
        string[] tokens =
        [
            es256,
            portal.Ada.RefreshToken,
            await _http.GetStringAsync("/.well-known/revocations"),
            Forge.Sign("""{"alg":"none","typ":"at+jwt"}""", payload, _ => [1]),
            Forge.Sign("""{"alg":"HS512","kid":"shared","typ":"at+jwt"}""", payload, Mac),
            Forge.Sign("""{"alg":"HS256","kid":"other","typ":"at+jwt"}""", payload, Mac),
            Forge.Sign("""{"alg":"HS256","kid":"shared","typ":"JWT"}""", payload, Mac),
            Forge.Sign("""{"alg":"HS256","kid":"shared","typ":"at+jwt"}""", """{"sub":"x"}""", Mac),
        ];

        foreach (var token in tokens)
        {
            var response = await _http.GetAsync("/api/me", token);
            Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
            Assert.Equal("Bearer error=\"invalid_token\"", response.Header("WWW-Authenticate"));
        }
    }

    private static byte[] Mac(byte[] bytes) => System.Security.Cryptography.HMACSHA256.HashData(Shared.Key, bytes);

    private static async Task<bool> VerifiesAsync(string token, string type, string audience) =>
        (await new JsonWebTokenHandler().ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = Shared,
            ValidIssuer = Portal.Url,
            ValidAudience = audience,
            ValidTypes = [type],
            ValidAlgorithms = ["HS256"],
        })).IsValid;
}

/// <summary>A portal in HS256 mode.</summary>
public sealed class SharingPortal : PortalOfAda
{
    public const string SharedSecret = "yT5kQ8wZ2mN7xC4vB9jL1pD6sF3gH0rA";

    public SharingPortal()
    {
        Settings["Keys:Algorithm"] = "HS256";
        Settings["Tokens:SharedSecret"] = SharedSecret;
    }
}
