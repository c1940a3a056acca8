using System.Diagnostics;
using AuthPortal.Web;

namespace AuthPortal.Passwords;

/// <summary>
/// The bulkhead around hashing: threads of its own and a short line before them. On the thread pool a flood of sign-ins
/// would starve everything else (verifying a token went from 0.9 ms to 7.5 s). There is one for each core, of a low
/// priority, so that whatever else the portal does goes first.
/// </summary>
internal sealed class HashingQueue : IDisposable
{
    // One core hashes 24 × 1,024 rounds in about two seconds (76 ms at cost 10, 153 at 11, 310 at 12). Who would wait
    // longer is better told at once.
    private const int RoundsInTwoSeconds = 24 * 1024;
    private const int FewestPerThread = 2;

    private readonly object _gate = new();
    private readonly FairLine<Job> _line;
    private readonly List<Thread> _threads = [];
    private readonly HashingMeter _meter;
    private readonly ComeBackTimes _comeBack;
    private readonly Action? _begin;
    private int _free;
    private bool _stopping;

    /// <param name="begin">What each of the threads does first.</param>
    public HashingQueue(int threads, int limit, HashingMeter meter, TimeProvider clock, Action? begin = null)
    {
        _line = new FairLine<Job>(limit, clock);
        _comeBack = new ComeBackTimes(threads, clock);
        _meter = meter;
        _begin = begin;
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

    public static HashingQueue For(PasswordOptions options, HashingMeter meter, TimeProvider clock)
    {
        var threads = Environment.ProcessorCount;
        var limit = threads * Math.Max(FewestPerThread, RoundsInTwoSeconds >> options.Cost);
        return new HashingQueue(threads, options.QueueLimit ?? limit, meter, clock, LowPriority.OfThisThread);
    }

    /// <summary>Runs the work on a hashing thread, or answers at once that there is too much to do.</summary>
    public async Task<Result<T>> RunAsync<T>(Func<T> work, HashingCaller caller, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        T? value = default;
        var job = new Job(() => value = work());
        if (TryEnter(job, caller) is { } refusal)
            return Shed(refusal);

        await using var leaving = ct.UnsafeRegister(_ => Leave(job, ct), null);
        return await job.Task is { } error ? Shed(error) : value!;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
            while (_line.Take() is { } job)
                job.SetResult(TooBusy());
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

    /// <returns>Null where the job is in the line.</returns>
    private AuthError? TryEnter(Job job, HashingCaller caller)
    {
        lock (_gate)
        {
            if (_stopping || !_line.TryAdd(caller, job, _free, out var displaced))
                return TooBusy();
            displaced?.SetResult(TooBusy());
            Monitor.Pulse(_gate);
            return null;
        }
    }

    private AuthError TooBusy() =>
        AuthErrors.TooBusy with { RetryAfter = _comeBack.Next(_line.Count) };

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
        _begin?.Invoke();
        while (Next() is { } job)
        {
            var started = Stopwatch.GetTimestamp();
            var bug = job.Run();
            var busy = Stopwatch.GetElapsedTime(started);
            _meter.Hashed(busy);
            // Before the answer: who has it may come again at once.
            lock (_gate)
            {
                _free++;
                _comeBack.Learn(busy);
            }

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
