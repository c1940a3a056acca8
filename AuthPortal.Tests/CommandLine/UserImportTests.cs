using System.Net;
using System.Text;
using System.Text.Json;
using AuthPortal.CommandLine;
using AuthPortal.Passwords;
using AuthPortal.Tests.Passwords;
using AuthPortal.Tests.Support;
using AuthPortal.Users;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AuthPortal.Tests.CommandLine;

/// <summary>What comes in line by line, and what goes out again.</summary>
public sealed class UserImportTests(Portal portal) : IClassFixture<Portal>
{
    [Fact]
    public async Task Everyone_brought_signs_in_with_the_old_password_and_is_hashed_anew()
    {
        var people = new Dictionary<string, (string Password, string Hash)>
        {
            [Api.NewEmail()] = (BroughtHashes.Umlaut, BroughtHashes.BetterAuth[BroughtHashes.Umlaut]),
            [Api.NewEmail()] = (BroughtHashes.Emoji, BroughtHashes.Supabase[BroughtHashes.Emoji]),
            [Api.NewEmail()] = (BroughtHashes.Ascii,
                new Microsoft.AspNetCore.Identity.PasswordHasher<object>().HashPassword(new(), BroughtHashes.Ascii)),
        };
        var (count, _) = await ImportAsync([.. people.Select(p => Line(new { email = p.Key, passwordHash = p.Value.Hash }))]);
        Assert.Equal(new ImportCount(3, 0, 0), count);
        foreach (var (email, (password, _)) in people)
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Program().SignInAsync(email, password + "!")).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await portal.Program().SignInAsync(email, password)).StatusCode);
            Assert.StartsWith("bcrypt-hmac-sha384:", await HashOf(email));
            Assert.Equal(HttpStatusCode.OK, (await portal.Program().SignInAsync(email, password)).StatusCode);
        }
    }

    [Fact]
    public async Task Every_field_arrives()
    {
        var email = $"Ada+{Guid.NewGuid():N}@Bücher.example";
        var id = Guid.CreateVersion7();
        var eraseAt = DateTimeOffset.FromUnixTimeSeconds(DateTimeOffset.UtcNow.ToUnixTimeSeconds()).AddDays(30);
        var (count, problems) = await ImportAsync(Line(new
        {
            id,
            email,
            name = "  Ада Лавлейс ",
            emailVerified = true,
            image = "https://pictures.example/ada.png",
            createdAt = "2024-02-29T12:34:56.789123+02:00",
            updatedAt = "2024-03-01T00:00:00",
            roles = (string[])["admin", "Team Lead", "admin"],
            disabled = true,
            sessionVersion = 7,
            eraseAt,
        }));
        Assert.Empty(problems);
        Assert.Equal(1, count.Added);
        var user = await FindAsync(email);
        Assert.Equal((id, email.Replace('B', 'b'), "Ада Лавлейс"), (user.Id, user.Email, user.Name));
        Assert.Equal("https://pictures.example/ada.png", user.Image);
        Assert.Equal(new DateTimeOffset(2024, 2, 29, 10, 34, 56, 789, TimeSpan.Zero), user.CreatedAt);
        Assert.Equal(new DateTimeOffset(2024, 3, 1, 0, 0, 0, TimeSpan.Zero), user.UpdatedAt);
        Assert.Equal(user.UpdatedAt, user.EmailVerifiedAt);
        Assert.Equal(["admin", "Team Lead"], user.Roles);
        Assert.NotNull(user.DisabledAt);
        Assert.Equal(8, user.SessionVersion);
        Assert.Equal(eraseAt, user.EraseAt);
        Assert.Null(user.PasswordHash);
    }

    [Fact]
    public async Task Running_it_twice_changes_nothing_and_so_does_another_spelling_of_the_address()
    {
        var email = Api.NewEmail();
        await ImportAsync(Line(new { email, name = "Ada" }));
        var (count, _) = await ImportAsync(
            Line(new { email, name = "Eve", passwordHash = BroughtHashes.Supabase[BroughtHashes.Ascii] }),
            Line(new { email = email.ToUpperInvariant(), roles = (string[])["admin"] }));
        Assert.Equal(new ImportCount(0, 2, 0), count);
        var user = await FindAsync(email);
        Assert.Equal(("Ada", null), (user.Name, user.PasswordHash));
        Assert.Empty(user.Roles);
    }

    [Fact]
    public async Task Of_two_lines_with_one_address_the_second_is_refused_and_the_first_named()
    {
        var email = Api.NewEmail();

        var (count, problems) = await ImportAsync(
            Line(new { email, name = "First" }), Line(new { email = email.ToUpperInvariant(), name = "Second" }));

        Assert.Equal(new ImportCount(1, 0, 1), count);
        Assert.Equal(
            "line 2: email: is the address of line 1 as well: nothing of this came in", $"{problems.Single()}");
        Assert.Equal("First", (await FindAsync(email)).Name);
    }

    [Fact]
    public async Task Bad_lines_are_named_by_number_and_field_and_the_others_come_in()
    {
        var good = Api.NewEmail();
        string[] lines =
        [
            "\uFEFF" + Line(new { email = Api.NewEmail() }),
            "",
            "{",
            "[]",
            "null",
            Line(new { name = "Ada" }),
            Line(new { email = "secret-person" }),
            Line(new { email = Api.NewEmail(), emailVerified = "yes" }),
            Line(new { email = Api.NewEmail(), emailVerfied = true }),
            "{\"email\":\"a@x.example\",\"email\":\"b@x.example\"}",
            Line(new { email = Api.NewEmail(), name = new string('x', 101) }),
            "{\"email\":\"c@x.example\",\"name\":\"\\ud800\"}",
            Line(new { email = Api.NewEmail(), name = "a\0b" }),
            Line(new { email = Api.NewEmail(), image = "javascript:alert(1)" }),
            Line(new { email = Api.NewEmail(), passwordHash = "correct horse battery" }),
            Line(new { email = Api.NewEmail(), createdAt = "yesterday" }),
            Line(new { email = Api.NewEmail(), createdAt = "1969-12-31T00:00:00Z" }),
            Line(new { email = Api.NewEmail(), roles = (string[])["a,b"] }),
            Line(new { email = Api.NewEmail(), id = "0123456789abcdef" }),
            Line(new { email = Api.NewEmail(), name = new string('x', 100_000) }),
            Line(new { email = Api.NewEmail(), eraseAt = "2999-12-31T00:00:00Z" }),
            Line(new { email = Api.NewEmail(), eraseAt = "0001-01-01T00:00:00Z" }),
            Line(new { email = good }) + "\r",
        ];
        var (count, problems) = await ImportAsync(lines);
        Assert.Equal(new ImportCount(3, 0, 19, WithoutPassword: 1), count);
        Assert.Equal(
            [
                (3, null), (4, null), (5, null), (6, "email"), (7, "email"), (8, "emailVerified"), (9, "emailVerfied"),
                (10, "email"), (11, "name"), (12, "name"), (13, "name"), (14, "image"), (15, "passwordHash"),
                (16, "createdAt"), (17, "createdAt"), (18, "roles"), (19, "id"), (20, null),
                (21, "eraseAt"), (22, "eraseAt"),
            ],
            problems.OrderBy(problem => problem.Line).Select(problem => ((int)problem.Line, problem.Field)));
        Assert.All(problems, problem => Assert.DoesNotContain("secret-person", problem.ToString()));
        Assert.Equal(good, (await FindAsync(good)).Email);
    }

    [Fact]
    public async Task An_id_that_is_somebody_elses_is_refused_in_a_batch_and_beyond()
    {
        var id = Guid.CreateVersion7();
        var (count, problems) = await ImportAsync(
            Line(new { id, email = Api.NewEmail() }), Line(new { id, email = Api.NewEmail() }));
        Assert.Equal((new ImportCount(1, 0, 1), "line 2: id: belongs to another person"), (count, $"{problems.Single()}"));
        (count, problems) = await ImportAsync(Line(new { id, email = Api.NewEmail() }));
        Assert.Equal((new ImportCount(0, 0, 1), 1), (count, problems.Single().Line));
    }

    [Fact]
    public async Task What_the_database_alone_refuses_costs_nobody_else_their_place()
    {
        await portal.ExecuteAsync("alter table users add constraint whim check (name <> 'Mallory')");
        var lines = Enumerable.Range(0, 9).Select(i => Line(new { email = Api.NewEmail(), name = i == 5 ? "Mallory" : "Ada" }));
        var (count, problems) = await ImportAsync([.. lines]);
        Assert.Equal((new ImportCount(8, 0, 1), "line 6: is refused by the database (23514)"), (count, $"{problems.Single()}"));
    }

    [Fact]
    public async Task What_is_exported_is_imported_into_an_empty_portal_where_everyone_signs_in()
    {
        var ours = await portal.NewPersonAsync("Grace");
        var brought = Api.NewEmail();
        await ImportAsync(Line(new
        {
            email = brought,
            passwordHash = BroughtHashes.BetterAuth[BroughtHashes.Emoji],
            emailVerified = true,
            roles = (string[])["admin"],
            eraseAt = DateTimeOffset.UtcNow.AddDays(1),
        }));
        var others = new Dictionary<string, (string Password, string Hash)>
        {
            [Api.NewEmail()] = (BroughtHashes.Ascii, BroughtHashes.Supabase[BroughtHashes.Ascii]),
            [Api.NewEmail()] = (BroughtHashes.Ascii,
                new Microsoft.AspNetCore.Identity.PasswordHasher<object>().HashPassword(new(), BroughtHashes.Ascii)),
        };
        await ImportAsync([.. others.Select(p => Line(new { email = p.Key, passwordHash = p.Value.Hash }))]);
        var exported = await ExportAsync(portal);

        var other = new Portal();
        await other.InitializeAsync();
        await using var _ = other;
        var (count, problems) = await ImportAsync(other, exported);
        Assert.Empty(problems);
        Assert.Equal(exported.Length, count.Added);
        Assert.Equal(1, await other.ScalarAsync<int>(
            "select count(*)::int from users where erase_at > now() and email = @brought", new { brought }));
        Assert.Equal(HttpStatusCode.OK, (await other.Program().SignInAsync(ours.Email)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await other.Program().SignInAsync(brought, BroughtHashes.Emoji)).StatusCode);

        foreach (var (email, (password, _)) in others)
            Assert.Equal(HttpStatusCode.OK, (await other.Program().SignInAsync(email, password)).StatusCode);

        // The same secret and address, yet no session came along: a token that was revoked there must not live here.
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.Stranger().SendAsync(
            HttpMethod.Post, "/api/auth/refresh", null, new { refreshToken = ours.RefreshToken })).StatusCode);

        var ids = exported.Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetGuid().ToString()).ToList();
        Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        var before = await other.SnapshotAsync();
        Assert.Equal(new ImportCount(0, exported.Length, 0), (await ImportAsync(other, exported)).Count);
        Assert.Equal(before, await other.SnapshotAsync());
        await ((IAsyncLifetime)other).DisposeAsync();
    }

    [Fact]
    public async Task Who_comes_back_under_an_id_that_is_revoked_signs_in_above_it()
    {
        var id = Guid.CreateVersion7();
        await portal.ExecuteAsync(
            """
            insert into revocations (id, kind, user_id, below_version, expires_at)
            values (gen_random_uuid(), 'user', @id, 5, now() + interval '30 days')
            """,
            new { id });
        var email = Api.NewEmail();
        await ImportAsync(Line(new { id, email, sessionVersion = 2 }));

        Assert.Equal(5, (await FindAsync(email)).SessionVersion);
    }

    private static string Line(object person) => JsonSerializer.Serialize(person);

    private Task<(ImportCount Count, List<LineProblem> Problems)> ImportAsync(params string[] lines) =>
        ImportAsync(portal, lines);

    private static async Task<(ImportCount Count, List<LineProblem> Problems)> ImportAsync(Portal portal, string[] lines)
    {
        var problems = new List<LineProblem>();
        await using var scope = portal.Services.CreateAsyncScope();
        var import = NewImport(scope, problems.Add);
        await import.RunAsync(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines))), default);
        return (import.Count, problems);
    }

    private static UserImport NewImport(AsyncServiceScope scope, Action<LineProblem> report)
    {
        var services = scope.ServiceProvider;
        var reader = new PersonReader(services.GetRequiredService<PasswordHasher>(), TimeProvider.System);
        return new UserImport(reader, services.GetRequiredService<UserTransferStore>(), report);
    }

    private static async Task<string[]> ExportAsync(Portal portal)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        using var target = new MemoryStream();
        var export = new UserExport(scope.ServiceProvider.GetRequiredService<UserTransferStore>());
        await export.RunAsync(target, default);
        var lines = Encoding.UTF8.GetString(target.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(export.Count, lines.Length);
        return lines;
    }

    private async Task<User> FindAsync(string email)
    {
        await using var scope = portal.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<UserStore>()
            .FindByEmailAsync(EmailAddress.TryParse(email)!, default))!;
    }

    private Task<string?> HashOf(string email) => portal.ScalarAsync<string>(
        "select password_hash from users where email_canonical = @email", new { email });
}
