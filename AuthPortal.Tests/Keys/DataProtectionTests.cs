using System.Security.Cryptography;
using System.Xml.Linq;
using AuthPortal.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthPortal.Tests.Keys;

public sealed class DataProtectionTests
{
    private static readonly string[] Steps =
    [
        $"1:{Rings.Old}", $"1:{Rings.Old},2:{Rings.New}", $"2:{Rings.New},1:{Rings.Old}", $"2:{Rings.New}",
    ];

    [Fact]
    public async Task What_one_portal_sealed_another_opens_and_so_does_its_next_start()
    {
        await using var one = Start(Steps[0]);
        await using var other = Start(Steps[0]);

        Assert.Equal("form", Open(other, Seal(one)));
    }

    [Fact]
    public async Task The_first_secret_seals_and_every_listed_one_opens()
    {
        await using var oldAlone = Start(Steps[0]);
        await using var oldFirst = Start(Steps[1]);
        await using var newFirst = Start(Steps[2]);
        await using var newAlone = Start(Steps[3]);

        Assert.Equal("form", Open(oldAlone, Seal(oldFirst)));
        Assert.Equal("form", Open(oldFirst, Seal(newFirst)));
        Assert.Equal("form", Open(newFirst, Seal(oldAlone)));
        Assert.Equal("form", Open(newAlone, Seal(newFirst)));
        Assert.Throws<CryptographicException>(() => Open(newAlone, Seal(oldFirst)));
    }

    [Fact]
    public async Task The_same_secret_under_another_public_url_opens_nothing()
    {
        await using var production = Start(Steps[0]);
        await using var staging = Start(Steps[0], publicUrl: "https://staging.example.com");

        Assert.Throws<CryptographicException>(() => Open(production, Seal(staging)));
    }

    [Fact]
    public async Task Neither_the_calendar_nor_the_generation_changes_what_seals()
    {
        await using var before = Start(Steps[0]);
        await using var after = Start(Steps[0], generation: "1", clock: Rings.ClockAt(2031, 1, 1));

        Assert.Equal("form", Open(after, Seal(before)));
    }

    [Fact]
    public async Task The_start_warns_of_nothing()
    {
        var builder = Hosts.Builder(new() { ["BETTER_AUTH_SECRETS"] = Steps[2] });
        using var warnings = new Warnings();
        builder.Logging.AddProvider(warnings);
        await using var app = builder.Build();

        await app.StartAsync();

        Assert.Equal("form", Open(app, Seal(app)));
        Assert.Empty(warnings.Messages);
    }

    [Fact]
    public async Task There_is_one_key_for_each_secret_and_none_is_ever_made_or_stored()
    {
        await using var app = Start(Steps[2]);
        var manager = app.Services.GetRequiredService<IKeyManager>();

        Seal(app);

        Assert.Equal(2, manager.GetAllKeys().Count);
        Assert.All(manager.GetAllKeys(), key => Assert.Equal(2999, key.ExpirationDate.Year));
        Assert.False(app.Services.GetRequiredService<IOptions<KeyManagementOptions>>().Value.AutoGenerateKeys);
        Assert.Throws<NotSupportedException>(
            () => manager.CreateNewKey(DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddDays(90)));
        Assert.Throws<NotSupportedException>(
            () => app.Services.GetRequiredService<DataProtectionKeys>().StoreElement(new XElement("key"), "key"));
    }

    private static WebApplication Start(
        string secrets, string publicUrl = Rings.PublicUrl, string generation = "0", TimeProvider? clock = null)
    {
        var builder = Hosts.Builder(
            new() { ["BETTER_AUTH_SECRETS"] = secrets, ["Keys:Generation"] = generation }, publicUrl: publicUrl);
        builder.Services.AddSingleton(clock ?? TimeProvider.System);
        return builder.Build();
    }

    private static string Seal(WebApplication app) => Protector(app).Protect("form");

    private static string Open(WebApplication app, string sealedForm) => Protector(app).Unprotect(sealedForm);

    private static IDataProtector Protector(WebApplication app) =>
        app.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("antiforgery");
}
