using Microsoft.Extensions.Options;

namespace AuthPortal.Mail;

internal static class MailSetup
{
    public static void AddMail(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<MailOptions>().BindConfiguration(MailOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<MailOptions>, MailOptionsValidator>();
        services.AddSingleton<LetterRenderer>();
        services.AddSingleton<OutboxSignal>();
        services.AddScoped<OutboxStore>();
        services.AddScoped<Outbox>();
    }
}
