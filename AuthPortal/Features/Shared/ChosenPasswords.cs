using AuthPortal.Audit;
using AuthPortal.Passwords;
using AuthPortal.Web;

namespace AuthPortal.Features;

/// <summary>
/// A password that somebody chooses for an account, and the event that says so where the list of breached passwords
/// refused it, or could not be asked.
/// </summary>
internal sealed class ChosenPasswords(PasswordChoice choice, AuditStore audit)
{
    /// <param name="person">Whose; of a new account the address and the name alone.</param>
    /// <returns>What to store, or why this password can't be chosen.</returns>
    public async Task<Result<string>> HashAsync(
        string password, (Guid? Id, string Email, string Name) person, Client client, CancellationToken ct)
    {
        // Whoever changes a password has shown before whose it is, by a session or a mailed link.
        var caller = new HashingCaller(client.Address, IsKnown: person.Id is not null);
        var chosen = await choice.HashAsync(password, person.Email, person.Name, caller, ct);
        if (EventOf(chosen.Breach) is { } type)
            await audit.RecordAsync(new AuditEvent(type, person.Id, null, client), ct);
        return chosen.Hash;
    }

    private static string? EventOf(BreachAnswer answer) => answer switch
    {
        BreachAnswer.Listed => AuditTypes.BreachedPasswordRefused,
        BreachAnswer.Failed => AuditTypes.BreachCheckFailed,
        _ => null,
    };
}
