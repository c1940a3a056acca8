using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AuthPortal.Features.Account;

internal static class AccountEndpoints
{
    public static void MapAccount(this IEndpointRouteBuilder api)
    {
        api.MapPost("/update-user", UpdateAsync).RequireAuthorization().WithSummary("Change name or picture")
            .Refuses(AuthErrors.EmailCanNotBeUpdated, AuthErrors.NoFieldsToUpdate).Sends(AnswerHeader.AccessToken);
        api.MapGet("/list-accounts", ListAsync).RequireAuthorization()
            .WithMetadata(new AsksDatabase()).WithSummary("The ways the caller signs in");
    }

    public static void MapMe(this IEndpointRouteBuilder api)
    {
        api.MapGet("/me", Me).RequireAuthorization().WithName("getMe")
            .WithSummary("The caller, from the token alone");
        api.MapGet("/users/{id}", FindAsync).WithMetadata(new AsksDatabase()).RequireAuthorization().WithName("getUser")
            .WithSummary("Oneself; anybody else is not found").Refuses(AuthErrors.NotFound);
    }

    /// <summary>Better Auth's <c>Account</c>: for a password it bears the person's own id.</summary>
    internal sealed record AccountView(
        Guid Id,
        Guid AccountId,
        string ProviderId,
        Guid UserId,
        DateTimeOffset CreatedAt,
        DateTimeOffset UpdatedAt,
        IReadOnlyList<string> Scopes);

    internal sealed record Caller(
        Guid Id,
        string Name,
        string Email,
        bool EmailVerified,
        string? Image,
        DateTimeOffset CreatedAt,
        DateTimeOffset UpdatedAt,
        IReadOnlyList<string> Roles,
        Guid SessionId,
        DateTimeOffset SignedInAt,
        IReadOnlyList<string> Methods,
        DateTimeOffset TokenExpiresAt);

    private static Ok<Caller> Me(CurrentUser caller)
    {
        var (profile, session) = (caller.Profile, caller.Session);
        return TypedResults.Ok(new Caller(
            profile.Id,
            profile.Name,
            profile.Email,
            profile.EmailVerified,
            profile.Image,
            profile.CreatedAt,
            profile.UpdatedAt,
            caller.Person.Roles,
            session.Id,
            session.AuthTime,
            session.Methods,
            caller.ExpiresAt));
    }

    private static async Task<Results<Ok<AccountView[]>, AuthError>> ListAsync(
        CurrentUser caller, UserStore users, CancellationToken ct)
    {
        if (await users.FindOwnAsync(caller.Id, caller.Id, ct) is not { } user)
            return AuthErrors.Unauthorized;
        AccountView[] accounts = user.PasswordHash is null
            ? []
            : [new(user.Id, user.Id, "credential", user.Id, user.CreatedAt, user.UpdatedAt, [])];
        return TypedResults.Ok(accounts);
    }

    /// <summary>The id is read as text, so that one that is no id is as unknown as any other.</summary>
    private static async Task<Results<Ok<UserProfile>, AuthError>> FindAsync(
        string id, CurrentUser caller, UserStore users, CancellationToken ct) =>
        Guid.TryParse(id, out var guid) && await users.FindOwnAsync(guid, caller.Id, ct) is { } user
            ? TypedResults.Ok(user.Profile)
            : AuthErrors.NotFound;

    private static async Task<Results<Ok<Done>, AuthError>> UpdateAsync(
        JsonBody<UpdateUserRequest> body,
        CurrentUser caller,
        AccountService account,
        SessionWriter writer,
        HttpContext context,
        CancellationToken ct)
    {
        if (body.Names("email"))
            return AuthErrors.EmailCanNotBeUpdated;
        if (!body.Names("name") && !body.Names("image"))
            return AuthErrors.NoFieldsToUpdate;

        var name = body.Names("name") ? body.Value.Name : null;
        var result = await account.UpdateAsync(
            caller, name, body.Names("image"), body.Value.Image, Client.Of(context), ct);
        if (!result.Succeeded)
            return result.Error;

        await writer.ContinueAsync(context, caller, result.Value);
        return Done.Ok;
    }
}
