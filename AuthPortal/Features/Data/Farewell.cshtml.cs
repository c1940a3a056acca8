using System.Globalization;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace AuthPortal.Features.Data;

internal sealed class FarewellModel(
    DeletionRequests requests,
    AuthCookies cookies,
    IOptions<PortalOptions> portal,
    IOptions<AccountOptions> accounts,
    TimeProvider clock) : MailedPage
{
    public User? Person { get; private set; }

    public bool Done => Request.Query["done"] == "true";

    /// <summary>When the account is erased, or would be, were it deleted now; null for at once.</summary>
    public DateTimeOffset? EraseAt => Done ? Told()
        : Person is { } person ? accounts.Value.EraseAt(person, clock.GetUtcNow())
        : null;

    /// <summary>This page, once it is done.</summary>
    /// <param name="user">As <see cref="DeletionService"/> answers.</param>
    public static string AddressAfter(User user) => user.EraseAt is { } eraseAt
        ? string.Create(
            CultureInfo.InvariantCulture, $"/delete-account?done=true&eraseAt={eraseAt.ToUnixTimeSeconds()}")
        : "/delete-account?done=true";

    protected override bool Works => Done || Person is not null;

    protected override async Task ReadAsync(CancellationToken ct) => Person = await requests.FindAsync(Token, ct);

    public async Task<IActionResult> OnPostAsync(string? returnUrl, CancellationToken ct)
    {
        if (await requests.CarryOutAsync(Token, Client.Of(HttpContext), ct) is not { } user)
        {
            Person = null;
            return this.Refuse(AuthErrors.InvalidToken);
        }

        ClearIfOf(user.Id, cookies);
        return Redirect(ReturnUrl.Safe(returnUrl, portal.Value) ?? AddressAfter(user));
    }

    /// <summary>What the address says, which anybody may have written: nothing that could not be so.</summary>
    private DateTimeOffset? Told() =>
        long.TryParse(Request.Query["eraseAt"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds <= accounts.Value.LatestEraseAt(clock.GetUtcNow()).ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : null;
}
