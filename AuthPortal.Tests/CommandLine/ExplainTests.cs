using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using AuthPortal.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AuthPortal.Tests.CommandLine;

public sealed class ExplainTests(TimelessPortal portal) : IClassFixture<TimelessPortal>
{
    [Fact]
    public async Task A_good_token_passes_every_check_in_their_order_and_its_claims_are_shown()
    {
        var explained = await ExplainAsync(portal.Ada.AccessToken);
        Assert.Equal(
            ["form", "signature", "typ", "issuer", "audience", "times", "claims", "revoked"],
            explained.GetProperty("checks").EnumerateArray().Select(check => check.GetProperty("name").GetString()));
        Assert.True(explained.GetProperty("accepted").GetBoolean());
        Assert.Equal(portal.Ada.Id, explained.GetProperty("claims").GetProperty("sub").GetGuid());

        var words = await portal.RunAsync("explain -", portal.Ada.AccessToken + "\n");
        Assert.Equal(0, words.ExitCode);
        Assert.EndsWith("The portal accepts it.\n", words.Answer);
    }

    [Fact]
    public async Task A_refresh_token_is_judged_as_one() =>
        Assert.True((await ExplainAsync(portal.Ada.RefreshToken)).GetProperty("accepted").GetBoolean());

    [Fact]
    public async Task A_token_that_is_over_fails_by_its_times()
    {
        var later = portal.Sibling(sibling =>
            sibling.Clock = new FakeTimeProvider(portal.Time.GetUtcNow() + TimeSpan.FromMinutes(16)));
        var answer = await later.RunAsync($"explain {portal.Ada.AccessToken}");
        Assert.EndsWith("The portal refuses it: times.\n", answer.Answer);
    }

    [Fact]
    public async Task What_was_changed_on_its_way_fails_by_its_signature()
    {
        var parts = portal.Ada.AccessToken.Split('.');
        var other = (await portal.NewPersonAsync()).AccessToken.Split('.');
        Assert.Equal("signature", await RefusedByAsync($"{parts[0]}.{other[1]}.{parts[2]}"));
        Assert.Equal("form", await RefusedByAsync($"{parts[0]}.{parts[1]}"));
        Assert.Equal("form", await RefusedByAsync("x.y.z"));
        Assert.Equal("form", await RefusedByAsync(portal.Ada.AccessToken + "="));
    }

    [Fact]
    public async Task Another_portal_s_token_fails_by_key_and_issuer_and_audience_all_named()
    {
        var other = portal.Sibling(sibling => sibling.Settings["Portal:PublicUrl"] = "https://other.test");
        var explained = JsonDocument.Parse(
            (await other.RunAsync($"explain {portal.Ada.AccessToken} --json")).Answer).RootElement;
        Assert.Equal("signature", explained.GetProperty("refusedBy").GetString());
        Assert.Equal(
            ["signature", "issuer", "audience"],
            from check in explained.GetProperty("checks").EnumerateArray()
            where check.GetProperty("passed").ValueKind == JsonValueKind.False
            select check.GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_token_for_another_audience_fails_by_that()
    {
        var other = portal.Sibling(sibling => sibling.Settings["Tokens:Audiences:0"] = "https://app.test");
        var answer = await other.RunAsync($"explain {portal.Ada.AccessToken} --json");
        Assert.Equal("audience", JsonDocument.Parse(answer.Answer).RootElement.GetProperty("refusedBy").GetString());
    }

    [Fact]
    public async Task What_a_hostile_token_says_can_t_command_the_terminal()
    {
        var parts = portal.Ada.AccessToken.Split('.');
        const string Header = "{\"alg\":\"ES256\",\"typ\":\"\\u001b]0;mine\\u0007\",\"kid\":\"\\u001b[2J\"}";
        var header = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(Header));

        var answer = await portal.RunAsync($"explain {header}.{parts[1]}.{parts[2]}");

        Assert.Contains("?[2J", answer.Answer);
        Assert.DoesNotContain('\u001b', answer.Answer);
    }

    [Fact]
    public async Task A_session_that_has_ended_fails_by_that()
    {
        var person = await portal.NewPersonAsync();
        await portal.RunAsync($"users sign-out {person.Email}");
        Assert.Equal("revoked", await RefusedByAsync(person.AccessToken));
        Assert.Equal("revoked", await RefusedByAsync(person.RefreshToken));
    }

    private async Task<string?> RefusedByAsync(string token) =>
        (await ExplainAsync(token)).GetProperty("refusedBy").GetString();

    private async Task<JsonElement> ExplainAsync(string token)
    {
        var answer = await portal.RunAsync($"explain {token} --json");
        var explained = JsonDocument.Parse(answer.Answer).RootElement;
        Assert.Equal(explained.GetProperty("accepted").GetBoolean() ? 0 : 2, answer.ExitCode);
        return explained;
    }
}
