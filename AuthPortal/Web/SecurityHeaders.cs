using AuthPortal.Web.Brand;
using Microsoft.Extensions.Options;

namespace AuthPortal.Web;

/// <summary>Marks what a mailed link opens: its address holds a secret, which no other site may be told.</summary>
internal sealed class ReachedByMail;

/// <summary>Marks what every service and page in the world may read, such as the keys that verify our tokens.</summary>
internal sealed class PublicDocument;

/// <summary>What every answer tells the browser not to do (ASVS 3.4), errors and files included.</summary>
internal static class SecurityHeaders
{
    public static void UsePortalSecurityHeaders(this WebApplication app)
    {
        var portal = app.Services.GetRequiredService<IOptions<PortalOptions>>().Value;
        app.Use(MakeExceptions);
        var brand = app.Services.GetRequiredService<IOptions<BrandOptions>>().Value;
        app.UseSecurityHeaders(Policy(portal, BrandFiles.OriginOf(brand.Logo)));
    }

    /// <summary>Headers are written last by whoever comes first: this has the last word over the policy.</summary>
    private static Task MakeExceptions(HttpContext context, RequestDelegate next)
    {
        context.Response.OnStarting(() =>
        {
            var (headers, marks) = (context.Response.Headers, context.GetEndpoint()?.Metadata);
            if (marks?.GetMetadata<ReachedByMail>() is not null)
                headers["Referrer-Policy"] = "no-referrer";
            if (marks?.GetMetadata<PublicDocument>() is not null)
            {
                // Read without cookies, and the same for everybody: there is nothing to keep from other sites.
                headers["Cross-Origin-Resource-Policy"] = "cross-origin";
                headers.AccessControlAllowOrigin = "*";
            }

            // Files are served without the encoding they all have (ASVS 4.1.1).
            if (headers.ContentType is ["text/css" or "text/javascript" or "image/svg+xml"])
                headers.ContentType += "; charset=utf-8";
            return Task.CompletedTask;
        });
        return next(context);
    }

    private static HeaderPolicyCollection Policy(PortalOptions portal, string? logoOrigin)
    {
        var policy = new HeaderPolicyCollection()
            .AddFrameOptionsDeny()
            .AddContentTypeOptionsNoSniff()
            .AddReferrerPolicyStrictOriginWhenCrossOrigin()
            .AddCrossOriginOpenerPolicy(p => p.SameOrigin())
            .AddCrossOriginResourcePolicy(p => p.SameOrigin())
            .AddPermissionsPolicy(Deny)
            .AddContentSecurityPolicy(csp => Allow(csp, portal.TrustedOrigins, logoOrigin));
        return portal.IsHttps
            ? policy.AddStrictTransportSecurityMaxAgeIncludeSubDomains(maxAgeInSeconds: 365 * 24 * 60 * 60)
            : policy;
    }

    /// <summary>What our pages never ask for, and one in other hands might.</summary>
    private static void Deny(PermissionsPolicyBuilder features)
    {
        features.AddCamera().None();
        features.AddDisplayCapture().None();
        features.AddGeolocation().None();
        features.AddMicrophone().None();
        features.AddPayment().None();
        features.AddUsb().None();
    }

    private static void Allow(CspBuilder csp, IEnumerable<string> trustedOrigins, string? logoOrigin)
    {
        csp.AddDefaultSrc().None();
        csp.AddStyleSrc().Self();
        csp.AddScriptSrc().Self();
        csp.AddConnectSrc().Self();
        var images = csp.AddImgSrc().Self();
        if (logoOrigin is not null)
            images.From(logoOrigin);
        csp.AddObjectSrc().None();
        csp.AddBaseUri().None();
        csp.AddFrameAncestors().None();

        // Text becomes markup or code nowhere: no script may even make a policy for it.
        csp.AddRequireTrustedTypesFor().Script();
        csp.AddTrustedTypes().None();

        // Browsers hold the redirect after a POST to this rule too, so it lists where one may be sent back.
        var targets = csp.AddFormAction().Self();
        foreach (var origin in trustedOrigins)
            targets.From(origin);
    }
}
