using AuthPortal.Database;
using Xunit;

namespace AuthPortal.Tests.Database;

public sealed class DataFolderTests : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), $"authportal-test-{Guid.NewGuid():N}");

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public async Task All_who_make_a_secret_at_once_get_the_same_one()
    {
        for (var round = 0; round < 10; round++)
        {
            var name = $"secret-{round}";
            var starters = Enumerable.Range(0, 8)
                .Select(_ => Task.Run(() => new DataFolder(_path).ReadOrCreate(name, () => $"{Guid.NewGuid()}")));

            Assert.Single((await Task.WhenAll(starters)).Distinct());
        }
    }

    [Fact]
    public void Nobody_else_can_read_a_secret_or_list_the_folder()
    {
        const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherRead
            | UnixFileMode.OtherWrite;
        new DataFolder(_path).ReadOrCreate("secret", () => "s3cret");

        Assert.True(OperatingSystem.IsWindows() || (File.GetUnixFileMode(_path) & Others) == 0);
        Assert.True(OperatingSystem.IsWindows() || File.GetUnixFileMode(Path.Combine(_path, "secret"))
            == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
    }
}
