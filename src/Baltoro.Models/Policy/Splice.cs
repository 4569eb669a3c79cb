// Several attempts at a reply as the one reply that the client sees; it refuses to know why there are several.

using Baltoro.Chat;

namespace Baltoro.Models.Policy;

/// <summary>What of a reply has reached the client, by what it rules out for another attempt. Each rules out more than the one before.</summary>
enum Seen
{
    /// <summary>Nothing that would be missed: the reply can be begun as if for the first time.</summary>
    Nothing,

    /// <summary>Thinking only: a new attempt can follow it in a new block.</summary>
    Thinking,

    /// <summary>Words that must stay true: only what continues them can follow.</summary>
    Text,

    /// <summary>Something that the client may act on.</summary>
    Call,
}

/// <summary>
/// Joins attempts: one <see cref="ReplyEvent.Started"/>, blocks that do not overlap, one usage, one end. Holds back what would bind too early:
/// the start until something is to be seen, white space in front of a text until the text comes, and the end of a text or a thought until
/// what comes next, so that a text can go on in the block in which it broke off, and a thought can still be known as one that led to nothing.
/// Usage is counted so: input as the last attempt that counted had it, because clients compare it with the window; output, reasoning and cost
/// of all attempts together. Pure; holds the state of one reply; not thread-safe.
/// </summary>
sealed class Splice
{
    sealed class ShownBlock(BlockHead? head, Block? whole = null)
    {
        public BlockHead? Head => head;
        public Block? Whole => whole;
        public List<string> Pieces { get; } = [];
        public Seal? Seal { get; set; }
        public string Content => string.Concat(Pieces);
    }

    readonly List<ShownBlock> _shown = [];
    readonly List<string> _blank = [];
    ReplyEvent.Started? _started;
    ReplyEvent.Opened? _opening;
    ReplyEvent.Closed? _closing;
    ShownBlock? _open;
    Echo? _echo;

    /// <summary>
    /// What a model thought before it went on with a text. It stands in front of the call that it led to, so that the text stays one; where there is
    /// no call, it led to nothing but the text's own end.
    /// </summary>
    List<ReplyEvent>? _aside;
    bool _isAside;
    Usage _attempt = new(), _before = new();
    bool _isStarted, _hasCount;

    public Seen Seen { get; private set; }

    /// <summary>True after <see cref="ReplyEvent.Finished"/>.</summary>
    public bool IsFinished { get; private set; }

    /// <param name="step">Anything but <see cref="ReplyEvent.Failed"/>, which is for the caller to answer.</param>
    public void Next(ReplyEvent step, List<ReplyEvent> into)
    {
        if (SetAside(step, into)) return;
        switch (step.Value)
        {
            case string delta: Say(delta, step, into); break;
            case ReplyEvent.Mended: into.Add(step); break;
            case ReplyEvent.Started started: _started ??= started; break;
            case ReplyEvent.Counted counted: Count(counted.Usage, into); break;
            case ReplyEvent.Opened opened: Open(opened, into); break;
            case ReplyEvent.Closed closed: Close(closed, into); break;
            case ReplyEvent.Whole whole: Show(whole, into); break;
            case ReplyEvent.Finished finished: Finish(finished, into); break;
            default: throw new InvalidOperationException($"Unexpected reply event {step}.");
        }
    }

    bool SetAside(ReplyEvent step, List<ReplyEvent> into)
    {
        switch (step.Value)
        {
            case ReplyEvent.Opened { Head: BlockHead.Thinking } when _isAside || _open is { Head: BlockHead.Text } && _closing is null:
                (_aside ??= []).Add(step);
                _isAside = true;
                return true;
            case string or ReplyEvent.Closed when _isAside:
                _aside!.Add(step);
                _isAside = step.Value is string;
                return true;
            case ReplyEvent.Opened { Head: BlockHead.ToolCall } or ReplyEvent.Whole when _aside is { } thought:
                (_aside, _isAside) = (null, false);
                EndBlock(into);
                if (_open is not null) into.Add(ReplyEvent.Closed.Plain);
                _open = null;
                foreach (ReplyEvent each in thought) Next(each, into);
                return false;
            default:
                return false;
        }
    }

    /// <summary>The attempt came to nothing, and another begins anew: what it thought is no part of the reply.</summary>
    /// <param name="origin">Who wrote the thinking.</param>
    public void Abandon(Origin origin, List<ReplyEvent> into) => Break(new(origin) { IsAbandoned = true }, into);

    /// <summary>The attempt ended without its end, and another goes on behind what it said. A text stays open.</summary>
    /// <param name="origin">Who wrote the thinking. What was left open has no signature, so no one but a vendor that takes bare text gets it back.</param>
    public void Pause(Origin origin, List<ReplyEvent> into) => Break(_closing?.Seal ?? new(origin), into);

    void Break(Seal ofThinking, List<ReplyEvent> into)
    {
        _opening = null;
        _closing = null;
        _echo = null;
        (_aside, _isAside) = (null, false);
        _blank.Clear();
        if (!_isStarted) _started = null;
        if (_open is { Head: BlockHead.Thinking })
        {
            _open.Seal = ofThinking;
            into.Add(new ReplyEvent.Closed(ofThinking));
            _open = null;
        }
        _before = new()
        {
            Output = _before.Output + _attempt.Output,
            Reasoning = _before.Reasoning + _attempt.Reasoning,
            Cost = _before.Cost is null ? _attempt.Cost : _before.Cost + (_attempt.Cost ?? 0),
        };
        _attempt = _attempt with { Output = 0, Reasoning = 0, Cost = null };
    }

