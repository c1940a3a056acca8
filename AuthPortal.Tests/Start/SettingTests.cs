using AuthPortal.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Xunit;

namespace AuthPortal.Tests.Start;

/// <summary>A setting that means nothing keeps the portal from starting, whichever it is.</summary>
public sealed class SettingTests(PortalOfParts portal) : IClassFixture<PortalOfParts>
{
    [Fact]
    public void Every_value_that_can_not_be_read_is_refused_at_start()
    {
        var values = (
            from section in Sections
            from value in section.Values()
            where value.Type != typeof(string) && !SettingSection.IsList(value.Type)
            select value.Path).ToList();

        Assert.True(values.Count > 50, $"only {values.Count} were found");
        Assert.All(values, path => Assert.StartsWith(
            $"{path.Replace(":", "__", StringComparison.Ordinal)} is \"?\": it must be ", Refusal((path, "?"))));
    }

    [Fact]
    public void Every_class_of_options_is_a_section_s() => Assert.Equal(
        from type in typeof(Program).Assembly.GetTypes()
        where type.Name.EndsWith("Options", StringComparison.Ordinal)
        orderby type.Name
        select type.Name,
        from section in Sections
        where section.Options.Name.EndsWith("Options", StringComparison.Ordinal)
        orderby section.Options.Name
        select section.Options.Name);

    [Fact]
    public void Options_are_bound_in_one_place() => Assert.Equal(
        ["SettingSection.cs"],
        from file in Source.Product
        where file.Text.Contains("BindConfiguration(", StringComparison.Ordinal)
            || file.Text.Contains(".Bind(", StringComparison.Ordinal)
        select file.Path);

    [Theory]
    [InlineData("SecondFactor:Requierd", "true", "SecondFactor__Requierd is no setting: SecondFactor__Required is.")]
    [InlineData("Brand:Nmae", "x", "Brand__Nmae is no setting: Brand__Name is.")]
    [InlineData("Accounts:VerifiedEmail", "x",
        "Accounts__VerifiedEmail is no setting: Accounts__RequireVerifiedEmail is.")]
    [InlineData("Proxy:Trusted", "x", "Proxy__Trusted is no setting: below Proxy__ there are Known.")]
    [InlineData("Keys:Secret", "x", "Keys__Secret is no setting: below Keys__ there are Algorithm, Rotate, Generation.")]
    [InlineData("Data:Floder", "x", "Data__Floder is no setting: Data__Folder is.")]
    [InlineData("Throttling:PasswordByAcount:Burst", "5",
        "Throttling__PasswordByAcount is no setting: Throttling__PasswordByAccount is.")]
    [InlineData("Throttling:Flood:Bursts", "5", "Throttling__Flood__Bursts is no setting: Throttling__Flood__Burst is.")]
    [InlineData("Throttling:Flood:Name", "x", "Throttling__Flood__Name is no setting")]
    [InlineData("Throttling:Flood", "5",
        "Throttling__Flood has parts: set Throttling__Flood__Burst, Throttling__Flood__Every.")]
    [InlineData("Brand:Name:0", "x", "Brand__Name__0 is no setting: Brand__Name is one value.")]
    [InlineData("SecondFactor:RequiredForRoles", "admin",
        "SecondFactor__RequiredForRoles is a list: set SecondFactor__RequiredForRoles__0.")]
    [InlineData("Portal:TrustedOrigins", "https://a.com", "Portal__TrustedOrigins is a list: set Portal__TrustedOrigins__0.")]
    [InlineData("Passwords:Pepper", "a lone value", "Passwords__Pepper is a list: set Passwords__Pepper__0.")]
    [InlineData("Metrics:Allow", "10.0.0.7", "Metrics__Allow is a list: set Metrics__Allow__0.")]
    public void What_would_be_passed_over_is_refused_and_what_was_meant_is_named(string key, string value, string words) =>
        Assert.StartsWith(words, Refusal((key, value)));

    [Theory]
    [InlineData("BRAND:NAME", "Shouted")]
    [InlineData("Metrics:Allow", "")]
    [InlineData("Tokens:SharedSecret", "x")]
    [InlineData("Mail", "/var/mail/root")]
    [InlineData("Logging:LogLevel:Nobody", "Debug")]
    [InlineData("Kestrel:Limits:Whatever", "1")]
    [InlineData("ConnectionStrings:Other", "x")]
    [InlineData("AllowedHosts", "*")]
    [InlineData("OTEL_SERVICE_NAME", "x")]
    public void Case_does_not_matter_and_others_sections_are_theirs(string key, string value) =>
        Assert.Null(Refusal((key, value)));

    [Theory]
    [InlineData("Tokens:AccessLifetime", "15", "Tokens__AccessLifetime is \"15\", read as 15 days, 00:00:00.")]
    [InlineData("Mail:Timeout", "00:06", "Mail__Timeout is \"00:06\", read as 0 days, 00:06:00.")]
    [InlineData("Throttling:Flood:Every", "2", "Throttling__Flood__Every is \"2\", read as 2 days, 00:00:00.")]
    public void A_time_out_of_bounds_is_told_as_it_was_read(string key, string value, string words) =>
        Assert.EndsWith(words, Refusal((key, value)));

    private IEnumerable<SettingSection> Sections => portal.Services.GetServices<SettingSection>();

    /// <returns>Null where nothing is refused.</returns>
    private string? Refusal((string Key, string? Value) setting)
    {
        var usual = portal.Services.GetRequiredService<IConfiguration>();
        var services = new ServiceCollection().Add(portal.Registered);
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder()
            .AddConfiguration(usual)
            .AddInMemoryCollection([KeyValuePair.Create(setting.Key, setting.Value)])
            .Build());
        using var provider = services.BuildServiceProvider();
        return Record.Exception(() => SettingCheck.Run(provider)) is { } refusal ? StartFailure.Explain(refusal) : null;
    }
}

/// <summary>A portal whose services can be made once more, with other settings.</summary>
public sealed class PortalOfParts : Portal
{
    public IReadOnlyList<ServiceDescriptor> Registered { get; private set; } = [];

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        base.ConfigureWebHost(builder);
        builder.ConfigureTestServices(services => Registered = [.. services]);
    }
}
