using AuthPortal.Features.Account;
using AuthPortal.Features.Data;
using AuthPortal.Features.Devices;
using AuthPortal.Features.EmailChange;
using AuthPortal.Features.Security;
using AuthPortal.Features.TwoFactor;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc.ApplicationModels;

namespace AuthPortal.Features;

/// <summary>What people do with an account they have: the pages under <c>/account</c> and their JSON.</summary>
internal static class AccountSetup
{
    public static void AddAccount(this IServiceCollection services)
    {
        services.AddScoped<PasswordProof>();
        services.AddScoped<FreshProof>();
        services.AddScoped<FactorUndo>();
        services.AddScoped<AddressUndo>();
        services.AddScoped<SecurityNotices>();
        services.AddSingleton<PersonBudgets>();
        services.AddScoped<GuessWarnings>();
        services.AddScoped<PasswordGuesses>();
        services.AddSingleton<SecondFactorMeter>();
        services.AddScoped<SecondFactorGuesses>();
        services.AddScoped<SecondFactorCheck>();
        services.AddScoped<SecondStep>();
        services.AddScoped<TotpEnrolment>();
        services.AddScoped<CodeVerification>();
        services.AddScoped<PendingAuthenticators>();
        services.AddScoped<AuthenticatorSetup>();
        services.AddScoped<AccountService>();
        services.AddScoped<PasswordChangeService>();
        services.AddScoped<PasskeyService>();
        services.AddScoped<DeviceStore>();
        services.AddScoped<DeviceService>();
        services.AddScoped<DataStore>();
        services.AddScoped<DeletionSchedule>();
        services.AddScoped<DeletionService>();
        services.AddHostedService<ErasureWorker>();
        services.AddScoped<DeletionRequests>();
        services.AddScoped<EmailChangeRequests>();
        services.AddScoped<EmailChangeLinks>();
        services.AddScoped<EmailChangeOwner>();
        services.AddScoped<EmailChangeNews>();
    }

    /// <summary>Counts what people who are signed in cause: after it is known who they are.</summary>
    public static void UsePersonBudgets(this WebApplication app) =>
        app.Use(app.Services.GetRequiredService<PersonBudgets>().PassAsync);

    public static void AuthorizeAccount(this PageConventionCollection pages)
    {
        pages.AuthorizePage("/Account/Account");
        pages.AuthorizePage("/Security/Security");
        pages.AuthorizePage("/TwoFactor/Authenticator");
        pages.AuthorizePage("/Devices/Devices");
        pages.AuthorizePage("/Activity/Activity");
        pages.AuthorizePage("/EmailChange/NewAddress");
        pages.AuthorizePage("/Data/Data");

        (string Page, string[] Handlers)[] throwingOut =
        [
            ("/Devices/Devices", []), ("/Security/Security", []), ("/StepUp/StepUp", []),
            ("/Account/Account", ["SignOutEverywhere"]), ("/TwoFactor/Authenticator", ["TurnOff"]),
        ];
        foreach (var (page, handlers) in throwingOut)
            pages.AddPageApplicationModelConvention(page, p => p.EndpointMetadata.Add(new ThrowsOut(handlers)));

        // Their addresses hold a secret, so they tell no other site where they are.
        string[] mailed =
            ["/EmailChange/ConfirmAddress", "/EmailChange/UndoChange", "/UndoFactor/UndoFactor", "/Data/Farewell"];
        foreach (var page in mailed)
            pages.AddPageApplicationModelConvention(page, p => p.EndpointMetadata.Add(new ReachedByMail()));
    }

    public static void MapAccountPages(this IEndpointRouteBuilder routes)
    {
        routes.MapChangePassword();
        routes.MapPasskeyPages();
    }

    public static void MapAccountArea(this IEndpointRouteBuilder auth)
    {
        auth.MapAccount();
        auth.MapSecurity();
        auth.MapPasskeys();
        auth.MapTwoFactor();
        auth.MapCodes();
        auth.MapDevices();
        auth.MapEmailChange();
        auth.MapDeletion();
    }
}
