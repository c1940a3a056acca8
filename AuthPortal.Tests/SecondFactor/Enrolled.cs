using System.Net;
using AuthPortal.Features;
using AuthPortal.Features.TwoFactor;
using AuthPortal.SecondFactor;
using AuthPortal.Tests.Support;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.Extensions.DependencyInjection;
using OtpNet;

namespace AuthPortal.Tests.SecondFactor;

/// <summary>Somebody with an authenticator app, and what they say to the portal's services.</summary>
internal sealed record Enrolled(Person Person, AuthenticatorKey Key, string[] RecoveryCodes)
{
    public static readonly Client Client = new(IPAddress.Loopback, "Test/1");

    /// <summary>What the app shows.</summary>
    public string CodeAt(DateTimeOffset at) => new Totp(Base32Encoding.ToBytes(Key.Text)).ComputeTotp(at.UtcDateTime);
}

/// <summary>Reaches the second factor's services as pages and endpoints do: one scope for each request.</summary>
internal static class SecondFactorCalls
{
    public static async Task<T> WithAsync<TService, T>(this Portal portal, Func<TService, Task<T>> use)
        where TService : notnull
    {
        await using var scope = portal.Services.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<TService>());
    }

    public static async Task<User> ReadAsync(this Portal portal, Person person) =>
        (await portal.WithAsync<UserStore, User?>(users => users.FindOwnAsync(person.Id, person.Id, default)))!;

    /// <summary>Somebody new with an app, whose first code confirmed it.</summary>
    public static async Task<Enrolled> NewEnrolledAsync(this Portal portal)
    {
        var person = await portal.NewPersonAsync();
        var begun = Begun();
        var enrolled = new Enrolled(person, begun.Key, []);
        var code = enrolled.CodeAt(portal.Clock!.GetUtcNow());
        var done = await portal.ConfirmAsync(await portal.ReadAsync(person), begun, code);
        return enrolled with { RecoveryCodes = done.Value!.RecoveryCodes };
    }

    /// <summary>An app that waits for its first code.</summary>
    public static PendingAuthenticator Begun(params string[] recoveryCodes) =>
        new(AuthenticatorKey.New(), recoveryCodes);

    public static Task<Result<AuthPortal.Features.TwoFactor.Enrolled>> ConfirmAsync(
        this Portal portal, User user, PendingAuthenticator begun, string code) =>
        portal.WithAsync<TotpEnrolment, Result<AuthPortal.Features.TwoFactor.Enrolled>>(
            e => e.ConfirmAsync(user, begun, code, null, Enrolled.Client, default));

    public static Task<Result<User>> RemoveAsync(this Portal portal, User user) =>
        portal.WithAsync<TotpEnrolment, Result<User>>(
            e => e.RemoveAsync(user, portal.SessionOf(user), Enrolled.Client, default));

    public static Task<Result<string[]>> ReplaceCodesAsync(this Portal portal, User user) =>
        portal.WithAsync<TotpEnrolment, Result<string[]>>(
            e => e.ReplaceCodesAsync(user, portal.SessionOf(user), Enrolled.Client, default));

    private static Session SessionOf(this Portal portal, User user)
    {
        var now = portal.Clock!.GetUtcNow();
        return new Session(Guid.NewGuid(), user.Id, user.SessionVersion, now, ["pwd"], false, now.AddDays(1));
    }

    public static async Task<AuthError?> CheckTotpAsync(this Portal portal, Person person, string code)
    {
        var user = await portal.ReadAsync(person);
        return await portal.WithAsync<SecondFactorCheck, AuthError?>(
            check => check.CheckAsync(user, Proofs.Totp, code, own: null, Enrolled.Client, default));
    }

    public static async Task<AuthError?> CheckRecoveryCodeAsync(this Portal portal, Person person, string code)
    {
        var user = await portal.ReadAsync(person);
        return await portal.WithAsync<SecondFactorCheck, AuthError?>(
            check => check.CheckAsync(user, Proofs.RecoveryCode, code, own: null, Enrolled.Client, default));
    }

    public static async Task<int> CountLeftAsync(this Portal portal, Person person)
    {
        var user = await portal.ReadAsync(person);
        return await portal.WithAsync<RecoveryCodes, int>(codes => codes.CountLeftAsync(user, default));
    }
}
