using System.Buffers;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;

namespace AuthPortal.CommandLine;

/// <param name="Number">From 1.</param>
/// <param name="Text">UTF-8 without the line's end; null where it was too long to be kept.</param>
internal readonly record struct Line(long Number, byte[]? Text);

/// <summary>Lines of a stream of any length, in bounded memory.</summary>
internal static class Lines
{
    public const int MaxBytes = 64 * 1024;

    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];

    public static async IAsyncEnumerable<Line> ReadAsync(Stream stream, [EnumeratorCancellation] CancellationToken ct)
    {
        var reader = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: MaxBytes));
        var number = 0L;
        var tooLong = false;
        for (var ended = false; !ended;)
        {
            var read = await reader.ReadAsync(ct);
            var buffer = read.Buffer;
            while (buffer.PositionOf((byte)'\n') is { } end)
            {
                yield return Of(++number, tooLong, buffer.Slice(0, end));
                tooLong = false;
                buffer = buffer.Slice(buffer.GetPosition(1, end));
            }

            ended = read.IsCompleted;
            if (ended && (tooLong || buffer.Length > 0))
                yield return Of(++number, tooLong, buffer);

            // What is longer than a line may be is dropped as it comes.
            tooLong |= buffer.Length > MaxBytes;
            reader.AdvanceTo(tooLong ? buffer.End : buffer.Start, buffer.End);
        }
    }

    /// <exception cref="IOException">It begins a file in UTF-16, as PowerShell's <c>&gt;</c> writes.</exception>
    private static Line Of(long number, bool tooLong, ReadOnlySequence<byte> bytes)
    {
        if (tooLong || bytes.Length > MaxBytes)
            return new Line(number, null);
        var text = bytes.ToArray();
        if (number == 1 && text is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..])
            throw new IOException("The file is UTF-16: write it as UTF-8, such as with `iconv -f utf-16 -t utf-8`.");
        return new Line(number, number == 1 && text.AsSpan().StartsWith(ByteOrderMark) ? text[3..] : text);
    }
}
