using AuthPortal.Web.Brand;
using Microsoft.Extensions.Options;

namespace AuthPortal.Mail;

internal static class MailSetup
{
    public static void AddMail(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddSettings<MailOptions>(MailOptions.Section)
            .PostConfigure(mail => mail.KeepUnlessConfigured(builder.Environment.IsDevelopment()))
            .PostConfigure<IOptions<BrandOptions>>((mail, brand) =>
                mail.FromName = mail.FromName.Length == 0 ? brand.Value.Title : mail.FromName);
        services.AddSingleton<IValidateOptions<MailOptions>, MailOptionsValidator>();
        services.AddSingleton<LetterRenderer>();
        services.AddSingleton<OutboxSignal>();
        services.AddSingleton<MailMeter>();
        services.AddScoped<OutboxStore>();
        services.AddScoped<Outbox>();
        services.AddScoped<MailOutcome>();
        services.AddScoped<OutboxDelivery>();
        services.AddScoped<IMailSender, SmtpSender>();
        services.AddHostedService(Worker);
    }

    /// <summary>In Development without a server mail stays where <c>/dev/mail</c> shows it.</summary>
    private static BackgroundService Worker(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<MailOptions>>().Value;
        if (options.IsConfigured)
            return ActivatorUtilities.CreateInstance<OutboxWorker>(services);
        return options.IsKept ? new NobodyWorks() : ActivatorUtilities.CreateInstance<OutboxSweeper>(services);
    }

    private sealed class NobodyWorks : BackgroundService
    {
        protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.CompletedTask;
    }
}
