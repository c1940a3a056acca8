using AuthPortal.Features.EmailVerification;
using AuthPortal.Features.PasswordReset;
using AuthPortal.Features.SignUp;
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
        services.AddSingleton<SignUpLetters>();
        services.AddScoped<SignUpMail>();
        services.AddScoped<NewAccounts>();
        services.AddScoped<EmailVerificationService>();
        services.AddScoped<VerificationRequest>();
        services.AddSingleton<ResetLetter>();
        services.AddScoped<ResetRequest>();
        services.AddScoped<PasswordResetService>();
    }

    public static void HideMailedLinks(this PageConventionCollection pages)
    {
        foreach (var page in (string[])["/PasswordReset/ResetPassword", "/EmailVerification/VerifyEmail"])
            pages.AddPageApplicationModelConvention(page, p => p.EndpointMetadata.Add(new ReachedByMail()));
    }

    public static void MapMailedLinks(this IEndpointRouteBuilder auth)
    {
        auth.MapPasswordReset();
        auth.MapEmailVerification();
    }
}
