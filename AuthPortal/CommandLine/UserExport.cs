using System.Text.Json;
using AuthPortal.Users;

namespace AuthPortal.CommandLine;

/// <summary>Everybody as lines that an import reads, hashes included, page by page in the order of their ids.</summary>
internal sealed class UserExport(UserTransferStore users)
{
    private const int PageSize = 1000;

    /// <returns>How many there were.</returns>
    public async Task<long> RunAsync(Stream target, CancellationToken ct)
    {
        var count = 0L;
        for (Guid? after = null; ;)
        {
            var page = await users.ListAfterAsync(after, PageSize, ct);
            foreach (var user in page)
            {
                await JsonSerializer.SerializeAsync(target, PersonLine.Of(user), PersonLine.Json, ct);
                target.WriteByte((byte)'\n');
            }

            count += page.Count;
            await target.FlushAsync(ct);
            if (page.Count < PageSize)
                return count;
            after = page[^1].Id;
        }
    }
}
