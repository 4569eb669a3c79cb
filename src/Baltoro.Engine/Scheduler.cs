// Continues several texts at once, each step of all of them in one pass over the weights. Knows no text and no arithmetic.

using System.Runtime.CompilerServices;
using Baltoro.Engine.Network;

namespace Baltoro.Engine;

/// <summary>
/// <para>A thread of its own runs one pass after another. Every text that is being generated moves by a token in each pass, of more than <see cref="Model.MostTogether"/> as many, in turns; prompts fill what is left of the
/// batch, in turns, and less of it when somebody waits for tokens. Texts join and leave between passes.</para>
/// <para>A text's tokens depend on its prompt, settings and seed alone, whatever else runs. Safe from any thread.</para>
/// </summary>
public sealed class Scheduler : IDisposable
{
    /// <summary>Tokens of prompts in a pass while others wait for their next token: enough to read the weights once for many, few enough not to be felt.</summary>
    const int PromptBesideOthers = 64;

    readonly Model _model;
    readonly Thread _thread;
    readonly Lock _lock = new();
    readonly Queue<Generation> _arrived = new();
    readonly AutoResetEvent _called = new(false);
    // The next two belong to the thread alone.
    readonly List<Generation> _running = [];
    readonly List<Generation> _choosing = [];
    Generation[] _inPass = [];
    CancellationTokenSource _pass = new();
    volatile bool _ended;

    public Scheduler(Model model)
    {
        _model = model;
        _thread = new(Work) { IsBackground = true, Name = "engine scheduler" };
        _thread.Start();
    }

    /// <summary>Continues a prompt; tokens come as they are chosen. To stop reading, or to cancel, ends it at once.</summary>
    /// <exception cref="ArgumentException">The prompt is empty, holds what is no token, or a sampling setting makes no sense.</exception>
    /// <exception cref="CacheFullException">While reading: the context or the cache's memory is used up.</exception>
    public async IAsyncEnumerable<int> Generate(GenerationOrder order, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        if (order.Prompt.Count == 0) throw new ArgumentException("The prompt is empty; one token or more was expected.", nameof(order));
        ObjectDisposedException.ThrowIf(_ended, this);
        Generation generation = new(order, _model);
        lock (_lock) _arrived.Enqueue(generation);
        _called.Set();
        try
        {
            await foreach (int token in generation.Tokens.ReadAllAsync(cancellation).ConfigureAwait(false)) yield return token;
        }
        finally
        {
            Cancel(generation);
        }
    }

    public void Dispose()
    {
        _ended = true;
        lock (_lock) _pass.Cancel();
        _called.Set();
        _thread.Join();
        lock (_lock)
            while (_arrived.TryDequeue(out Generation? waiting)) waiting.End(new ObjectDisposedException(nameof(Scheduler)));
        _called.Dispose();
        _pass.Dispose();
    }

    void Cancel(Generation generation)
    {
        generation.Cancel();
        lock (_lock)
            // A pass that nobody waits for any more is not finished.
            if (_inPass.Length > 0 && Array.TrueForAll(_inPass, one => one.Cancelled)) _pass.Cancel();
        if (!_ended) _called.Set();
    }

    void Work()
    {
        while (!_ended)
        {
            Admit();
            if (_running.Count == 0) _called.WaitOne();
            else Pass();
        }
        foreach (Generation generation in _running) generation.End(new ObjectDisposedException(nameof(Scheduler)));
    }

    void Admit()
    {
        lock (_lock)
            while (_arrived.TryDequeue(out Generation? generation)) _running.Add(generation);
        foreach (Generation generation in _running.FindAll(one => one.Cancelled)) Leave(generation);
    }

    void Pass()
    {
        try
        {
            _model.Run(this, static (batch, scheduler) => scheduler.Fill(batch), static (forward, scheduler) => scheduler.Choose(forward), _pass.Token);
        }
        catch (OperationCanceledException)
        {
            lock (_lock)
            {
                _pass.Dispose();
                _pass = new();
            }
        }
        lock (_lock) _inPass = [];
    }

    void Fill(Batch batch)
    {
        _choosing.Clear();
        List<Generation> entered = [], prompts = _running.FindAll(one => one.InPrompt);
        // A prompt's end wants logits, too: one can come to it in each pass, however many move by a token.
        int reserved = prompts.Count > 0 ? 1 : 0;
        foreach (Generation generation in _running.FindAll(one => !one.InPrompt))
            if (batch.WantedLeft > reserved) Enter(generation, batch, 1, entered);
        int left = batch.Count > 0 ? Math.Min(PromptBesideOthers, batch.RowsLeft) : batch.RowsLeft;
        for (int i = 0; i < prompts.Count && left > 0; i++)
        {
            int before = batch.Count;
            Enter(prompts[i], batch, Math.Max(1, left / (prompts.Count - i)), entered);
            left -= batch.Count - before;
        }
        lock (_lock) _inPass = [.. entered];
        // Who found no room goes first in the next pass, and who went first goes last.
        List<Generation> others = _running.FindAll(one => !entered.Contains(one));
        if (others.Count == 0 && _running.Count > 1) others = _running[1..];
        _running.RemoveAll(others.Contains);
        _running.InsertRange(0, others);
    }

    void Enter(Generation generation, Batch batch, int most, List<Generation> entered)
    {
        // Where no more logits can be had, a prompt's last token waits.
        if (batch.WantedLeft == 0) most = Math.Min(most, generation.Unseen - 1);
        most = Math.Min(most, batch.RowsLeft);
        if (most == 0) return;
        try
        {
            if (generation.Enter(batch, most)) _choosing.Add(generation);
            entered.Add(generation);
        }
        catch (Exception e) when (e is CacheFullException or ArgumentException)
        {
            Leave(generation, e);
        }
    }

    void Choose(Forward forward)
    {
        for (int i = 0; i < _choosing.Count; i++)
            try
            {
                if (!_choosing[i].Cancelled && !_choosing[i].Choose(forward.Logits(i))) Leave(_choosing[i]);
            }
            catch (ArgumentException e)
            {
                Leave(_choosing[i], e);
            }
    }

    void Leave(Generation generation, Exception? error = null)
    {
        _running.Remove(generation);
        generation.End(error);
    }
}
