using AuthPortal.Passkeys;
using AuthPortal.Web;

namespace AuthPortal.Features;

/// <summary>What is only there where passkeys can be: not under a public address that is an IP address.</summary>
internal static class PasskeyGuard
{
    public static TBuilder WhereThereArePasskeys<TBuilder>(this TBuilder builder)
        where TBuilder : IEndpointConventionBuilder =>
        builder.Refuses(PasskeyErrors.NotAvailable).AddEndpointFilter(async (context, next) =>
            context.HttpContext.RequestServices.GetRequiredService<RelyingParty>().Id is null
                ? PasskeyErrors.NotAvailable
                : await next(context));
}
