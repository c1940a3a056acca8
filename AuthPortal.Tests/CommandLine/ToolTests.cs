using System.Net;
using System.Text.Json;
using AuthPortal.CommandLine;
using AuthPortal.Tests.Support;
using Microsoft.Extensions.Options;
using Xunit;

namespace AuthPortal.Tests.CommandLine;

public sealed class ToolTests(Portal portal) : IClassFixture<Portal>
{
    [Theory]
    [InlineData(true, "migrate")]
    [InlineData(true, "users", "add", "ada@example.com")]
    [InlineData(true, "--help")]
    [InlineData(true, "--version")]
    [InlineData(true, "frobnicate")]
    [InlineData(true, "--json", "doctor")]
    [InlineData(false)]
    [InlineData(false, "--Portal:PublicUrl=https://portal.test")]
    [InlineData(false, "--urls", "http://localhost:5080")]
    [InlineData(false, "/urls=http://localhost:5080")]
    [InlineData(false, "urls=http://localhost:5080")]
    public void It_is_a_tool_where_its_first_word_is_a_command(bool expected, params string[] args) =>
        Assert.Equal((expected, expected ? [] : args), (Tool.IsAskedFor(args), Tool.SettingsOf(args)));

    [Theory]
    [InlineData("--jsno")]
    [InlineData("--jsno", "--urls=http://localhost:5080")]
    [InlineData("--urls=http://localhost:5080", "doctor")]
    [InlineData("-x=1")]
    public void What_is_neither_a_command_nor_a_setting_is_refused(params string[] args) =>
        Assert.Contains(
            "is neither a command nor a setting",
            Assert.Throws<OptionsValidationException>(() => Tool.SettingsOf(args)).Message);

    [Fact]
    public async Task A_person_is_added_with_a_password_from_standard_input()
    {
        var email = Api.NewEmail();
        var added = await portal.RunAsync($"users add {email} --name Ada --role admin --verified", "correct horse battery\n");
        Assert.Equal((0, $"{email} is added.\n", ""), (added.ExitCode, added.Answer, added.Words));
        var signedIn = await portal.Program().SignInAsync(email, "correct horse battery");
        var user = (await signedIn.JsonAsync())["user"]!;
        Assert.Equal(("Ada", true), (user["name"]!.GetValue<string>(), user["emailVerified"]!.GetValue<bool>()));
        Assert.Equal("admin\n", (await portal.RunAsync($"users roles {email}")).Answer);

        var again = await portal.RunAsync($"users add {email}", "correct horse battery\n");
        Assert.Equal((2, "", "AuthPortal: that address has an account already.\n"),
            (again.ExitCode, again.Answer, again.Words.ReplaceLineEndings("\n")));
    }

    [Theory]
    [InlineData("users add nobody@example.com", "password\n")]
    [InlineData("users add nobody@example.com", "")]
    [InlineData("users add nobody", "correct horse battery\n")]
    [InlineData("users add nobody@example.com --role a,b", "correct horse battery\n")]
    [InlineData("users disable nobody@example.com", "")]
    [InlineData("users enable nobody@example.com", "")]
    [InlineData("users sign-out nobody", "")]
    [InlineData("users roles nobody@example.com --add admin", "")]
    public async Task A_refusal_is_told_on_standard_error_and_changes_nothing(string command, string input)
    {
        var refused = await portal.RunAsync(command, input);
        Assert.Equal((2, ""), (refused.ExitCode, refused.Answer));
        Assert.StartsWith("AuthPortal: ", refused.Words);
        Assert.Equal(0, await portal.ScalarAsync<long>("select count(*) from users where email like 'nobody%'"));

        var json = await portal.RunAsync($"{command} --json", input);
        Assert.True(JsonDocument.Parse(json.Words).RootElement.TryGetProperty("error", out _));
    }

    [Fact]
    public async Task A_password_is_no_argument()
    {
        var refused = await portal.RunAsync("users add nobody@example.com --password secret", "");
        Assert.Equal(1, refused.ExitCode);
    }

