using System.Security.Cryptography;
using System.Text.Json;
using AuthPortal.Tokens;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.Extensions.Primitives;

namespace AuthPortal.Features;

/// <summary>
/// What somebody had typed when they were asked to confirm who they are: kept encrypted in a cookie of ten minutes,
/// and put back into the form when they return. Passwords are not kept.
/// </summary>
internal sealed class KeptForm(IDataProtectionProvider protection, AuthCookies cookies) : IPageFilter
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    /// <summary>In bytes: what browsers take beside the session's own cookies.</summary>
    private const int Longest = 2_000;

    private readonly ITimeLimitedDataProtector _protector =
        protection.CreateProtector("kept-form").ToTimeLimitedDataProtector();

    private sealed record Content(Guid UserId, string Path, Dictionary<string, string?[]> Fields);

    public void Keep(PageModel page)
    {
        var fields = page.ModelState
            .Where(field => field.Value?.AttemptedValue is { Length: > 0 } && !Field.IsSecret(field.Key))
            .ToDictionary(field => field.Key, field => ValuesOf(field.Value!));
        var content = new Content(CurrentUser.Of(page.User).Id, page.Request.Path, fields);
        var kept = _protector.Protect(JsonSerializer.Serialize(content), Lifetime);
        if (fields.Count > 0 && kept.Length <= Longest)
            cookies.SetKeptForm(page.Response, kept, Lifetime);
    }

    public void OnPageHandlerSelected(PageHandlerSelectedContext context)
    {
    }

    public void OnPageHandlerExecuting(PageHandlerExecutingContext context)
    {
        var (request, response) = (context.HttpContext.Request, context.HttpContext.Response);
        if (!HttpMethods.IsGet(request.Method) || context.HandlerInstance is not PageModel page
            || Read(cookies.KeptForm(request)) is not { } kept
            || kept.Path != request.Path || kept.UserId != CurrentUser.TryOf(page.User)?.Id)
        {
            return;
        }

        foreach (var (name, values) in kept.Fields)
        {
            page.ModelState.SetModelValue(name, new ValueProviderResult(new StringValues(values)));
            page.ModelState[name]!.ValidationState = ModelValidationState.Skipped;
        }

        cookies.SetKeptForm(response, "", TimeSpan.Zero);
    }

    public void OnPageHandlerExecuted(PageHandlerExecutedContext context)
    {
    }

    private Content? Read(string? kept)
    {
        try
        {
            return string.IsNullOrEmpty(kept) ? null : JsonSerializer.Deserialize<Content>(_protector.Unprotect(kept));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>A box that is ticked sends two.</summary>
    private static string?[] ValuesOf(ModelStateEntry field) =>
        field.RawValue as string?[] ?? [field.AttemptedValue];
}
