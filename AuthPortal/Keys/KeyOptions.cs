using Microsoft.IdentityModel.Tokens;

namespace AuthPortal.Keys;

/// <summary>
/// What signs, and how often it changes. Section <c>Keys</c>; what is bound from elsewhere by
/// <see cref="KeySetup"/> has no public setter, so that this section cannot hold it.
/// </summary>
internal sealed class KeyOptions
{
    /// <summary>What signs access tokens: ES256, or HS256 for services that share a secret.</summary>
    public string Algorithm { get; set; } = SecurityAlgorithms.EcdsaSha256;

    /// <summary>How long a key signs before the calendar brings the next.</summary>
    public TimeSpan Rotate { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Raised by one for an unplanned rotation.</summary>
    public int Generation { get; set; }

    /// <summary><c>BETTER_AUTH_SECRET</c>.</summary>
    public string? Secret { get; internal set; }

    /// <summary><c>BETTER_AUTH_SECRETS</c>, such as <c>2:new,1:old</c>.</summary>
    public string? Secrets { get; internal set; }

    /// <summary><c>Tokens:SharedSecret</c>: the access key of HS256 mode.</summary>
    public string? SharedSecret { get; internal set; }

    /// <summary><c>Tokens:SessionLifetime</c>: the longest that anything signed must verify.</summary>
    public TimeSpan SessionLifetime { get; internal set; } = TimeSpan.FromDays(30);
}
