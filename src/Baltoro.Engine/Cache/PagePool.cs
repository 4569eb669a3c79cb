// The memory of all sessions' caches, in pages that several sessions may share. Knows no tokens.

using Baltoro.Engine.Kernels;

namespace Baltoro.Engine.Cache;

/// <summary>How a cached number is kept.</summary>
public enum CachePrecision
{
    /// <summary>In two bytes, as integers under a scale for each part of a position (<see cref="LatentKernel"/>): finer than bfloats. What serving wants.</summary>
    Rounded16,

    /// <summary>In four bytes, as it is; for comparing with reference numbers.</summary>
    Single,
}

/// <summary>
/// Pages of <see cref="KernelSet.Block"/> positions: for each layer a block, [32, row] and what the precision adds. A page has holders; the last to let go frees it.
/// Safe from any thread; the contents belong to whoever holds the page alone.
/// </summary>
sealed unsafe class PagePool : IDisposable
{
    public const int Positions = KernelSet.Block;

    readonly Lock _lock = new();
    /// <summary>What is asked of the system at once, so that it can hold it in large pages: a token reads all of the cache.</summary>
    const long StretchBytes = 32 << 20;

    readonly Native<byte>?[] _stretches;
    readonly int _stretchPages;
    readonly int[] _holders;
    readonly Stack<int> _free = new();
    int _made;

    /// <param name="layers">Blocks of a page.</param>
    /// <param name="row">Numbers of a position in a block.</param>
    /// <param name="precision">How each is kept.</param>
    /// <param name="limit">Bytes that all pages together may take; memory is taken as it is needed.</param>
    public PagePool(int layers, int row, CachePrecision precision, long limit)
    {
        (Row, Precision) = (row, precision);
        BlockBytes = precision == CachePrecision.Rounded16 ? LatentKernel.BlockBytes(row) : (long)Positions * row * sizeof(float);
        PageBytes = layers * BlockBytes;
        Capacity = (int)Math.Clamp(limit / PageBytes, 0, 1 << 24);
        _stretchPages = (int)Math.Max(1, StretchBytes / PageBytes);
        _stretches = new Native<byte>?[(Capacity + _stretchPages - 1) / _stretchPages];
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
                new Span<byte>(Block(page, 0), checked((int)PageBytes)).Clear();
                _holders[page] = 1;
                return page;
            }
            if (_made == Capacity) return -1;
            if (_made % _stretchPages == 0) _stretches[_made / _stretchPages] = new(Math.Min(_stretchPages, Capacity - _made) * PageBytes);
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

    public byte* Block(int page, int layer) => _stretches[page / _stretchPages]!.Start + page % _stretchPages * PageBytes + layer * BlockBytes;

    public void Copy(int from, int to) => Buffer.MemoryCopy(Block(from, 0), Block(to, 0), PageBytes, PageBytes);

    /// <summary>Writes what a text might have left, for measuring: memory that nobody wrote to can be one and the same page of zeros everywhere, and costs nothing to read.</summary>
    public void Pretend(int page)
    {
        byte* first = Block(page, 0);
        int count = Positions * Row;
        if (Precision == CachePrecision.Single)
            for (int i = 0; i < count; i++) ((float*)first)[i] = Number(i) / (float)LatentKernel.Most;
        else
        {
            for (int i = 0; i < count; i++) ((short*)first)[i] = (short)Number(i);
            new Span<float>(LatentKernel.Scales(first, Row), 2 * Positions).Fill(1f / LatentKernel.Most);
        }
        for (long at = BlockBytes; at < PageBytes; at += BlockBytes) Buffer.MemoryCopy(first, first + at, BlockBytes, BlockBytes);

        static int Number(int i) => i * 7919 % (2 * LatentKernel.Most + 1) - LatentKernel.Most;
    }

    public void Dispose()
    {
        foreach (Native<byte>? stretch in _stretches) stretch?.Dispose();
    }
}
