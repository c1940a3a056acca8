using AuthPortal.Features.PasswordReset;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc.ApplicationModels;

namespace AuthPortal.Features;

/// <summary>What people do by a link in their mail: confirm an address, choose a new password.</summary>
internal static class MailedLinkSetup
{
    public static void AddMailedLinks(this IServiceCollection services)
    {
        services.AddScoped<MailedLinks>();
        services.AddScoped<PasswordReplacement>();
        services.AddScoped<RequestedMail>();
        services.AddSingleton<ResetLetter>();
        services.AddScoped<ResetRequest>();
        services.AddScoped<PasswordResetService>();
    }

    public static void HideMailedLinks(this PageConventionCollection pages)
    {
        foreach (var page in (string[])["/PasswordReset/ResetPassword"])
            pages.AddPageApplicationModelConvention(page, p => p.EndpointMetadata.Add(new ReachedByMail()));
    }

    public static void MapMailedLinks(this IEndpointRouteBuilder auth) => auth.MapPasswordReset();
}
