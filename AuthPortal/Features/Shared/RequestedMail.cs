using AuthPortal.Mail;
using AuthPortal.Users;

namespace AuthPortal.Features;

/// <summary>
/// A letter that anybody can cause by typing an address. The same statements run whether it is written or not, so
/// that neither the answer nor its time tells whose address has an account.
/// </summary>
internal sealed class RequestedMail(Outbox outbox, TimeProvider clock)
{
    /// <summary>The person, or somebody made up to do the same work for.</summary>
    public User OrNobody(User? found, EmailAddress typed) =>
        found ?? User.New(typed, "Nobody", null, null, clock.GetUtcNow());

    /// <param name="isDue">Whether it is to be written at all.</param>
    public Task AddAsync(bool isDue, User user, Letter letter, CancellationToken ct) => isDue
        ? outbox.AddAsync(user.Email, user.Profile.DisplayName, letter, user.Id, ct)
        : outbox.PretendAsync(user.Email, user.Profile.DisplayName, letter, ct);
}
