using System.Security.Claims;
using System.Security.Cryptography;
using AuthPortal.Tests.Support;
using AuthPortal.Tokens;
using AuthPortal.Users;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace AuthPortal.Tests.Bench;

/// <summary>What a token costs in process: made, seen for the first time, seen before.</summary>
[MemoryDiagnoser]
public class TokenBenchmarks
{
    private Func<Task> _stop = null!;
    private TokenIssuer _issuer = null!;
    private VerifiedTokens _verified = null!;
    private TokenValidationParameters _rules = null!;
    private Identity _person = null!;
    private Session _session = null!;
    private AuthCookies _cookies = null!;
    private HttpRequest _request = null!;
    private string _token = "";
    private SecurityTokenDescriptor? _byRsa;

    /// <summary>RS256 is not one of the portal's: it shows what services pay that others sign for.</summary>
    [Params("ES256", "RS256", "HS256")]
    public string Algorithm { get; set; } = "";

    [GlobalSetup]
    public async Task StartAsync()
    {
        var portal = new Portal();
        _stop = ((IAsyncLifetime)portal).DisposeAsync;
        if (Algorithm == "HS256")
        {
            portal.Settings["Keys:Algorithm"] = "HS256";
            portal.Settings["Tokens:SharedSecret"] = "q2W8eR4tY6uI1oP9aS3dF7gH5jK0lZxC";
        }

        await ((IAsyncLifetime)portal).InitializeAsync();
        portal.Stranger().Dispose(); // it starts the portal
        var services = portal.Services;
        _issuer = services.GetRequiredService<TokenIssuer>();
        _verified = services.GetRequiredService<VerifiedTokens>();
        _rules = services.GetRequiredService<TokenRules>().Access();
        var user = User.New(
            EmailAddress.TryParse("ada.lovelace@example.com")!, "Ada Lovelace", null, null, DateTimeOffset.UtcNow);
        _person = Identity.Of(user);
        _session = _issuer.Begin(user, ["pwd"], remember: true);
        _token = _issuer.Access(_person, _session).Value;
        if (Algorithm == "RS256")
            _token = SignByRsa(_token);
        _cookies = services.GetRequiredService<AuthCookies>();
        _request = new DefaultHttpContext().Request;
        _request.Headers.Cookie =
            $"theme=dark; {SessionCookies.AccessName}={_token}; {SessionCookies.RefreshName}={_token}";
        if (!(await SeenBefore()).IsValid || !(await FirstSight()).IsValid || ReadCookie() != _token)
            throw new InvalidOperationException("What is measured would be a refusal.");
    }

    [GlobalCleanup]
    public Task StopAsync() => _stop();

    [Benchmark]
    public Task<TokenValidationResult> FirstSight() => StrictTokenHandler.Instance.ValidateTokenAsync(_token, _rules);

    [Benchmark]
    public Task<TokenValidationResult> SeenBefore() => _verified.ValidateTokenAsync(_token, _rules);

    /// <summary>The access cookie, from among those that a browser sends.</summary>
    [Benchmark]
    public string? ReadCookie() => _cookies.Access(_request);

    /// <returns>The token, so that nothing is left out.</returns>
    [Benchmark]
    public string Issue() => _byRsa is null
        ? _issuer.Access(_person, _session).Value
        : StrictTokenHandler.Instance.CreateToken(_byRsa);

    /// <returns>In bytes, what a token keeps that was verified and whose caller was read.</returns>
    internal async Task<long> HeldByOneAsync()
    {
        const int Many = 1000;
        var tokens = Enumerable.Range(0, Many).Select(_ => _issuer.Access(_person, _session).Value).ToList();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        foreach (var token in tokens)
            CurrentUser.Of(new ClaimsPrincipal((await _verified.ValidateTokenAsync(token, _rules)).ClaimsIdentity));
        return (GC.GetTotalMemory(forceFullCollection: true) - before) / Many;
    }

    /// <summary>The same claims under a key of that kind, and rules that take it.</summary>
    private string SignByRsa(string token)
    {
        var key = new RsaSecurityKey(RSA.Create(2048)) { KeyId = "rsa" };
        _rules.ValidAlgorithms = [SecurityAlgorithms.RsaSha256];
        _rules.IssuerSigningKeyResolver = (_, _, _, _) => [key];
        _byRsa = new SecurityTokenDescriptor
        {
            TokenType = TokenKind.AccessType,
            Claims = new JsonWebToken(token).Claims.GroupBy(claim => claim.Type).ToDictionary(
                group => group.Key, group => TypedValue(group.Key, [.. group.Select(claim => claim.Value)])),
            SigningCredentials = new SigningCredentials(key, SecurityAlgorithms.RsaSha256),
        };
        return Issue();
    }

    private static object TypedValue(string name, string[] values) => name switch
    {
        "amr" or "roles" => values,
        "email_verified" => bool.Parse(values[0]),
        _ => double.TryParse(values[0], out var number) && name is not "sub" and not "sid" and not "jti"
            ? number
            : values[0],
    };
}