    [Fact]
    public async Task Disabling_ends_every_session_and_enabling_brings_none_back()
    {
        var ada = await portal.NewPersonAsync();
        Assert.Equal($"{ada.Email} is disabled.\n", (await portal.RunAsync($"users disable {ada.Email}")).Answer);
        Assert.Equal($"{ada.Email} was disabled already.\n", (await portal.RunAsync($"users disable {ada.Email}")).Answer);
        await IsSignedOutAsync(ada);
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Program().SignInAsync(ada.Email)).StatusCode);

        Assert.Equal($"{ada.Email} is enabled.\n", (await portal.RunAsync($"users enable {ada.Email}")).Answer);
        await IsSignedOutAsync(ada);
        Assert.Equal(HttpStatusCode.OK, (await portal.Program().SignInAsync(ada.Email)).StatusCode);
        Assert.Equal(["account-disabled", "account-enabled"], await HappenedToAsync(ada, "account-%"));
    }

    [Fact]
    public async Task Who_has_lost_the_app_signs_in_by_password_alone_again_after_the_operator_removed_it()
    {
        var ada = await portal.NewPersonAsync();
        var command = $"users reset-second-factor {ada.Email}";
        Assert.Equal($"{ada.Email} was without a second factor already.\n", (await portal.RunAsync(command)).Answer);
        await portal.ExecuteAsync(
            """
            insert into totp_credentials (user_id, secret, created_at, confirmed_at) values (@Id, 'x', now(), now());
            insert into recovery_codes (id, user_id, code_hash, created_at)
            values (gen_random_uuid(), @Id, sha256('x'), now())
            """,
            new { ada.Id });
        Assert.Null((await (await portal.Program().SignInAsync(ada.Email)).JsonAsync())["token"]);

        Assert.Equal($"{ada.Email} is without a second factor.\n", (await portal.RunAsync(command)).Answer);

        await IsSignedOutAsync(ada);
        Assert.NotNull((await (await portal.Program().SignInAsync(ada.Email)).JsonAsync())["token"]);
        Assert.Equal(0, await portal.ScalarAsync<long>(
            "select count(*) from recovery_codes where user_id = @Id", new { ada.Id }));
        Assert.Equal(["second-factor-asked", "second-factor-reset"], await HappenedToAsync(ada, "second-factor%"));
    }

    [Fact]
    public async Task Signing_out_ends_every_session_and_the_next_sign_in_works()
    {
        var ada = await portal.NewPersonAsync();
        Assert.Equal(0, (await portal.RunAsync($"users sign-out {ada.Email}")).ExitCode);
        await IsSignedOutAsync(ada);
        Assert.Equal(HttpStatusCode.OK, (await portal.Program().SignInAsync(ada.Email)).StatusCode);
        Assert.Equal(["sign-out-everywhere"], await HappenedToAsync(ada, "sign-out%"));
    }

    [Fact]
    public async Task Signing_everybody_out_ends_every_session_of_everybody_within_seconds_and_they_sign_in_again()
    {
        var (ada, grace) = (await portal.NewPersonAsync(), await portal.NewPersonAsync("Grace"));
        Assert.Equal(1, (await portal.RunAsync("users sign-out")).ExitCode);
        Assert.Equal(1, (await portal.RunAsync($"users sign-out {ada.Email} --all")).ExitCode);
        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().GetAsync("/api/me", ada.AccessToken)).StatusCode);

        var people = await portal.ScalarAsync<long>("select count(*) from users");
        Assert.Equal($"{people} people are signed out.\n", (await portal.RunAsync("users sign-out --all")).Answer);

        Assert.True(await Eventually.IsTrueAsync(
            async () => (await portal.Stranger().GetAsync("/api/me", ada.AccessToken)).StatusCode
                == HttpStatusCode.Unauthorized,
            TimeSpan.FromSeconds(60)));
        await IsSignedOutAsync(ada);
        await IsSignedOutAsync(grace);
        var back = await portal.Program().SignInAsync(ada.Email);
        Assert.Equal(
            HttpStatusCode.OK, (await portal.Stranger().GetAsync("/api/me", await back.TextAsync("token"))).StatusCode);
        Assert.Equal(1, await portal.ScalarAsync<long>(
            "select count(*) from audit_events where type = 'everybody-signed-out'"));
    }

    [Fact]
    public async Task A_role_that_is_given_keeps_the_session_and_one_that_is_taken_ends_it()
    {
        var ada = await portal.NewPersonAsync();
        Assert.Equal("admin\neditor\n", (await portal.RunAsync($"users roles {ada.Email} --add admin --add editor")).Answer);
        Assert.Equal(HttpStatusCode.OK, (await portal.Stranger().GetAsync("/api/me", ada.AccessToken)).StatusCode);

        var json = await portal.RunAsync($"users roles {ada.Email} --remove admin --json");
        Assert.Equal($$"""{"id":"{{ada.Id}}","roles":["editor"]}""" + "\n", json.Answer);
        await IsSignedOutAsync(ada);
        Assert.Equal(["roles-changed", "roles-changed"], await HappenedToAsync(ada, "roles-%"));
    }

    [Fact]
    public async Task The_key_that_signs_is_listed_first_and_is_published()
    {
        var keys = (await portal.RunAsync("keys list --json")).Answer.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement).ToList();
        Assert.Equal([true, .. keys.Skip(1).Select(_ => false)], keys.Select(key => key.GetProperty("signs").GetBoolean()));
        var jwks = await portal.Program().GetStringAsync("/.well-known/jwks.json");
        Assert.All(keys, key => Assert.Contains(key.GetProperty("kid").GetString()!, jwks));
    }

    [Fact]
    public async Task The_doctor_finds_nothing_wrong_where_nothing_is_and_says_what_to_set_where_something_is()
    {
        var well = await portal.RunAsync("doctor");
        Assert.Equal(0, well.ExitCode);
        foreach (var name in (string[])["settings", "secret", "url", "sslmode", "pooler", "connection", "clock"])
            Assert.Matches($@"(?m)^{name} +ok ", well.Answer);

        Assert.Matches(@"(?m)^mail +skipped ", well.Answer);
    }

    [Fact]
    public async Task The_doctor_knocks_at_the_mail_server_and_says_why_it_was_not_let_in()
    {
        await portal.ExecuteAsync("delete from outbox"); // what the other tests wrote would be sent too
        await using var sink = SmtpSink.Start();

        Assert.Equal("warning", await MailAsync(sink.Settings()));
        Assert.Equal("fault", await MailAsync(Changed("Mail:Security", "StartTls")));
        Assert.Equal("fault", await MailAsync(Changed("Mail:Port", "1")));
        Assert.Equal("fault", await MailAsync(Changed("Mail:From", "nobody")));
        Assert.Empty(sink.Received);

        Dictionary<string, string?> Changed(string key, string value) => new(sink.Settings()) { [key] = value };
    }

    private async Task<string?> MailAsync(Dictionary<string, string?> settings)
    {
        var ill = portal.Sibling(sibling =>
        {
            foreach (var (key, value) in settings)
                sibling.Settings[key] = value;
        });
        var found = (await ill.RunAsync("doctor --json")).Answer.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(line => line.GetProperty("name").GetString()!, line => line.GetProperty("state").GetString());
        return found["mail"];
    }

    private async Task IsSignedOutAsync(Person person)
    {
        Assert.Equal(
            HttpStatusCode.Unauthorized, (await portal.Stranger().GetAsync("/api/me", person.AccessToken)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Stranger().SendAsync(
            HttpMethod.Post, "/api/auth/refresh", null, new { refreshToken = person.RefreshToken })).StatusCode);
    }

    private Task<IReadOnlyList<string>> HappenedToAsync(Person person, string like) => portal.ListAsync<string>(
        "select type from audit_events join audit_details using (seq) where user_id = @Id and type like @like order by seq",
        new { person.Id, like });
}
