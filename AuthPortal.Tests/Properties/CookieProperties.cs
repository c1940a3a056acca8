using AuthPortal.Tests.Support;
using CsCheck;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AuthPortal.Tests.Properties;

/// <summary>Whatever stands in a Cookie header, nobody is signed in but by the one good cookie of its exact name.</summary>
public sealed class CookieProperties(TimelessPortal portal) : IClassFixture<TimelessPortal>
{
    private static readonly Gen<string> Name = Gen.Frequency(
        (6, Gen.OneOf(SessionCookies.AccessName, SessionCookies.RefreshName)),
        (4, Gen.OneOf(
            "__host-authportal.access", "__HOST-authportal.refresh", "__Host-AuthPortal.access", "authportal.access",
            " __Host-authportal.access", "__Host-authportal.access ", "__Host-authportal.access\t", "$Version", "",
            "__Host-authportal.pending", "__Host-authportal.trusted", "__Host-authportal.form", "__Host-authportal.csrf",
            "__Host-authportal.sign-up", "__Secure-authportal.access", "access")),
        (1, Texts.Any));

    private static readonly Gen<string> Between = Gen.Frequency(
        (6, Gen.Const("; ")),
        (4, Gen.OneOf(";", ";;", " ; ", ",", ", ", " ", "\t", "=", "\"", "; ;", "\r\n\t", "\0")));

    [Fact]
    public Task Nobody_is_signed_in_by_a_header_that_is_not_in_order() => Header().HoldAsync(150, 5_000, async header =>
    {
        (string, string)[] headers = [("Cookie", header)];
        var me = await portal.SendAsync("GET", "/api/me", headers);
        var page = await portal.SendAsync("GET", "/account", headers);

        if (me.Status != 401 || page.Status != 302)
        {
            Assert.True(MayBeSignedIn(header));
            Assert.Equal((200, 200), (me.Status, page.Status));
            return;
        }

        // The way to sign in ends there, and does not lead back.
        Assert.Equal("/sign-in?returnUrl=%2Faccount", page.Header("Location"));
        var signIn = await portal.SendAsync("GET", "/sign-in", headers, new QueryString("?returnUrl=%2Faccount"));
        Assert.Equal(200, signIn.Status);
    });

    [Fact]
    public async Task What_may_be_signed_in_is_as_soon_as_it_is_in_order()
    {
        foreach (var header in (string[])[$"{portal.Cookies}", $"a=b; {portal.Cookies}; c", $"{portal.Cookies with { Access = null }}"])
        {
            Assert.True(MayBeSignedIn(header));
            Assert.Equal(200, (await portal.SendAsync("GET", "/api/me", [("Cookie", header)])).Status);
        }
    }

    private Gen<string> Header()
    {
        var (access, refresh) = (portal.Cookies.Access!, portal.Cookies.Refresh!);
        var value = Gen.Frequency(
            (4, Gen.OneOf(access, refresh)),
            (2, Gen.OneOf("", "x", "\"", $"\"{access}\"", $"{access},", $",{access}", $"{access} {access}", $"{access}=", $"={access}")),
            (2, TokenMutations.Of(access, refresh)),
            (1, Gen.Int[4_000, 9_000].Select(length => new string('e', length))),
            (1, Texts.Any));
        var cookie = Gen.Frequency(
            (8, Gen.Select(Name, value, (n, v) => $"{n}={v}")),
            (1, value),
            (1, Texts.Any));
        return Gen.Select(cookie, Between, (c, between) => c + between).Array[1, 6].Select(string.Concat);
    }

    /// <summary>
    /// By RFC 6265 §4.2.1, which knows one separator: that name is there once, in its exact spelling, and holds that
    /// very token.
    /// </summary>
    private bool MayBeSignedIn(string header)
    {
        var pairs = header.Split(';').Select(pair => pair.Split('=', 2)).Where(pair => pair.Length == 2)
            .Select(pair => (Name: pair[0].TrimStart(' ', '\t'), Value: pair[1].TrimEnd(' ', '\t'))).ToList();
        return Holds(SessionCookies.AccessName, portal.Cookies.Access!)
            || Holds(SessionCookies.RefreshName, portal.Cookies.Refresh!);

        bool Holds(string name, string token) =>
            pairs.Where(pair => pair.Name == name).ToList() is [var only] && only.Value == token;
    }
}
