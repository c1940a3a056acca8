using System.Text.Json;
using AuthPortal.Users;

namespace AuthPortal.CommandLine;

/// <summary>Everybody as lines that an import reads, hashes included, page by page in the order of their ids.</summary>
internal sealed class UserExport(UserTransferStore users)
{
    private const int PageSize = 1000;

    /// <summary>How many have been handed out.</summary>
    public long Count { get; private set; }

    public async Task RunAsync(Stream target, CancellationToken ct)
    {
        for (Guid? after = null; ;)
        {
            var page = await users.ListAfterAsync(after, PageSize, ct);
            foreach (var user in page)
            {
                await JsonSerializer.SerializeAsync(target, PersonLine.Of(user), PersonLine.Json, ct);
                target.WriteByte((byte)'\n');
            }

            Count += page.Count;
            await target.FlushAsync(ct);
            if (page.Count < PageSize)
                return;
            after = page[^1].Id;
        }
    }
}
