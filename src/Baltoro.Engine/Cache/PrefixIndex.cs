// Finds full pages again by the tokens that lead to them. Knows no sessions and no arithmetic.

using System.Runtime.InteropServices;

namespace Baltoro.Engine.Cache;

/// <summary>
/// A tree of full pages: a page follows another, or begins a text. The index is a holder of each of its pages; what nobody else holds is given up, last used
/// first to stay, when memory is wanted. Safe from any thread.
/// </summary>
sealed class PrefixIndex(PagePool pool)
{
    const int None = -1;

    readonly Lock _lock = new();
    readonly Dictionary<int, Entry> _entries = [];
    readonly Dictionary<(int Parent, int Hash), List<int>> _children = [];
    long _clock;

    /// <summary>Pages that it holds.</summary>
    public int Count
    {
        get
        {
            lock (_lock) return _entries.Count;
        }
    }

    sealed class Entry(int parent, int[] tokens)
    {
        public int Parent => parent;

        public int[] Tokens => tokens;

        public int Children { get; set; }

        public long Used { get; set; }
    }

    /// <summary>Lets <paramref name="line"/>, which is empty, begin with the longest known beginning of <paramref name="tokens"/>, in full pages, that leaves at least one token.</summary>
    public void Begin(Timeline line, ReadOnlySpan<int> tokens)
    {
        lock (_lock)
        {
            Span<int> pages = tokens.Length / PagePool.Positions is var most && most <= 256 ? stackalloc int[most] : new int[most];
            int count = 0;
            for (int parent = None; (count + 1) * PagePool.Positions < tokens.Length; count++)
            {
                int page = Find(parent, tokens.Slice(count * PagePool.Positions, PagePool.Positions));
                if (page == None) break;
                _entries[page].Used = ++_clock;
                pages[count] = parent = page;
            }
            if (count > 0) line.Adopt(pages[..count], tokens[..(count * PagePool.Positions)]);
        }
    }

    /// <summary>Remembers the full pages of a timeline, as far as their beginning is not known already.</summary>
    public void Remember(Timeline line)
    {
        lock (_lock)
        {
            int parent = None;
            for (int i = 0; (i + 1) * PagePool.Positions <= line.Length; i++)
            {
                ReadOnlySpan<int> tokens = line.Tokens.Slice(i * PagePool.Positions, PagePool.Positions);
                int known = Find(parent, tokens);
                if (known == None)
                {
                    known = line.Pages[i];
                    if (_entries.ContainsKey(known)) return;
                    Add(known, parent, tokens);
                }
                _entries[known].Used = ++_clock;
                parent = known;
            }
        }
    }

    /// <summary>Gives up the page that was not used for the longest time and that nobody else holds; false when there is none.</summary>
    public bool GiveUpOne()
    {
        lock (_lock)
        {
            int oldest = None;
            foreach (var (page, entry) in _entries)
                if (entry.Children == 0 && pool.Holders(page) == 1 && (oldest == None || entry.Used < _entries[oldest].Used)) oldest = page;
            if (oldest == None) return false;
            Entry given = _entries[oldest];
            _entries.Remove(oldest);
            if (given.Parent != None) _entries[given.Parent].Children--;
            (int, int) key = (given.Parent, Hash(given.Tokens));
            _children[key].Remove(oldest);
            if (_children[key].Count == 0) _children.Remove(key);
            pool.LetGo(oldest);
            return true;
        }
    }

    void Add(int page, int parent, ReadOnlySpan<int> tokens)
    {
        pool.Hold(page);
        _entries[page] = new(parent, tokens.ToArray());
        if (parent != None) _entries[parent].Children++;
        (int, int) key = (parent, Hash(tokens));
        if (!_children.TryGetValue(key, out List<int>? siblings)) _children[key] = siblings = [];
        siblings.Add(page);
    }

    int Find(int parent, ReadOnlySpan<int> tokens)
    {
        if (!_children.TryGetValue((parent, Hash(tokens)), out List<int>? siblings)) return None;
        foreach (int page in siblings)
            if (_entries[page].Tokens.AsSpan().SequenceEqual(tokens)) return page;
        return None;
    }

    static int Hash(ReadOnlySpan<int> tokens)
    {
        HashCode hash = new();
        hash.AddBytes(MemoryMarshal.AsBytes(tokens));
        return hash.ToHashCode();
    }
}
