using System.Buffers.Text;
using System.Net;
using System.Numerics;
using AuthPortal.Tests.Features;
using AuthPortal.Tests.Support;
using AuthPortal.Tokens;
using CsCheck;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace AuthPortal.Tests.Properties;

/// <summary>A good token of each kind that a stranger may hold, and another of the kind.</summary>
public sealed class PortalOfTokens : MailedPortal
{
    // They would be too old before ten thousand had been tried at every door.
    public PortalOfTokens() => Clock = new FakeTimeProvider(DateTimeOffset.UtcNow);

    internal Dictionary<string, (string Good, string Other)> Tokens { get; } = [];

    public override async Task InitializeAsync()
    {
        await base.InitializeAsync();
        var (ada, eve) = (await this.NewPersonAsync(), await this.NewPersonAsync("Eve"));
        Tokens[TokenDoor.Access] = (ada.AccessToken, eve.AccessToken);
        Tokens[TokenDoor.Refresh] = (ada.RefreshToken, eve.RefreshToken);
        Tokens[TokenDoor.EmailVerification] = (await LinkAsync(ada), await LinkAsync(eve));
        foreach (var person in (Person[])[ada, eve])
            await Stranger().PostAsync("/api/auth/request-password-reset", new { email = person.Email });
        Tokens[TokenDoor.PasswordReset] = (await LinkAsync(ada), await LinkAsync(eve));
    }

    private async Task<string> LinkAsync(Person person) => LinkKind.TokenOf((await this.MailToAsync(person.Email))[^1].Link);
}

/// <summary>Whatever is done to a token, it is one no longer.</summary>
public sealed class TokenProperties(PortalOfTokens portal) : IClassFixture<PortalOfTokens>
{
    public static TheoryData<string> Kinds =>
        [TokenDoor.Access, TokenDoor.Refresh, TokenDoor.PasswordReset, TokenDoor.EmailVerification];

    public static TheoryData<string> Doors => [.. TokenDoor.All.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task No_mutation_is_a_token(string kind)
    {
        var (good, other) = portal.Tokens[kind];
        var rules = RulesOf(kind);
        Assert.True((await StrictTokenHandler.Instance.ValidateTokenAsync(good, rules)).IsValid);

        await TokenMutations.Of(good, other).HoldAsync(300, 10_000, async mutated =>
            Assert.False((await StrictTokenHandler.Instance.ValidateTokenAsync(mutated, rules)).IsValid));
    }

    [Theory]
    [MemberData(nameof(Doors))]
    public async Task No_door_opens_to_a_mutation(string name)
    {
        var door = TokenDoor.All[name];
        var (good, other) = portal.Tokens[door.Kind];

        await TokenMutations.Of(good, other)
            .Where(mutated => !door.IsSame(mutated, good) && !door.IsSame(mutated, other)) // that one is as good
            .HoldAsync(30, 10_000, mutated => door.TryAsync(portal, mutated));

        Assert.False(door.IsRefused(await door.Knock(portal, good)));
    }

    /// <summary>
    /// ECDSA's one mutation that verifies: of a signature (r, s) also (r, n - s) is one (SEC 1 §4.1). Who makes it has
    /// the token anyway; what counts is that no list of ended sessions can be got round by it.
    /// </summary>
    [Fact]
    public async Task The_twin_of_a_signature_is_the_same_session_and_ends_with_it()
    {
        var http = portal.Stranger();
        var person = await portal.NewPersonAsync();
        var twin = TwinOf(person.AccessToken);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/api/me", twin)).StatusCode);

        await http.SendAsync(HttpMethod.Post, "/api/auth/sign-out", person.AccessToken);

        Assert.Equal(HttpStatusCode.Unauthorized, (await http.GetAsync("/api/me", twin)).StatusCode);
    }

    private TokenValidationParameters RulesOf(string kind)
    {
        var rules = portal.Services.GetRequiredService<TokenRules>();
        return kind switch
        {
            TokenDoor.Access => rules.Access(),
            TokenDoor.Refresh => rules.For(TokenKind.Refresh),
            TokenDoor.PasswordReset => rules.For(TokenKind.PasswordReset),
            _ => rules.For(TokenKind.EmailVerification),
        };
    }

    private static string TwinOf(string token)
    {
        // The order of P-256 (SEC 2 §2.4.2).
        var order = Convert.FromHexString("FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551");
        var dot = token.LastIndexOf('.');
        var signature = Base64Url.DecodeFromChars(token.AsSpan(dot + 1));
        var twin = new BigInteger(order, isUnsigned: true, isBigEndian: true)
            - new BigInteger(signature.AsSpan(32), isUnsigned: true, isBigEndian: true);
        var bytes = twin.ToByteArray(isUnsigned: true, isBigEndian: true);
        Array.Clear(signature, 32, 32);
        bytes.CopyTo(signature, 64 - bytes.Length);
        return $"{token[..dot]}.{Base64Url.EncodeToString(signature)}";
    }
}
