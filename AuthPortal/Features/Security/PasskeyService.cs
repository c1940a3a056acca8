using System.Text.Json.Nodes;
using AuthPortal.Audit;
using AuthPortal.Database;
using AuthPortal.Mail;
using AuthPortal.Passkeys;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

namespace AuthPortal.Features.Security;

/// <summary>A person's own passkeys: the rules for the page and for programs.</summary>
internal sealed class PasskeyService(
    Db db,
    OwnerGuard guard,
    PasskeyRegistration registration,
    PasskeyStore passkeys,
    AuditStore audit,
    FactorUndo undo,
    SecurityNotices notices)
{
    private static readonly Letter Removed = new(
        "A passkey was removed from your account",
        ["A passkey of your account has just been removed: it no longer signs anybody in."],
        Closing: [SecurityNotices.IfNotYou]);

    /// <param name="attachment">As <see cref="PasskeyRegistration.OptionsAsync"/> takes it.</param>
    public async Task<Result<JsonObject>> BeginAsync(
        CurrentUser caller, string? attachment, HttpContext context, CancellationToken ct) =>
        await HasAllAsync(caller.Id, ct)
            ? PasskeyErrors.TooMany(PasskeyStore.Most)
            : await registration.OptionsAsync(caller, attachment, context);

    /// <param name="response">The browser's answer to the options.</param>
    public async Task<Result<Passkey>> AddAsync(
        CurrentUser caller, JsonObject response, string? name, HttpContext context, CancellationToken ct)
    {
        var made = await registration.VerifyAsync(caller, response, context);
        if (!made.Succeeded)
            return made.Error;

        var passkey = made.Value with { Name = name };
        var happened = Happened(AuditTypes.PasskeyAdded, caller, passkey.Id, Client.Of(context));
        return await HoldingAsync<Passkey>(
            caller,
            async user =>
            {
                if (!await passkeys.AddAsync(passkey, user.SessionVersion, ct))
                {
                    return await HasAllAsync(caller.Id, ct)
                        ? PasskeyErrors.TooMany(PasskeyStore.Most)
                        : PasskeyErrors.FailedToVerifyRegistration;
                }

                var link = undo.LinkFor(user, PasskeyStore.AsFactor(passkey));
                await notices.TellAsync(happened, user, Added(link), ct);
                return passkey;
            },
            ct);
    }

    public Task<Result<Passkey>> RenameAsync(
        CurrentUser caller, Guid id, string name, Client client, CancellationToken ct) =>
        HoldingAsync<Passkey>(
            caller,
            async user =>
            {
                if (await passkeys.RenameAsync(caller.Id, user.SessionVersion, id, name, ct) is not { } renamed)
                    return PasskeyErrors.NotFound;
                await audit.RecordAsync(Happened(AuditTypes.PasskeyRenamed, caller, id, client), ct);
                return renamed;
            },
            ct);

    public Task<Result<Passkey>> RemoveAsync(CurrentUser caller, Guid id, Client client, CancellationToken ct) =>
        HoldingAsync<Passkey>(
            caller,
            async user =>
            {
                if (await passkeys.RemoveAsync(caller.Id, user.SessionVersion, id, ct) is not { } removed)
                {
                    var own = await passkeys.ListAsync(caller.Id, ct);
                    return own.Any(passkey => passkey.Id == id)
                        ? PasskeyErrors.LastWayToSignIn
                        : PasskeyErrors.NotFound;
                }

                await notices.TellAsync(Happened(AuditTypes.PasskeyRemoved, caller, id, client), user, Removed, ct);
                return removed;
            },
            ct);

    private static Letter Added(string link) => new(
        "A passkey was added to your account",
        ["A passkey has just been added to your account: whoever holds it can sign in as you."],
        new LetterLink("Remove it", link),
        [SecurityNotices.IfNotYouRemoveIt]);

    private async Task<bool> HasAllAsync(Guid caller, CancellationToken ct) =>
        (await passkeys.ListAsync(caller, ct)).Count >= PasskeyStore.Most;

    /// <summary>One after another for each person, and only while their session counts.</summary>
    private async Task<Result<T>> HoldingAsync<T>(
        CurrentUser caller, Func<User, Task<Result<T>>> work, CancellationToken ct)
    {
        Result<T> result = AuthErrors.Unauthorized;
        await db.InTransactionAsync(
            async () =>
            {
                var held = await guard.HoldAsync(caller.Session, ct);
                result = held.Succeeded ? await work(held.Value) : held.Error;
            },
            ct);
        return result;
    }

    private static AuditEvent Happened(string type, CurrentUser caller, Guid passkey, Client client) =>
        new(type, caller.Id, caller.Session.Id, client, ("passkey", $"{passkey}"));
}
