using AuthPortal;
using AuthPortal.Audit;
using AuthPortal.CommandLine;
using AuthPortal.Database;
using AuthPortal.Features;
using AuthPortal.Features.Errors;
using AuthPortal.Features.LanguageChoice;
using AuthPortal.Keys;
using AuthPortal.Languages;
using AuthPortal.Mail;
using AuthPortal.Passkeys;
using AuthPortal.Passwords;
using AuthPortal.SecondFactor;
using AuthPortal.Throttling;
using AuthPortal.Tokens;
using AuthPortal.Users;
using AuthPortal.Web;

try
{
    ProcessEnvironment.Settle();
    var builder = WebApplication.CreateBuilder(ProcessEnvironment.Options(Tool.SettingsOf(args)));
    builder.TellStartFailuresOnce();
    builder.AddTool(args);
    if (!Tool.IsAskedFor(args))
        builder.AddLogs();
    builder.AddTelemetry();
    builder.AddWeb();
    builder.AddLanguages();
    builder.AddDatabase();
    builder.AddUsers();
    builder.AddPasswords();
    builder.AddKeys();
    builder.AddAudit();
    builder.AddMail();
    builder.AddThrottling();
    builder.AddSecondFactor();
    builder.AddTokens();
    builder.AddPasskeys();
    builder.AddFeatures();

    var app = builder.Build();
    if (Tool.IsAskedFor(args))
        return await app.RunToolAsync(args);

    app.CheckSettings();
    app.UseDrain();
    app.UsePublicUrl();
    app.UsePortalSecurityHeaders();
    app.UseMetricsPage();
    app.UsePageCompression();
    app.UseLanguages();
    app.UseErrorPages();
    app.UseCors();
    app.UseThrottling();
    app.UseMiddleware<OriginCheck>();
    app.UseAuthentication();
    app.UseAuthorization();
    app.UsePersonBudgets();

    app.MapStaticAssets().AllowAnonymous();
    app.MapJwks();
    app.MapTokens();
    app.MapFeatures();
    app.CheckFiles();

    await app.MigrateDatabaseAsync();
    await app.LoadRevocationsAsync();
    await app.ServeAsync();
    return 0;
}
catch (Exception e) when (StartFailure.Explain(e) is { } sentence)
{
    await Console.Error.WriteLineAsync($"AuthPortal can't start: {sentence}");
    return 1;
}