    /// <summary>The reply so far, as the turn that the model is to continue. What it repeats of the text will be left out.</summary>
    /// <param name="trimmed">True for a vendor that refuses a beginning with white space at its end.</param>
    public Turn.Assistant Continue(bool trimmed)
    {
        List<Block> blocks = [];
        foreach (ShownBlock block in _shown)
        {
            switch (block.Head)
            {
                case BlockHead.Thinking: blocks.Add(new Block.Thinking(block.Content, block.Seal)); break;
                // Texts that follow each other must not be set apart from each other on the wire.
                case BlockHead.Text when blocks is [.., Block.Text before]: blocks[^1] = new Block.Text(before.Content + block.Content); break;
                case BlockHead.Text: blocks.Add(new Block.Text(block.Content)); break;
                case null: blocks.Add(block.Whole!); break;
            }
        }
        if (blocks is [.., Block.Text last])
        {
            string sent = trimmed ? last.Content.TrimEnd() : last.Content;
            _echo = new(last.Content, sent);
            blocks[^1] = new Block.Text(sent);
        }
        return new(blocks.ToSequence());
    }

    /// <summary>Shows what was counted and held back; then the caller may end the reply with a failure.</summary>
    public void GiveUp(List<ReplyEvent> into)
    {
        if (_isStarted && _closing is not null) into.Add(_closing);
    }

    void Open(ReplyEvent.Opened opened, List<ReplyEvent> into)
    {
        // Left open by an attempt that broke off: the text goes on in it.
        if (opened.Head is BlockHead.Text && _open is { Head: BlockHead.Text } && _closing is null) return;
        _opening = opened;
        if (opened.Head is BlockHead.ToolCall) Begin(into);
    }

    void Say(string delta, ReplyEvent step, List<ReplyEvent> into)
    {
        bool isText = IsText;
        if (isText && _echo is { IsListening: true })
        {
            delta = _echo.Next(delta);
            step = delta;
        }
        if (delta.Length == 0) return;
        if (isText && _opening is not null && string.IsNullOrWhiteSpace(delta))
        {
            _blank.Add(delta);
            return;
        }
        if (_opening is not null) Begin(into);
        _open?.Pieces.Add(delta);
        into.Add(step);
    }

    void Close(ReplyEvent.Closed closed, List<ReplyEvent> into)
    {
        if (IsText)
        {
            if (_echo is { IsListening: true } && _echo.Release() is { Length: > 0 } rest) Say(rest, rest, into);
            // A text of nothing but white space is no block.
            if (_opening is null) _closing = closed;
            _opening = null;
            _blank.Clear();
            return;
        }
        // Thinking without a word may have a signature that its issuer needs.
        if (_opening is not null) Begin(into);
        if (_open?.Head is BlockHead.Thinking)
        {
            _closing = closed;
            return;
        }
        _open = null;
        into.Add(closed);
    }

    void Show(ReplyEvent.Whole whole, List<ReplyEvent> into)
    {
        EndBlock(into);
        if (_open is not null) into.Add(ReplyEvent.Closed.Plain);
        _open = null;
        Start(into);
        _shown.Add(new(null, whole.Block));
        See(whole.Block is Block.RedactedThinking ? Seen.Thinking : Seen.Call);
        into.Add(whole);
    }

    void Finish(ReplyEvent.Finished finished, List<ReplyEvent> into)
    {
        if (_echo is { IsListening: true } && _open is not null && _echo.Release() is { Length: > 0 } rest) Say(rest, rest, into);
        EndBlock(into);
        if (_open is not null) into.Add(ReplyEvent.Closed.Plain);
        _open = null;
        Start(into);
        into.Add(finished);
        IsFinished = true;
    }

    void Count(Usage usage, List<ReplyEvent> into)
    {
        _attempt = usage;
        _hasCount = true;
        if (_isStarted) into.Add(new ReplyEvent.Counted(Total));
    }

    Usage Total => _before.Output == 0 && _before.Cost is null ? _attempt : _attempt with
    {
        Output = _before.Output + _attempt.Output,
        Reasoning = _before.Reasoning + _attempt.Reasoning,
        Cost = _before.Cost is null ? _attempt.Cost : _before.Cost + (_attempt.Cost ?? 0),
    };

    bool IsText => (_opening?.Head ?? _open?.Head) is BlockHead.Text;

    void Begin(List<ReplyEvent> into)
    {
        EndBlock(into);
        if (_open is not null) into.Add(ReplyEvent.Closed.Plain);
        Start(into);
        BlockHead head = _opening!.Head;
        into.Add(_opening);
        _opening = null;
        _shown.Add(_open = new(head));
        foreach (string blank in _blank)
        {
            _open.Pieces.Add(blank);
            into.Add(blank);
        }
        _blank.Clear();
        See(head switch { BlockHead.Thinking => Seen.Thinking, BlockHead.Text => Seen.Text, _ => Seen.Call });
    }

    void Start(List<ReplyEvent> into)
    {
        if (_isStarted) return;
        _isStarted = true;
        into.Add(_started ?? new ReplyEvent.Started(null, null));
        if (_hasCount) into.Add(new ReplyEvent.Counted(Total));
    }

    void EndBlock(List<ReplyEvent> into)
    {
        if (_closing is null) return;
        if (_open is not null) _open.Seal = _closing.Seal;
        into.Add(_closing);
        _closing = null;
        _open = null;
    }

    void See(Seen what) => Seen = what > Seen ? what : Seen;
}
