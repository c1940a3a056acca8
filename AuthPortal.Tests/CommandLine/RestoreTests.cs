using System.Net;
using AuthPortal.Tests.Support;
using Xunit;

namespace AuthPortal.Tests.CommandLine;

/// <summary>A backup brings back sessions that were ended and people who were erased since it was made.</summary>
public sealed class RestoreTests(Portal portal) : IClassFixture<Portal>
{
    [Fact]
    public async Task After_a_restore_nobody_is_signed_in_and_who_was_erased_is_erased_again()
    {
        var (ada, eve) = (await portal.NewPersonAsync(), await portal.NewPersonAsync("Eve"));
        await portal.ExecuteAsync("create table backed_up as select * from users where id = @Id", new { eve.Id });
        (await eve.Http.PostAsync("/api/auth/delete-user", new { password = Api.Password })).EnsureSuccessStatusCode();
        var list = await portal.RunAsync("erasures export");
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, list.Answer);
        await portal.ExecuteAsync("insert into users select * from backed_up; drop table backed_up");
        Assert.Equal(HttpStatusCode.OK, (await portal.Program().SignInAsync(eve.Email)).StatusCode);

        var done = await portal.RunAsync($"restore finish --erasures {file}");

        File.Delete(file);
        Assert.Equal(0, done.ExitCode);
        Assert.Contains("1 who had been erased are erased again; the audit log is sound", done.Answer, StringComparison.Ordinal);
        Assert.DoesNotContain($"{eve.Id}", list.Answer, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Program().SignInAsync(eve.Email)).StatusCode);
        Assert.True(await Eventually.IsTrueAsync(
            async () => (await ada.Http.GetAsync("/api/me")).StatusCode == HttpStatusCode.Unauthorized,
            TimeSpan.FromSeconds(60)));
        Assert.Equal(HttpStatusCode.OK, (await portal.Program().SignInAsync(ada.Email)).StatusCode);
    }

    [Fact]
    public async Task A_file_that_is_no_list_is_refused_before_anything_is_done()
    {
        var ada = await portal.NewPersonAsync();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "ada@example.com\n");

        var refused = await portal.RunAsync($"restore finish --erasures {file}");

        File.Delete(file);
        Assert.Equal(1, refused.ExitCode);
        Assert.Contains("is no list that `erasures export` has written", refused.Words, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await ada.Http.GetAsync("/api/me")).StatusCode);
    }
}
