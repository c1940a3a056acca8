using System.Text.Json;
using AuthPortal.Keys;
using AuthPortal.Web;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthPortal.Tests.Keys;

/// <summary>Key rings with fixed secrets, and the tokens they sign and accept.</summary>
internal static class Rings
{
    public const string PublicUrl = "https://auth.example.com";
    public const string Old = "9vYb0Rr8yTz3mQ1sVhXcK6pLwEoJ4uGd";
    public const string New = "Zk7TfWq2LsN5xHdB8gRaPj0vCyU3eMiO";

    private static readonly JsonWebTokenHandler Tokens = new();

    public static FakeTimeProvider ClockAt(int year, int month, int day) =>
        new(new DateTimeOffset(year, month, day, 0, 0, 0, TimeSpan.Zero));

    public static KeyDerivation Derivation(KeyOptions options, string publicUrl = PublicUrl) =>
        new(Options.Create(options), Options.Create(new PortalOptions { PublicUrl = publicUrl }));

    public static KeyRing Ring(TimeProvider clock, KeyOptions? options = null, string publicUrl = PublicUrl)
    {
        options ??= new KeyOptions { Secret = Old };
        return new KeyRing(Derivation(options, publicUrl), Options.Create(options), clock);
    }

    public static string Sign(SigningCredentials credentials) => Tokens.CreateToken(
        new SecurityTokenDescriptor { Issuer = PublicUrl, SigningCredentials = credentials });

    public static Task<bool> AcceptsAsync(this KeyRing ring, string token) =>
        AcceptsAsync(token, ring.AccessAlgorithm, ring.FindAccessKeys);

    public static Task<bool> AcceptsAsync(this KeyRing ring, string purpose, string token) =>
        AcceptsAsync(token, SecurityAlgorithms.HmacSha256, kid => ring.Find(purpose, kid));

    public static string[] PublishedKids(this KeyRing ring) =>
        [.. ring.PublishedKeys().Select(key => key.GetProperty("kid").GetString()!)];

    public static JsonElement[] PublishedKeys(this KeyRing ring) =>
        [.. JsonDocument.Parse(ring.Published.Json).RootElement.GetProperty("keys").EnumerateArray()];

    private static async Task<bool> AcceptsAsync(
        string token, string algorithm, Func<string?, IEnumerable<SecurityKey>> find)
    {
        var result = await Tokens.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = PublicUrl,
            ValidateAudience = false,
            ValidateLifetime = false,
            ValidAlgorithms = [algorithm],
            IssuerSigningKeyResolver = (_, _, kid, _) => find(kid),
        });
        return result.IsValid;
    }
}
