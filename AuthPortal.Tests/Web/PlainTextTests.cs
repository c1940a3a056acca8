using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.Web;

public sealed class PlainTextTests(Portal portal) : IClassFixture<Portal>
{
    /// <summary>The second and third turn round what stands beside them, in a letter or a list (CVE-2021-42574).</summary>
    [Theory]
    [InlineData("Ada\u0007")]
    [InlineData("Ada \u202Emoc.live")]
    [InlineData("\u2066Ada")]
    public async Task A_name_holds_no_control_character(string name)
    {
        var ada = await portal.NewPersonAsync();

        Assert.Equal(HttpStatusCode.BadRequest, (await portal.Program().SignUpAsync(Api.NewEmail(), name)).StatusCode);
        var renamed = await ada.Http.PostAsync("/api/auth/update-user", new { name });
        Assert.Equal(HttpStatusCode.BadRequest, renamed.StatusCode);
    }

    [Theory]
    [InlineData("עדה לאבלייס")]
    [InlineData("آدا لافليس")]
    [InlineData("Ada \u200F(آدا)")] // a mark, which turns nothing else
    public async Task A_name_may_be_written_from_right_to_left(string name) =>
        Assert.Equal(HttpStatusCode.OK, (await portal.Program().SignUpAsync(Api.NewEmail(), name)).StatusCode);
}
