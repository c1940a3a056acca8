using System.Globalization;
using AuthPortal.Web.Brand;
using AuthPortal.Web.OpenApi;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AuthPortal.Web;

internal static class WebSetup
{
    public static void AddWeb(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            ServerLimits.Apply(kestrel.Limits);
        });
        builder.ListenWhereExpected();
        builder.AddDrain();
        builder.WebHost.UseStaticWebAssets(); // compressed files of a build are in obj/; published, this does nothing

        var services = builder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSettings<PortalOptions>("Portal");
        services.ConfigureOptions<PortalOptionsSetup>();
        services.AddSettings<ProxyOptions>("Proxy")
            .Validate(
                proxy => proxy.Known.All(known => ForwardedFor.TryParse(known) is not null),
                "Proxy__Known must list addresses or networks, such as 10.0.0.7 or 10.1.2.0/28.");
        services.AddSingleton<IConfigureOptions<ForwardedHeadersOptions>, ForwardedFor>();
        services.ConfigureHttpJsonOptions(json => PortalJson.Apply(json.SerializerOptions));
        services.AddCors();
        services.AddSingleton<IConfigureOptions<Microsoft.AspNetCore.Cors.Infrastructure.CorsOptions>, ApiCors>();
        services.PostConfigure<MvcOptions>(FormReading.Configure); // the framework adds its own first
        services.AddAntiforgery();
        services.AddPageCompression();
        builder.AddOpenApiDocument();
        builder.AddBrand();
        services.AddSingleton<IConfigureOptions<AntiforgeryOptions>, CsrfCookie>();
        services.AddSingleton<Afterwards>();
        services.AddHostedService(s => s.GetRequiredService<Afterwards>());

        // A form's cookie that can't be read is the caller's affair: its trace would let a stranger fill the log.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.Critical);
        services.Configure<LoggerFilterOptions>(KeepAddressesOut);
    }

    /// <summary>
    /// A mailed link's secret is in its address, and these write addresses: unless each is asked for by its own name,
    /// they say nothing, wherever the settings come from. The first rule of a name gives way to a later one.
    /// </summary>
    private static void KeepAddressesOut(LoggerFilterOptions log)
    {
        string[] writers =
        [
            "Hosting.Diagnostics", "Http.Result.RedirectResult", "Mvc.Infrastructure.RedirectResultExecutor", "Routing",
        ];
        foreach (var writer in writers)
            log.Rules.Insert(0, new LoggerFilterRule(null, $"Microsoft.AspNetCore.{writer}", LogLevel.Warning, null));
    }

    /// <summary>
    /// Whatever a proxy did to the request, its scheme is the public URL's: cookies, HSTS and antiforgery go by it.
    /// And no answer is kept unless its endpoint says otherwise: by no cache, and not by the Back button of whoever
    /// sits down at the machine next (ASVS 14.3.2).
    /// </summary>
    public static void UsePublicUrl(this WebApplication app)
    {
        var scheme = app.Services.GetRequiredService<IOptions<PortalOptions>>().Value.IsHttps ? "https" : "http";
        app.UseForwardedHeaders();
        app.Use((context, next) =>
        {
            context.Request.Scheme = scheme;
            context.Response.OnStarting(KeepNowhere, context); // registered first, called last
            if (context.Request.Path.StartsWithSegments("/api"))
                context.Response.Headers.Vary = "Origin";
            return next(context);
        });
    }

    private static Task KeepNowhere(object context)
    {
        var headers = ((HttpContext)context).Response.Headers;
        if (headers.CacheControl.Count == 0)
            headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }

    /// <summary>
    /// A development portal's address is fixed, because its tokens' issuer and so its keys follow from it.
    /// </summary>
    private static void ListenWhereExpected(this WebApplicationBuilder builder)
    {
        // .NET's container images set http_ports, which therefore says less than a PORT that somebody chose.
        var port = builder.Configuration["PORT"] is { Length: > 0 } asked ? asked : null;
        string[] chosen = ["urls", "Kestrel:Endpoints"];
        if (chosen.Any(IsSet) || (port is null && IsSet("http_ports")))
            return;

        var isNumber = ushort.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        if (port is not null && !(isNumber && number > 0))
        {
            throw new OptionsValidationException(
                "PORT", typeof(string), [$"PORT is \"{port}\": it must be from 1 to 65535."]);
        }

        if (builder.Environment.IsDevelopment())
            builder.WebHost.UseUrls($"http://localhost:{port ?? $"{PortalOptionsSetup.DevelopmentPort}"}");
        else if (port is not null)
            builder.WebHost.UseUrls($"http://*:{port}");

        bool IsSet(string key) => builder.Configuration.GetSection(key).Exists();
    }
}

/// <summary>
/// Who besides the portal's own pages may call the API with cookies (ASVS 3.4.2): those listed, by name.
/// </summary>
internal sealed class ApiCors(IOptions<PortalOptions> portal)
    : IConfigureOptions<Microsoft.AspNetCore.Cors.Infrastructure.CorsOptions>
{
    public const string Policy = "api";

    public void Configure(Microsoft.AspNetCore.Cors.Infrastructure.CorsOptions options) =>
        options.AddPolicy(Policy, policy => policy
            .SetIsOriginAllowed(portal.Value.Trusts)
            .AllowCredentials()
            .WithMethods(HttpMethods.Get, HttpMethods.Post)
            .WithHeaders("Content-Type", "Authorization")
            .WithExposedHeaders("set-auth-token", "set-auth-jwt", "Retry-After", "X-Retry-After")
            .SetPreflightMaxAge(TimeSpan.FromMinutes(10)));
}

/// <summary>The antiforgery cookie, named and guarded like the session's.</summary>
internal sealed class CsrfCookie(IOptions<PortalOptions> portal) : IConfigureOptions<AntiforgeryOptions>
{
    public void Configure(AntiforgeryOptions options)
    {
        options.Cookie.Name = portal.Value.CookieName("csrf");
        options.Cookie.Path = "/";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = portal.Value.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
        options.SuppressXFrameOptionsHeader = true; // the content security policy forbids framing
    }
}
