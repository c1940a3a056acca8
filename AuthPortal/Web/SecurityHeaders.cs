using Microsoft.Extensions.Options;

namespace AuthPortal.Web;

/// <summary>What every answer tells the browser not to do (ASVS 3.4).</summary>
internal static class SecurityHeaders
{
    public static void UsePortalSecurityHeaders(this WebApplication app)
    {
        var portal = app.Services.GetRequiredService<IOptions<PortalOptions>>().Value;
        app.UseSecurityHeaders(Policy(portal));
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
