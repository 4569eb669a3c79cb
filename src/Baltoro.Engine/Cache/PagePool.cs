// The memory of all sessions' caches, in pages that several sessions may share. Knows no tokens.

using Baltoro.Engine.Kernels;

namespace Baltoro.Engine.Cache;

/// <summary>How a cached number is kept.</summary>
public enum CachePrecision
{
    /// <summary>Two bytes; what serving wants.</summary>
    Brain16 = 2,

    /// <summary>Four bytes; for comparing with reference numbers.</summary>
    Single = 4,
}

/// <summary>
/// Pages of <see cref="KernelSet.Block"/> positions: for each layer a block [32, row]. A page has holders; the last to let go frees it.
/// Safe from any thread; the contents belong to whoever holds the page alone.
/// </summary>
sealed unsafe class PagePool : IDisposable
{
    public const int Positions = KernelSet.Block;

    readonly Lock _lock = new();
    readonly Native<byte>?[] _pages;
    readonly int[] _holders;
    readonly Stack<int> _free = new();
    int _made;

    /// <param name="layers">Blocks of a page.</param>
    /// <param name="row">Numbers of a position in a block.</param>
    /// <param name="precision">How each is kept.</param>
    /// <param name="limit">Bytes that all pages together may take; memory is taken page by page as it is needed.</param>
    public PagePool(int layers, int row, CachePrecision precision, long limit)
    {
        (Row, Precision) = (row, precision);
        BlockBytes = (long)Positions * row * (int)precision;
        PageBytes = layers * BlockBytes;
        Capacity = (int)Math.Clamp(limit / PageBytes, 0, 1 << 24);
        _pages = new Native<byte>?[Capacity];
        _holders = new int[Capacity];
    }

    public CachePrecision Precision { get; }

    public int Row { get; }

    public long BlockBytes { get; }

    public long PageBytes { get; }

    /// <summary>Pages that fit into the memory that sessions may use.</summary>
    public int Capacity { get; }

    /// <summary>Pages that somebody holds.</summary>
    public int Held
    {
        get
        {
            lock (_lock) return _made - _free.Count;
        }
    }

    /// <summary>Asked when the memory is used up: gives up a page and returns true, or false when there is none to give. Set once, before the first page is taken.</summary>
    public Func<bool>? Spare { get; set; }

    /// <summary>A zeroed page with one holder; -1 when the memory is used up.</summary>
    public int Take()
    {
        int page = TakeFree();
        while (page < 0 && Spare?.Invoke() == true) page = TakeFree();
        return page;
    }

    int TakeFree()
    {
        lock (_lock)
        {
            if (_free.TryPop(out int page))
            {
                // What an earlier holder left may be no number, and zero times that is no zero.
                new Span<byte>(_pages[page]!.Start, checked((int)PageBytes)).Clear();
                _holders[page] = 1;
                return page;
            }
            if (_made == Capacity) return -1;
            _pages[_made] = new(PageBytes);
            _holders[_made] = 1;
            return _made++;
        }
    }

    public void Hold(int page)
    {
        lock (_lock) _holders[page]++;
    }

    public void LetGo(int page)
    {
        lock (_lock)
            if (--_holders[page] == 0) _free.Push(page);
    }

    public int Holders(int page)
    {
        lock (_lock) return _holders[page];
    }

    public byte* Block(int page, int layer) => _pages[page]!.Start + layer * BlockBytes;

    public void Copy(int from, int to) => Buffer.MemoryCopy(_pages[from]!.Start, _pages[to]!.Start, PageBytes, PageBytes);

    public void Dispose()
    {
        foreach (Native<byte>? page in _pages) page?.Dispose();
    }
}
