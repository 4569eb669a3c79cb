// What one session has in the cache: its tokens and the pages that hold their keys and values. Knows no arithmetic.

namespace Baltoro.Engine.Cache;

/// <summary>Tokens 0 to <see cref="Length"/> - 1 are in the cache. One caller at a time; pages may be shared with other timelines and are copied before they are written.</summary>
sealed class Timeline : IDisposable
{
    readonly PagePool _pool;
    readonly int[] _pages;
    int[] _tokens = new int[PagePool.Positions];
    int _held;

    /// <param name="pool">Where pages come from.</param>
    /// <param name="context">The most tokens that it may hold.</param>
    public Timeline(PagePool pool, int context)
    {
        (_pool, Context) = (pool, context);
        _pages = new int[(context + PagePool.Positions - 1) / PagePool.Positions];
    }

    public int Context { get; }

    public int Length { get; private set; }

    public ReadOnlySpan<int> Tokens => _tokens.AsSpan(0, Length);

    /// <summary>Its pages in order; the last one may be part full.</summary>
    public ReadOnlySpan<int> Pages => _pages.AsSpan(0, _held);

    public int PageOf(int position) => _pages[position / PagePool.Positions];

    /// <summary>Another timeline that has the same behind it; nothing is copied but page numbers.</summary>
    public Timeline Fork()
    {
        Timeline fork = new(_pool, Context);
        fork.Adopt(Pages, Tokens);
        return fork;
    }

    /// <summary>Begins with what the pages hold; they get one more holder. It is empty before.</summary>
    public void Adopt(ReadOnlySpan<int> pages, ReadOnlySpan<int> tokens)
    {
        if (_held > 0) throw new InvalidOperationException("The timeline has pages already.");
        foreach (int page in pages) _pool.Hold(page);
        pages.CopyTo(_pages);
        _held = pages.Length;
        _tokens = new int[Math.Max(tokens.Length, PagePool.Positions)];
        tokens.CopyTo(_tokens);
        Length = tokens.Length;
    }

    /// <summary>Makes room for <paramref name="count"/> more tokens, in pages that nobody else holds; false when memory is used up, and what was taken stays.</summary>
    public bool MakeRoom(int count)
    {
        if (count > Context - Length) throw new ArgumentOutOfRangeException(nameof(count), $"{Length} and {count} tokens are more than the session's {Context}.");
        if (count == 0) return true;
        int first = Length / PagePool.Positions, last = (Length + count - 1) / PagePool.Positions;
        for (int i = first; i <= last; i++)
        {
            if (i < _held && _pool.Holders(_pages[i]) == 1) continue;
            int page = _pool.Take();
            if (page < 0) return false;
            if (i < _held)
            {
                _pool.Copy(_pages[i], page);
                _pool.LetGo(_pages[i]);
            }
            else _held++;
            _pages[i] = page;
        }
        return true;
    }

    /// <summary>Takes over tokens whose keys and values have been written.</summary>
    public void Append(ReadOnlySpan<int> tokens)
    {
        if (Length + tokens.Length > _tokens.Length) Array.Resize(ref _tokens, Math.Max(Length + tokens.Length, 2 * _tokens.Length));
        tokens.CopyTo(_tokens.AsSpan(Length));
        Length += tokens.Length;
    }

    /// <summary>Forgets what is behind the first <paramref name="length"/> tokens.</summary>
    public void Cut(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, Length);
        Length = length;
        int needed = (length + PagePool.Positions - 1) / PagePool.Positions;
        while (_held > needed) _pool.LetGo(_pages[--_held]);
    }

    public void Dispose() => Cut(0);
}
