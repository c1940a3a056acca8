using System.Text.Json.Nodes;
using AuthPortal.Passkeys;
using AuthPortal.Tokens;
using AuthPortal.Users;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthPortal.Features.SignIn;

/// <summary>Better Auth's passkey plugin, as far as it is about signing in.</summary>
internal static class PasskeySignInEndpoints
{
    public static void MapPasskeySignIn(this IEndpointRouteBuilder api)
    {
        var passkeys = api.MapGroup("/passkey").WhereThereArePasskeys();
        passkeys.MapGet("/generate-authenticate-options", OptionsAsync)
            .WithSummary("What to sign in by a passkey with");
    }

    /// <summary>Who is signed in already is asked for a passkey of their own.</summary>
    private static async Task<Ok<JsonObject>> OptionsAsync(
        UserStore users, PasskeyAssertion assertion, HttpContext context, CancellationToken ct)
    {
        var person = CurrentUser.TryOf(context.User) is { } caller
            ? await users.FindOwnAsync(caller.Id, caller.Id, ct)
            : null;
        return TypedResults.Ok(await assertion.OptionsAsync(person, context));
    }
}
