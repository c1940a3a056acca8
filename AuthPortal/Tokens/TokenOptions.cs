using Microsoft.Extensions.Options;

namespace AuthPortal.Tokens;

/// <summary>How long things live, and who may read them. Section <c>Tokens</c>.</summary>
internal sealed class TokenOptions
{
    /// <summary>How long a service believes an access token without asking: 1 minute to 1 hour.</summary>
    public TimeSpan AccessLifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a remembered person may stay away: at most <see cref="SessionLifetime"/>.</summary>
    public TimeSpan RefreshLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>When a remembered session ends however often it was renewed, from the sign-in on.</summary>
    public TimeSpan SessionLifetime { get; set; } = TimeSpan.FromDays(30);

    /// <summary>When a session ends that was not to be remembered. Its cookies end with the browser, too.</summary>
    public TimeSpan BriefSessionLifetime { get; set; } = TimeSpan.FromHours(12);

    /// <summary>Whom access tokens are for (<c>aud</c>); the public URL alone where none is listed.</summary>
    public IList<string> Audiences { get; set; } = [];

    /// <summary>Whether pages on a trusted origin may receive refresh tokens in <c>set-auth-token</c>.</summary>
    public bool ExposeRefreshToken { get; set; }

    /// <summary>Whether access tokens also carry the user under Better Auth's claim names.</summary>
    public bool BetterAuthClaims { get; set; }

    /// <summary>
    /// How many access tokens are remembered as verified, so that each signature is paid for once: up to 1,000,000, and
    /// 0 for none. Each takes some 12 KB until it ends; a long one counts for several.
    /// </summary>
    public int VerifiedCacheSize { get; set; } = 5_000;

    /// <summary>How far two clocks may disagree. Fixed: every service must tolerate the same.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);
}

internal sealed class TokenOptionsValidator : IValidateOptions<TokenOptions>
{
    public ValidateOptionsResult Validate(string? name, TokenOptions options)
    {
        if (options.AccessLifetime < TimeSpan.FromMinutes(1) || options.AccessLifetime > TimeSpan.FromHours(1))
            return ValidateOptionsResult.Fail("Tokens__AccessLifetime must be from 00:01:00 to 01:00:00.");
        if (options.RefreshLifetime < options.AccessLifetime)
            return ValidateOptionsResult.Fail("Tokens__RefreshLifetime must be at least Tokens__AccessLifetime.");
        if (options.SessionLifetime < options.RefreshLifetime)
            return ValidateOptionsResult.Fail("Tokens__SessionLifetime must be at least Tokens__RefreshLifetime.");
        if (options.VerifiedCacheSize is < 0 or > 1_000_000)
            return ValidateOptionsResult.Fail("Tokens__VerifiedCacheSize must be from 0 to 1000000.");
        return options.BriefSessionLifetime < options.AccessLifetime
            || options.BriefSessionLifetime > options.SessionLifetime
            ? ValidateOptionsResult.Fail(
                "Tokens__BriefSessionLifetime must lie between Tokens__AccessLifetime and Tokens__SessionLifetime.")
            : ValidateOptionsResult.Success;
    }
}
