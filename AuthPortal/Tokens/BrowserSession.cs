namespace AuthPortal.Tokens;

/// <summary>What a browser keeps of a sign-in: the session's cookies, or what waits for the next step.</summary>
internal sealed class BrowserSession(AuthCookies cookies, PendingSignIns pending, KnownDevices devices)
{
    /// <summary>The session's cookies; what was pending is done, and the browser is known from now on.</summary>
    public Task StartAsync(HttpContext context, IssuedSession issued)
    {
        cookies.Set(context.Response, issued);
        pending.Clear(context);
        return devices.RememberAsync(context, issued.Session.UserId, issued.Session.Version);
    }

    /// <summary>Keeps what was proved until what is missing is given.</summary>
    public void Await(HttpContext context, PendingSignIn more) => pending.Set(context.Response, more);
}
