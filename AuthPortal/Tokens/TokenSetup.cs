using System.Text.Json;
using System.Text.Json.Serialization;
using AuthPortal.Keys;
using AuthPortal.Web;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace AuthPortal.Tokens;

internal static class TokenSetup
{
    public static void AddTokens(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSettings<TokenOptions>("Tokens", nameof(KeyOptions.SharedSecret));
        services.AddSingleton<IValidateOptions<TokenOptions>, TokenOptionsValidator>();
        services.AddSettings<RevocationOptions>("Revocations")
            .Validate(o => o.PollEvery.TotalSeconds >= 0.1, "Revocations__PollEvery must be at least 0.1 s.")
            .Validate(o => o.RestAfter > TimeSpan.Zero, "Revocations__RestAfter must be more than nothing.");
        services.AddSettings<SecondFactorOptions>(SecondFactorOptions.Section);

        services.AddSingleton<TokenRules>();
        services.AddSingleton<VerifiedTokens>();
        services.AddSingleton<TokenIssuer>();
        services.AddSingleton<TokenCopies>();
        services.AddSingleton<PurposeTokens>();
        services.AddSingleton<OneTimeLinks>();
        services.AddSingleton<AuthCookies>();
        services.AddSingleton<SignUpBrowser>();
        services.AddSingleton<TrustedDevices>();
        services.AddSingleton<KnownDevices>();
        services.AddSingleton<Gate>();
        services.AddScoped<PendingSignIns>();
        services.AddSingleton<SessionMeter>();
        services.AddSingleton<RevocationSet>();
        services.AddSingleton<RevocationList>();
        services.AddSingleton<RevocationWatch>();
        services.AddHostedService(s => s.GetRequiredService<RevocationWatch>());
        services.AddSingleton<SessionSightings>();
        services.AddHostedService(s => s.GetRequiredService<SessionSightings>());
        services.AddScoped<SightingStore>();
        services.AddSingleton<RefusedSessions>();
        services.AddScoped<RenewalReport>();
        services.AddScoped<RevocationStore>();
        services.AddScoped<AccountRestoration>();
        services.AddScoped<SessionIssuer>();
        services.AddScoped<SessionRenewal>();
        services.AddScoped<OwnerGuard>();
        services.AddScoped<SessionEnder>();
        services.AddScoped<AccountErasure>();

        // Only when somebody is erased: the command line does all else to people without the secret.
        services.AddSingleton(provider => new Lazy<KeyedDigests>(provider.GetRequiredService<KeyedDigests>));
        services.AddScoped<VersionRaise>();
        services.AddScoped<AccountSwitch>();
        services.AddScoped<BrowserSession>();
        services.AddScoped<SessionWriter>();
        services.AddSingleton<BearerEvents>();
        services.AddAnswers(TokenJson.Default);

        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme)
            .Configure<TokenRules, VerifiedTokens>((options, rules, verified) =>
            {
                options.MapInboundClaims = false;
                options.SaveToken = false;
                options.IncludeErrorDetails = false;
                options.TokenHandlers.Clear();
                options.TokenHandlers.Add(verified);
                options.TokenValidationParameters = rules.Access();
                options.EventsType = typeof(BearerEvents);
            });
        services.AddAuthorization();

        // A refused token is the caller's affair: a line or three each would be a stranger's way to fill the log.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Authentication", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Authorization", LogLevel.Warning);
    }

    public static void MapTokens(this IEndpointRouteBuilder routes)
    {
        routes.MapRevocations();
        routes.MapMetadata();
    }

    /// <summary>Knows what was revoked before the first token is judged.</summary>
    public static Task LoadRevocationsAsync(this WebApplication app) =>
        app.Services.GetRequiredService<RevocationWatch>().LoadAsync(patience: null, CancellationToken.None);

    /// <summary>Where a verifier finds the keys (RFC 8414 §3), naming what is truly served and no more.</summary>
    private static void MapMetadata(this IEndpointRouteBuilder routes)
    {
        foreach (var name in (string[])["openid-configuration", "oauth-authorization-server"])
        {
            routes.MapMethods($"/.well-known/{name}", [HttpMethods.Get, HttpMethods.Head], Metadata)
                .AllowAnonymous()
                .WithMetadata(new PublicDocument())
                .WithSummary("Where the keys are");
        }
    }

    private static Ok<IssuerMetadata> Metadata(IOptions<PortalOptions> portal, HttpResponse response)
    {
        var issuer = portal.Value.PublicUrl;
        response.Headers.CacheControl = "public, max-age=3600";
        return TypedResults.Ok(new IssuerMetadata(
            issuer,
            $"{issuer}/.well-known/jwks.json",
            $"{issuer}/sign-in",
            ["none"],
            ["public"],
            ["ES256"],
            issuer + RevocationList.Path));
    }

    internal sealed record IssuerMetadata(
        [property: JsonPropertyName("issuer")] string Issuer,
        [property: JsonPropertyName("jwks_uri")] string JwksUri,
        [property: JsonPropertyName("authorization_endpoint")] string AuthorizationEndpoint,
        [property: JsonPropertyName("response_types_supported")] string[] ResponseTypesSupported,
        [property: JsonPropertyName("subject_types_supported")] string[] SubjectTypesSupported,
        [property: JsonPropertyName("id_token_signing_alg_values_supported")] string[] SigningAlgorithms,
        [property: JsonPropertyName("revocations_uri")] string RevocationsUri);
}

/// <summary>How what is served beside the tokens is written.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(TokenSetup.IssuerMetadata))]
internal sealed partial class TokenJson : JsonSerializerContext;
