using System.Globalization;
using AuthPortal.Tokens;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace AuthPortal.Features;

/// <summary>Whatever a page says of what was just done elsewhere: there is nothing else that it could say.</summary>
internal enum Notice
{
    SignedOut,
    SignInOver,
    Restored,
    ProfileSaved,
    PasswordChanged,
    AuthenticatorOff,
    PasskeyAdded,
    PasskeyRenamed,
    PasskeyRemoved,
    DevicesSignedOut,
    LinkMailedToNewAddress,
    AccountDeleted,
}

/// <summary>
/// Tells the next page what was just done, in a signed cookie of five minutes. Said by an address instead, it would be
/// said to whomever somebody sends that address. The page that it is for shows it to the person it is for and takes
/// it away, so that neither a reload nor the way back says it again. Nothing is stored of it.
/// </summary>
internal sealed class Notices(PurposeTokens tokens, AuthCookies cookies) : IAsyncPageFilter
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private const string State = "state";

    /// <summary>The notice that this request's page shows; null for none.</summary>
    public Notice? Told { get; private set; }

    /// <summary>The time that it is about; null for most.</summary>
    public DateTimeOffset? At { get; private set; }

    /// <param name="page">The path of the page that is to say it.</param>
    /// <param name="reader">Who is signed in then; null for nobody.</param>
    /// <param name="at">The time that it is about.</param>
    public void Leave(HttpResponse response, Notice notice, string page, Guid? reader, DateTimeOffset? at)
    {
        var state = string.Create(CultureInfo.InvariantCulture, $"{notice} {page} {reader} {at?.ToUnixTimeSeconds()}");
        var token = tokens.Make(TokenKind.Notice, new() { [State] = state }, Lifetime);
        cookies.SetCeremony(response, TokenKind.Notice, token, Lifetime);
    }

    public Task OnPageHandlerSelectionAsync(PageHandlerSelectedContext context) => Task.CompletedTask;

    public async Task OnPageHandlerExecutionAsync(
        PageHandlerExecutingContext context, PageHandlerExecutionDelegate next)
    {
        if (HttpMethods.IsGet(context.HttpContext.Request.Method))
            await TakeAsync(context.HttpContext);
        await next();
    }

    private async Task TakeAsync(HttpContext context)
    {
        if (cookies.Ceremony(context.Request, TokenKind.Notice) is not { } held
            || await tokens.ReadAsync(held, TokenKind.Notice) is not { } read
            || read.GetPayloadValue<string>(State).Split(' ') is not [var name, var page, var reader, var at]
            || page != context.Request.Path.Value
            || reader != $"{CurrentUser.TryOf(context.User)?.Id}"
            || !Enum.TryParse<Notice>(name, out var notice))
        {
            return;
        }

        Told = notice;
        At = long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
        cookies.SetCeremony(context.Response, TokenKind.Notice, "", TimeSpan.Zero);
    }
}

internal static class NoticeRedirects
{
    /// <summary>The way to a page of ours that says it, once.</summary>
    /// <param name="address">The page's, with its query.</param>
    /// <param name="reader">Who is signed in then; null for nobody.</param>
    /// <param name="at">The time that it is about.</param>
    public static RedirectResult Tell(
        this PageModel page, Notice notice, string address, Guid? reader, DateTimeOffset? at = null)
    {
        var notices = page.HttpContext.RequestServices.GetRequiredService<Notices>();
        notices.Leave(page.Response, notice, address.Split('?')[0], reader, at);
        return new RedirectResult(address);
    }
}
