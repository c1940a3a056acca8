using AuthPortal.Tests.Support;

namespace AuthPortal.Tests.Interop;

/// <summary>Somebody who signed up with a program.</summary>
internal sealed record Caller(Guid Id, string AccessToken, string RefreshToken)
{
    public static async Task<Caller> SignUpAsync(PortalProcess portal)
    {
        using var http = portal.Client();
        using var response = (await http.SendAsync(
            HttpMethod.Post,
            "/api/auth/sign-up/email",
            bearer: null,
            new { name = "Ada", email = Api.NewEmail(), password = Api.Password })).EnsureSuccessStatusCode();
        var body = await response.JsonAsync();
        return new Caller(
            Guid.Parse(body["user"]!["id"]!.GetValue<string>()),
            body["token"]!.GetValue<string>(),
            response.Header("set-auth-token")!);
    }

    /// <summary>Tells the portal something with the access token in the header.</summary>
    public async Task PostAsync(PortalProcess portal, string path)
    {
        using var http = portal.Client();
        (await http.SendAsync(HttpMethod.Post, path, AccessToken, new { })).EnsureSuccessStatusCode();
    }
}
