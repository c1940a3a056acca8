using System.Diagnostics;
using System.Net;
using AuthPortal.Web;

namespace AuthPortal.Passwords;

/// <summary>
/// The bulkhead around hashing: threads of its own and a short line before them. On the thread pool a flood of sign-ins
/// would starve everything else (verifying a token went from 0.9 ms to 7.5 s).
/// </summary>
internal sealed class HashingQueue : IDisposable
{
    // One core hashes 24 × 1,024 rounds in about two seconds (76 ms at cost 10, 153 at 11, 310 at 12). Who would wait
    // longer is better told at once; Retry-After says the same two seconds.
    private const int RoundsInTwoSeconds = 24 * 1024;
    private const int FewestPerThread = 2;

    private readonly object _gate = new();
    private readonly FairLine<Job> _line;
    private readonly List<Thread> _threads = [];
    private readonly HashingMeter _meter;
    private int _free;
    private bool _stopping;

    public HashingQueue(int threads, int limit, int limitPerBlock, HashingMeter meter)
    {
        _line = new FairLine<Job>(limit, limitPerBlock);
        _meter = meter;
        meter.Watch(CountWaiting);
        _free = threads;
        for (var i = 0; i < threads; i++)
        {
            // Background: a hash in progress never keeps the process alive.
            var thread = new Thread(Work) { IsBackground = true, Name = $"Hashing {i}" };
            _threads.Add(thread);
            thread.Start();
        }
    }

    public static HashingQueue For(PasswordOptions options, HashingMeter meter)
    {
        // One core is left to everything else.
        var threads = Math.Max(1, Environment.ProcessorCount - 1);
        var limit = threads * Math.Max(FewestPerThread, RoundsInTwoSeconds >> options.Cost);
        return new HashingQueue(threads, options.QueueLimit ?? limit, options.QueueLimitPerBlock, meter);
    }

    /// <summary>Runs the work on a hashing thread, or answers at once that there is too much to do.</summary>
    public async Task<Result<T>> RunAsync<T>(Func<T> work, IPAddress? caller, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        T? value = default;
        var job = new Job(() => value = work());
        if (!TryEnter(job, AddressBlock.Of(caller)))
            return Shed(AuthErrors.TooBusy);

        await using var leaving = ct.UnsafeRegister(_ => Leave(job, ct), null);
        return await job.Task is { } error ? Shed(error) : value!;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            while (_line.Take() is { } job)
                job.SetResult(AuthErrors.TooBusy);
            Monitor.PulseAll(_gate);
        }

        foreach (var thread in _threads)
            thread.Join();
    }

    private AuthError Shed(AuthError refusal)
    {
        _meter.Shed();
        return refusal;
    }

    private int CountWaiting()
    {
        lock (_gate)
            return _line.Count;
    }

    private bool TryEnter(Job job, AddressBlock block)
    {
        lock (_gate)
        {
            if (_stopping)
                return false;

            // A thread that is free takes it at once, so the limits, which are for those who wait, don't apply.
            if (_free > _line.Count)
                _line.Add(block, job);
            else if (_line.TryAdd(block, job, out var displaced))
                displaced?.SetResult(AuthErrors.TooBusy);
            else
                return false;

            Monitor.Pulse(_gate);
            return true;
        }
    }

    // Who has gone away frees the place. A hash in progress is finished: bcrypt can't be interrupted.
    private void Leave(Job job, CancellationToken ct)
    {
        lock (_gate)
        {
            if (_line.Remove(job))
                job.SetCanceled(ct);
        }
    }

    private void Work()
    {
        while (Next() is { } job)
        {
            var started = Stopwatch.GetTimestamp();
            var bug = job.Run();
            _meter.Hashed(Stopwatch.GetElapsedTime(started));
            // Before the answer: who has it may come again at once.
            lock (_gate)
                _free++;
            job.Complete(bug);
        }
    }

    /// <summary>Null when the queue stops.</summary>
    private Job? Next()
    {
        lock (_gate)
        {
            while (_line.Count == 0 && !_stopping)
                Monitor.Wait(_gate);
            _free--;
            return _line.Take();
        }
    }

    // Whoever awaits goes on elsewhere: a request's remaining work must not run on a hashing thread.
    private sealed class Job(Action work)
        : TaskCompletionSource<AuthError?>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public Exception? Run()
        {
            try
            {
                work();
                return null;
            }
            catch (Exception e)
            {
                return e;
            }
        }

        public void Complete(Exception? bug)
        {
            if (bug is null)
                SetResult(null);
            else
                SetException(bug);
        }
    }
}
