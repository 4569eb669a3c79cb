// A block of text or thinking that may have to be given out in several; it refuses to know why it is cut.

namespace Baltoro.Chat.Repair;

/// <summary>
/// Keeps the order of blocks legal while pieces of a block are taken out or become blocks of their own. A piece is opened by its first word, so that
/// none comes out empty; space at a cut is dropped, any other text stays as it is.
/// The seal goes with the last piece, because only the block's end brings it. Pieces before it get one that says no more than who thought it:
/// vendors that take reasoning as text need no more, and those that sign want their signature once.
/// </summary>
/// <param name="fresh">Told when a new piece begins inside a block.</param>
sealed class ToolMarkupPieces(Origin origin, Action fresh)
{
    readonly ReplyEvent.Closed _early = new(new Seal(origin));
    ReplyEvent _opening;
    BlockHead? _source;
    BlockHead _kind = BlockHead.Text.Plain;
    Place _place;
    string? _space;

    enum Place
    {
        /// <summary>The piece is as it came, and nothing of it has been given out.</summary>
        AtStart,

        /// <summary>A new piece, directly behind what was taken out.</summary>
        AfterCut,

        /// <summary>In a piece, directly behind what was taken out.</summary>
        AfterGap,

        /// <summary>In the middle of text.</summary>
        Flowing,
    }

    /// <summary>True between a block's beginning and its end.</summary>
    public bool IsInBlock => _source is not null;

    /// <summary>True when a delta can go out as it is.</summary>
    public bool IsFlowing => _place == Place.Flowing;

    /// <summary>True when the piece has words.</summary>
    public bool HasWords => _place is Place.Flowing or Place.AfterGap;

    public bool IsThinking => _kind is BlockHead.Thinking;

    /// <summary>True when any text, not counting thinking, has been given out in this reply.</summary>
    public bool HasSpoken { get; private set; }

    public void Begin(ReplyEvent opening, BlockHead head)
    {
        (_opening, _source, _kind, _place, _space) = (opening, head, head, Place.AtStart, null);
    }

    public void Say(string text, List<ReplyEvent> into)
    {
        if (_place != Place.Flowing)
        {
            string words = text.TrimStart();
            if (words.Length == 0)
            {
                if (_place != Place.AfterCut) _space += text;
                return;
            }
            if (_place == Place.AfterCut) text = words;
            if (_place != Place.AfterGap) into.Add(_opening);
            if (_space is { } space) into.Add(space);
            _space = null;
            _place = Place.Flowing;
            HasSpoken |= _kind is BlockHead.Text;
        }
        into.Add(text);
    }

    /// <summary>Something was taken out here.</summary>
    public void Gap()
    {
        if (_place == Place.Flowing) _place = Place.AfterGap;
        else if (_place == Place.AtStart) (_place, _space) = (Place.AfterCut, null);
    }

    /// <summary>Ends the piece; what follows is one of its own.</summary>
    public void Cut(List<ReplyEvent> into) => Turn(_kind, into);

    /// <summary>Ends the piece; what follows is of this kind.</summary>
    public void Turn(BlockHead kind, List<ReplyEvent> into)
    {
        if (HasWords) into.Add(IsThinking ? _early : ReplyEvent.Closed.Plain);
        _kind = kind is BlockHead.Thinking ? BlockHead.Thinking.Plain : BlockHead.Text.Plain;
        _opening = new ReplyEvent.Opened(_kind);
        _space = null;
        _place = Place.AfterCut;
        fresh();
    }

    public void End(ReplyEvent.Closed closed, List<ReplyEvent> into)
    {
        bool sameKind = _source is BlockHead.Thinking == IsThinking;
        if (_place == Place.AtStart)
        {
            into.Add(_opening);
            if (_space is { } space) into.Add(space);
            into.Add(closed);
        }
        else if (HasWords)
        {
            into.Add(sameKind ? closed : IsThinking ? _early : ReplyEvent.Closed.Plain);
        }
        // The seal holds more than a name, and no piece is left that could carry it.
        if (_place != Place.AtStart && !(HasWords && sameKind) && closed.Seal is { Signature: not null } or { Details: not null })
        {
            into.Add(new ReplyEvent.Opened(BlockHead.Thinking.Plain));
            into.Add(closed);
        }
        _source = null;
        _space = null;
        _place = Place.AtStart;
    }
}
