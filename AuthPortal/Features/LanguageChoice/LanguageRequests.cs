using AuthPortal.Languages;
using AuthPortal.Tokens;
using Microsoft.AspNetCore.Localization;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthPortal.Features.LanguageChoice;

/// <summary>Which language a request is answered in: the one chosen, else the first known that it asks for.</summary>
internal static class LanguageRequests
{
    public static void UseLanguages(this WebApplication app)
    {
        var cookies = app.Services.GetRequiredService<AuthCookies>();
        var cultures = Language.All.Select(language => language.Culture).ToList();
        var options = new RequestLocalizationOptions
        {
            DefaultRequestCulture = new RequestCulture(Language.English.Culture),
            SupportedCultures = cultures,
            SupportedUICultures = cultures,
            RequestCultureProviders =
            [
                new CustomRequestCultureProvider(context => Task.FromResult(Chosen(cookies, context.Request))),
                new AcceptLanguageHeaderRequestCultureProvider(),
            ],
        };
        app.UseRequestLocalization(options);
    }

    private static ProviderCultureResult? Chosen(AuthCookies cookies, HttpRequest request) =>
        Language.Find(cookies.Language(request)) is { } chosen ? new ProviderCultureResult(chosen.Tag) : null;
}

/// <summary>A page names its language, so that no cache gives it to somebody who reads another.</summary>
internal sealed class TellsLanguageAttribute : ResultFilterAttribute
{
    public override void OnResultExecuting(ResultExecutingContext context)
    {
        if (context.Result is PageResult)
            context.HttpContext.Response.TellLanguage();
    }
}
