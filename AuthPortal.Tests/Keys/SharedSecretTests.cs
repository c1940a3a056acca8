using System.Text;
using AuthPortal.Keys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using Xunit;

namespace AuthPortal.Tests.Keys;

public sealed class SharedSecretTests
{
    private static readonly Dictionary<string, string?> Settings = new()
    {
        ["BETTER_AUTH_SECRET"] = Rings.Old,
        ["Keys:Algorithm"] = "HS256",
        ["Tokens:SharedSecret"] = Rings.New,
    };

    [Fact]
    public async Task A_service_with_the_shared_secret_accepts_our_tokens()
    {
        await using var app = Hosts.Build(Settings);
        var ring = app.Services.GetRequiredService<KeyRing>();

        var shared = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(Rings.New)) { KeyId = "shared" };

        Assert.Equal("HS256", ring.AccessAlgorithm);
        Assert.Equal("shared", ring.AccessSigning.Kid);
        Assert.Equal(shared.Key, ((SymmetricSecurityKey)ring.AccessSigning.Key).Key);
        Assert.True(await ring.AcceptsAsync(Rings.Sign(new SigningCredentials(shared, "HS256"))));
    }

    [Fact]
    public async Task The_shared_key_is_found_by_its_name_or_by_none()
    {
        await using var app = Hosts.Build(Settings);
        var ring = app.Services.GetRequiredService<KeyRing>();

        Assert.Single(ring.FindAccessKeys("shared"));
        Assert.Single(ring.FindAccessKeys(null));
        Assert.Empty(ring.FindAccessKeys("1.0.227"));
    }

    [Fact]
    public async Task Nothing_is_published()
    {
        await using var app = Hosts.Build(Settings);
        using var client = await app.ServeAsync();

        Assert.Equal("""{"keys":[]}""", await client.GetStringAsync("/.well-known/jwks.json"));
    }

    [Fact]
    public async Task Who_holds_the_shared_secret_cannot_make_a_refresh_token()
    {
        await using var app = Hosts.Build(Settings);
        var ring = app.Services.GetRequiredService<KeyRing>();
        var forged = new SymmetricSecurityKey(Encoding.UTF8.GetBytes(Rings.New))
        {
            KeyId = ring.Signing("refresh").Kid,
        };

        Assert.False(await ring.AcceptsAsync("refresh", Rings.Sign(new SigningCredentials(forged, "HS256"))));
    }

    [Fact]
    public async Task Development_shares_the_first_secret_where_no_other_is_set()
    {
        await using var app = Hosts.Build(
            new()
            {
                ["BETTER_AUTH_SECRETS"] = $"2:{Rings.New},1:{Rings.Old}",
                ["Keys:Algorithm"] = "HS256",
            },
            "Development");

        var ring = app.Services.GetRequiredService<KeyRing>();

        Assert.Equal(Encoding.UTF8.GetBytes(Rings.New), ((SymmetricSecurityKey)ring.AccessSigning.Key).Key);
    }
}
