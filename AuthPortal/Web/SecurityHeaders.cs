using Microsoft.Extensions.Options;

namespace AuthPortal.Web;

/// <summary>Marks what a mailed link opens: its address holds a secret, which no other site may be told.</summary>
internal sealed class ReachedByMail;

/// <summary>What every answer tells the browser not to do (ASVS 3.4).</summary>
internal static class SecurityHeaders
{
    public static void UsePortalSecurityHeaders(this WebApplication app)
    {
        var portal = app.Services.GetRequiredService<IOptions<PortalOptions>>().Value;
        app.Use(HideMailedLinks);
        app.UseSecurityHeaders(Policy(portal));
    }

    /// <summary>Headers are written last by whoever comes first: this has the last word over the policy.</summary>
    private static Task HideMailedLinks(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(() =>
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<ReachedByMail>() is not null)
                context.Response.Headers["Referrer-Policy"] = "no-referrer";
            return Task.CompletedTask;
        });
        return next(context);
    }

    private static HeaderPolicyCollection Policy(PortalOptions portal)
    {
        var policy = new HeaderPolicyCollection()
            .AddFrameOptionsDeny()
            .AddContentTypeOptionsNoSniff()
            .AddReferrerPolicyStrictOriginWhenCrossOrigin()
            .AddCrossOriginOpenerPolicy(p => p.SameOrigin())
            .AddCrossOriginResourcePolicy(p => p.SameOrigin())
            .AddContentSecurityPolicy(csp =>
            {
                csp.AddDefaultSrc().None();
                csp.AddStyleSrc().Self();
                csp.AddScriptSrc().Self();
                csp.AddConnectSrc().Self();
                csp.AddImgSrc().Self();
                csp.AddBaseUri().None();
                csp.AddFrameAncestors().None();

                // Browsers hold the redirect after a POST to this rule too, so it lists where one may be sent back.
                var targets = csp.AddFormAction().Self();
                foreach (var origin in portal.TrustedOrigins)
                    targets.From(origin);
            });
        return portal.IsHttps
            ? policy.AddStrictTransportSecurityMaxAgeIncludeSubDomains(maxAgeInSeconds: 365 * 24 * 60 * 60)
            : policy;
    }
}
