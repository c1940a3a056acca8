using AuthPortal.Tokens;
using AuthPortal.Web;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AuthPortal.CommandLine;

/// <param name="Passed">Null where it could not be tried.</param>
internal sealed record TokenCheck(string Name, bool? Passed, string Words);

/// <param name="Token">Null where it can't be read at all.</param>
internal sealed record TokenExplanation(JsonWebToken? Token, IReadOnlyList<TokenCheck> Checks)
{
    /// <summary>The first that fails is the one the portal would refuse it by.</summary>
    public TokenCheck? RefusedBy => Checks.FirstOrDefault(check => check.Passed is false);
}

/// <summary>
/// Tries a token by each of the portal's checks alone: every step is the portal's own handler under its own rules,
/// with the other checks left out, so that this can't judge otherwise than the portal does.
/// </summary>
internal sealed class TokenExplainer(TokenRules rules, TimeProvider clock)
{
    /// <summary>All but whether it was revoked, which only the database knows.</summary>
    public async Task<TokenExplanation> ExplainAsync(string text)
    {
        if (Read(text) is not { } token)
        {
            return new TokenExplanation(null, [new TokenCheck(
                "form", false, "is not three parts of base64url with JSON in the first two")]);
        }

        var all = IsRefresh(token) ? rules.For(TokenKind.Refresh) : rules.Access();
        List<TokenCheck> checks =
        [
            new("form", true, "three parts, written in their one way"),
            await SignatureAsync(token, all),
            await TryAsync(token, all, "typ", part => part.ValidTypes = all.ValidTypes,
                $"is {Quoted(token.Typ)}; must be {Quoted([.. all.ValidTypes])}"),
            await TryAsync(token, all, "issuer", part => part.ValidateIssuer = true,
                $"is {Quoted(token.Issuer)}; must be {Quoted(all.ValidIssuer)}"),
            await TryAsync(token, all, "audience", part => (part.ValidateAudience, part.RequireAudience) = (true, true),
                $"is {Quoted([.. token.Audiences])}; must hold {Quoted([.. all.ValidAudiences])}"),
            await TryAsync(token, all, "times", part =>
            {
                (part.ValidateLifetime, part.RequireExpirationTime) = (true, true);
                part.LifetimeValidator = all.LifetimeValidator;
            }, Times(token)),
            await TryAsync(token, all, "claims", part => part.PropertyBag = all.PropertyBag,
                "one that is required is missing, there twice or of another kind; or the header holds crit"),
        ];
        var whole = await StrictTokenHandler.Instance.ValidateTokenAsync(text, all);
        if (!whole.IsValid && checks.All(check => check.Passed is true))
            checks.Add(new TokenCheck("whole", false, "is refused by the portal's handler"));
        return new TokenExplanation(token, checks);
    }

    public static bool IsRefresh(JsonWebToken token) => token.Typ == TokenKind.Refresh.Type;

    private static JsonWebToken? Read(string text)
    {
        try
        {
            return StrictTokenHandler.IsCanonical(text) ? new JsonWebToken(text) : null;
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private static async Task<TokenCheck> SignatureAsync(JsonWebToken token, TokenValidationParameters all)
    {
        var part = Nothing(all);
        part.SignatureValidator = null;
        var result = await StrictTokenHandler.Instance.ValidateTokenAsync(token.EncodedToken, part);
        if (result.IsValid || IsMalformed(result))
            return new TokenCheck("signature", true, $"{Quoted(token.Alg)} by key {Quoted(token.Kid)}");
        return new TokenCheck("signature", false, result.Exception switch
        {
            SecurityTokenSignatureKeyNotFoundException when all.ValidAlgorithms.Contains(token.Alg) =>
                $"no key here is named {Quoted(token.Kid)}: another secret, another Portal__PublicUrl, "
                + "or a key that is over",
            _ when !all.ValidAlgorithms.Contains(token.Alg) =>
                $"is by {Quoted(token.Alg)}; must be {Quoted([.. all.ValidAlgorithms])}",
            _ => $"does not fit key {Quoted(token.Kid)}: changed on its way, or forged",
        });
    }

    private static async Task<TokenCheck> TryAsync(
        JsonWebToken token, TokenValidationParameters all, string name, Action<TokenValidationParameters> ask,
        string words)
    {
        var part = Nothing(all);
        ask(part);
        var result = await StrictTokenHandler.Instance.ValidateTokenAsync(token.EncodedToken, part);

        // The handler looks at the claims' form in every step; only the step for claims counts it.
        var passed = result.IsValid || (name != "claims" && IsMalformed(result));
        return new TokenCheck(name, passed, passed && name == "claims" ? "all there" : words);
    }

    /// <summary>The rules with every check left out.</summary>
    private static TokenValidationParameters Nothing(TokenValidationParameters all)
    {
        var part = all.Clone();
        part.SignatureValidator = (text, _) => new JsonWebToken(text);
        part.ValidTypes = null;
        (part.ValidateIssuer, part.ValidateAudience, part.ValidateLifetime) = (false, false, false);
        (part.RequireAudience, part.RequireExpirationTime) = (false, false);
        part.LifetimeValidator = null;
        string[] noClaims = [];
        part.PropertyBag = new Dictionary<string, object> { [StrictTokenHandler.RequiredClaims] = noClaims };
        return part;
    }

    private static bool IsMalformed(TokenValidationResult result) =>
        result.Exception is SecurityTokenMalformedException;

    private string Times(JsonWebToken token) =>
        $"from {token.IssuedAt:yyyy-MM-dd HH:mm:ss} to {token.ValidTo:yyyy-MM-dd HH:mm:ss}; it is "
        + $"{clock.GetUtcNow():yyyy-MM-dd HH:mm:ss} UTC, and {TokenOptions.ClockSkew.TotalSeconds:0} s are allowed for";

    private static string Quoted(params string[] texts) => texts.Length == 0
        ? "none"
        : PlainText.Tame(string.Join(", ", texts), StrictTokenHandler.MaxLength)!;
}
