using AuthPortal.Features.Account;
using AuthPortal.Features.DevMail;
using AuthPortal.Features.Errors;
using AuthPortal.Features.Health;
using AuthPortal.Features.LanguageChoice;
using AuthPortal.Features.SecurityContact;
using AuthPortal.Features.Sessions;
using AuthPortal.Features.SignIn;
using AuthPortal.Features.SignUp;
using AuthPortal.Languages;
using AuthPortal.Throttling;
using AuthPortal.Tokens;
using AuthPortal.Web;
using AuthPortal.Web.Brand;
using AuthPortal.Web.OpenApi;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ApplicationModels;

namespace AuthPortal.Features;

/// <summary>What a visitor can do: every service, and every endpoint that is not a page.</summary>
internal static class FeatureSetup
{
    /// <summary>Razor would show a page by any method, TRACE and those that a stranger makes up included.</summary>
    private static readonly HttpMethodMetadata PageMethods =
        new([HttpMethods.Get, HttpMethods.Head, HttpMethods.Post]);

    private static readonly HttpMethodMetadata AnyMethod = new([]);

    public static void AddFeatures(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddRazorPages(options =>
            {
                var pages = options.Conventions;
                pages.ConfigureFilter(new IgnoreAntiforgeryTokenAttribute()); // FormGuard's task
                pages.ConfigureFilter(new TypeFilterAttribute(typeof(FormGuard)));
                pages.ConfigureFilter(new ServiceFilterAttribute(typeof(KeptForm)));
                pages.ConfigureFilter(new ServiceFilterAttribute(typeof(Notices)));
                pages.ConfigureFilter(new TellsLanguageAttribute());
                pages.AuthorizeAccount();
                pages.HideMailedLinks();
                pages.AuthorizePage("/Developers/Developers");
                pages.AuthorizePage("/StepUp/StepUp");
                pages.RouteDevMail(builder.Environment);
                pages.AddFolderApplicationModelConvention("/", page => Mark(page, new RenewsSession(), PageMethods));
                pages.AddFolderApplicationModelConvention(
                    "/Errors", page => Mark(page, new NeverRenews(), new NoFlood(), AnyMethod));
                foreach (var page in OpenToAll)
                    pages.AddPageApplicationModelConvention(page, p => Mark(p, new HoldsNoSecret()));
            })
            .WithRazorPagesRoot("/Features")
            .SpeakLanguages()
            .AddViewOptions(options => options.HtmlHelperOptions.ClientValidationEnabled = false);
        builder.AddErrors();
        builder.AddHealth();

        services.AddAnswers(AnswerJson.Default);
        services.AddSingleton<KeptForm>();
        services.AddScoped<Notices>();
        services.AddScoped<ChosenPasswords>();
        services.AddScoped<SignUpService>();
        services.AddScoped<PasskeySignUp>();
        services.AddScoped<SignInService>();
        services.AddScoped<RequestLimits>();
        services.AddScoped<PasskeySignIn>();
        services.AddScoped<SignOutService>();
        services.AddAccount();
        services.AddMailedLinks();
    }

    private static readonly string[] OpenToAll =
        ["/Home/Home", "/SignIn/SignIn", "/SignUp/SignUp", "/PasswordReset/ForgotPassword"];

    private static void Mark(PageApplicationModel page, params ReadOnlySpan<object> marks)
    {
        foreach (var mark in marks)
            page.EndpointMetadata.Add(mark);
    }

    public static void MapFeatures(this WebApplication app)
    {
        app.MapRazorPages().WithStaticAssets();
        app.MapBrand();
        app.MapHealth();
        app.MapOpenApiDocument();
        app.MapSecurityContact();
        app.MapAccountPages();

        var api = app.MapGroup("/api").RequireCors(ApiCors.Policy).WithMetadata(new RenewsSession()).RefuseBadBodies()
            .Refuses(AuthErrors.DatabaseUnavailable, AuthErrors.Unexpected);
        ((IEndpointConventionBuilder)api).Add(CurrentUser.MarkEndpoint);
        api.MapMe();
        api.Map("{**path}", () => AuthErrors.NotFound).WithOrder(int.MaxValue);

        var auth = api.MapGroup("/auth");
        auth.MapSignUp();
        auth.MapSignIn();
        auth.MapPasskeySignIn();
        auth.MapSessions();
        auth.MapRefresh();
        auth.MapForwardAuth();
        auth.MapAccountArea();
        auth.MapMailedLinks();
        auth.MapAuthHealth();

        // Better Auth answers an unknown path and a wrong method alike: 404 and nothing more.
        auth.Map("{**path}", () => TypedResults.NotFound());

        // Else a POST to nowhere would be 405 where static files have a fallback of their own, as they do in a build.
        app.Map("{**path}", () => TypedResults.NotFound()).WithOrder(int.MaxValue);
    }
}
