// One text on its way through a grammar. Knows no logits and no sampling.

namespace Baltoro.Engine.Constraint.Grammars;

/// <summary>
/// For one text, one caller at a time. Where everything was met before nothing is allocated, while it can be at no more places at once than before. A text of a grammar can always come to an end: no token leads to where
/// there is none.
/// </summary>
public sealed class GrammarState
{
    readonly Workings _workings;
    List<Place> _places = new(16);
    List<Place> _next = new(16);

    internal GrammarState(Workings workings)
    {
        _workings = workings;
        workings.Begin(workings.Grammar.Root, Workings.Outside, _places);
        CanEnd = _places.Contains(new(Workings.End, 0, Workings.Outside));
    }

    /// <summary>The text may end here.</summary>
    public bool CanEnd { get; private set; }

    /// <summary>Nothing may follow.</summary>
    public bool MustEnd => CanEnd && _places.Count == 1;

    /// <summary>How few tokens it takes to the end, as far as is known; 0 when the text may end here.</summary>
    public int Shortest
    {
        get
        {
            lock (_workings.Grammar.Trie.Lock) return ShortestNow();
        }
    }

    /// <summary>
    /// The tokens that may come, when so many are left: only those behind which the text can still come to an end in time. Where that is too late, those that lead
    /// to the end fastest.
    /// </summary>
    /// <returns>Whether there would be more with more left.</returns>
    internal bool Allow(TokenSet into, int left)
    {
        bool isShort = false;
        lock (_workings.Grammar.Trie.Lock)
        {
            into.Clear();
            int shortest = ShortestNow();
            bool late = shortest > left;
            int fastest = int.MaxValue;
            if (late)
                foreach (Place place in _places)
                    if (_workings.CostOf(place) == shortest) fastest = Math.Min(fastest, _workings.Masks.LeastRise(place));
            foreach (Place place in _places)
            {
                int cost = _workings.CostOf(place);
                if (late && cost > shortest) continue;
                int mostRise = late ? fastest : left - 1 - cost;
                Inner inner = _workings.Masks.Inside(place);
                isShort |= inner.MostRise > mostRise;
                if (inner.MostRise <= mostRise) into.Add(inner.Tokens);
                else _workings.Masks.Inside(place, mostRise, into);
                foreach (var (token, rise) in _workings.Masks.Beyond(place))
                    if (rise <= mostRise) into.Add(token);
                    else isShort = true;
            }
            return isShort || late;
        }
    }

    /// <summary>Goes on by a token.</summary>
    /// <exception cref="ArgumentException">It may not come here.</exception>
    public void Accept(int token)
    {
        TokenTrie trie = _workings.Grammar.Trie;
        lock (trie.Lock)
        {
            ReadOnlySpan<byte> text = trie.Text(token);
            if (text.Length == 0) Control(token);
            foreach (byte value in text)
            {
                _next.Clear();
                foreach (Place place in _places)
                    if (_workings.Leaf(place.Use).Step(place.State, value) is >= 0 and var state) _workings.Add(place with { State = state }, _next);
                (_places, _next) = (_next, _places);
            }
            if (_places.Count == 0) throw new ArgumentException($"Token {token} may not come here.", nameof(token));
            CanEnd = _places.Contains(new(Workings.End, 0, Workings.Outside));
        }
    }

    void Control(int token)
    {
        _next.Clear();
        foreach (Place place in _places)
            if (_workings.Leaf(place.Use).Control(place.State) == token) _workings.Add(place with { State = place.State + 1 }, _next);
        (_places, _next) = (_next, _places);
    }

    int ShortestNow()
    {
        int shortest = Cost.Never;
        foreach (Place place in _places) shortest = Math.Min(shortest, _workings.CostOf(place));
        return shortest;
    }
}
