using AuthPortal.Tests.Support;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AuthPortal.Tests.Properties;

/// <summary>Whatever is typed into any field of any form, the portal answers: with a page, or with the way to one.</summary>
public sealed class FormProperties(MailedPortal portal) : IClassFixture<MailedPortal>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_form_answers_whatever_is_typed(bool isSignedIn)
    {
        var ada = await portal.NewPersonAsync();
        var session = isSignedIn ? $"{new SessionCookies(ada.AccessToken, null)}" : "x=y";
        var (cookies, token) = await OpenAsync(session);
        var forms = await FormTarget.AllOfAsync(portal);
        Assert.Contains(forms, form => form is { Path: "/sign-up", Handler: null } && form.Fields.Contains("Input.Email"));

        var looked = 0;
        foreach (var form in forms)
        {
            await FormFields.Of(form).HoldAsync(3, 600, async body =>
            {
                var query = form.Handler is null ? QueryString.Empty : QueryString.Create("handler", form.Handler);
                var answer = await portal.SendAsync(
                    "POST",
                    form.Path,
                    [("Cookie", cookies), ("Content-Type", "application/x-www-form-urlencoded"), ("Sec-Fetch-Site", "same-origin")],
                    query,
                    FormFields.Encode($"__RequestVerificationToken={token}{body}"));

                if (answer.Status is 429 or 503)
                    Assert.NotEmpty(answer.Header("Retry-After"));
                else
                    Assert.InRange(answer.Status, 200, 499);
                if (!answer.Text.Contains("This page was open too long", StringComparison.Ordinal))
                    Interlocked.Increment(ref looked);
            });
        }

        Assert.NotEqual(0, looked); // so the forms were read, and not only their antiforgery token
    }

    [Fact]
    public async Task Every_page_opens_whatever_stands_in_its_address()
    {
        var ada = await portal.NewPersonAsync();
        var pages = (await FormTarget.AllOfAsync(portal)).DistinctBy(form => form.Path).ToList();
        (string, string)[] signedIn = [("Cookie", $"{new SessionCookies(ada.AccessToken, null)}")];
        foreach (var page in pages)
        {
            await Gen.Select(FormFields.Of(page with { Fields = [.. page.Fields, "token", "returnUrl", "handler"] }), Gen.Bool)
                .HoldAsync(2, 600, async sample =>
                {
                    var (query, isSignedIn) = sample;
                    var answer = await portal.SendAsync("GET", page.Path, isSignedIn ? signedIn : [], new QueryString($"?{query}"));
                    Assert.InRange(answer.Status, 200, 499);
                });
        }
    }

    /// <summary>The antiforgery token is the person's, and good on every page.</summary>
    private async Task<(string Cookies, string Token)> OpenAsync(string session)
    {
        var page = await portal.SendAsync("GET", session == "x=y" ? "/sign-in" : "/account", [("Cookie", session)]);
        var csrf = Assert.Single(page.Headers.SetCookie, cookie => cookie!.Contains("authportal.csrf=", StringComparison.Ordinal))!;
        const string Field = "name=\"__RequestVerificationToken\" type=\"hidden\" value=\"";
        var start = page.Text.IndexOf(Field, StringComparison.Ordinal) + Field.Length;
        return ($"{session}; {csrf.Split(';')[0]}", Uri.EscapeDataString(page.Text[start..page.Text.IndexOf('"', start)]));
    }
}
