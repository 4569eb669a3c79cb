// The request for an agent's next step: the same prefix each time, with cache marks where the model wants them. It refuses to know who answers.

using Baltoro.Agent.Context;
using Baltoro.Agent.Sessions;
using Baltoro.Agent.Tools;
using Baltoro.Chat;

namespace Baltoro.Agent.Loop;

/// <summary>For one agent; instructions and tools never change, because all that a prompt cache holds begins with them.</summary>
sealed class RequestBuilder
{
    static readonly RawJson Mark = RawJson.Of("""{"type":"ephemeral"}""");

    readonly ModelCard _card;
    readonly ChatRequest _standing;

    public RequestBuilder(Session session, string agent, AgentSetup setup, Sequence<ITool> tools)
    {
        _card = setup.Model.Card;
        Block.Text system = new(session.Opened.System);
        _standing = new()
        {
            Model = session.Opened.Model,
            System = [IsMarked ? system with { CacheControl = Mark } : system],
            Tools = tools.Select(ToolSpec (tool) => tool.Spec).ToSequence(),
            Thinking = new()
            {
                Mode = _card.Thinking == ThinkingSupport.None ? ThinkingMode.Unset : ThinkingMode.Adaptive,
                Effort = setup.Effort,
                KeepAll = true,
            },
            Groundwork = new(),
            SessionKey = agent == AgentState.Main ? session.Opened.Id : $"{session.Opened.Id}/{agent}",
        };
        // A model of narrow scope knows its tools: their declarations are not in its prompt, and to count them would leave no room to be made.
        StandingTokens = TokenEstimate.Of(_card.Scope == ModelScope.Narrow ? _standing with { Tools = [] } : _standing);
    }

    /// <summary>Estimated tokens of everything but the turns.</summary>
    public long StandingTokens { get; }

    public ChatRequest Build(IEnumerable<Turn> turns, Room room, long used)
    {
        Turn[] all = [.. turns];
        if (IsMarked) MarkLastTwo(all);
        return _standing with { Turns = Sequence.Create<Turn>(all), OutputLimit = room.OutputFor(used) };
    }

    bool IsMarked => _card.CacheControl != CacheControlSupport.None;

    /// <summary>The end of this request, to be read by the next; and the end of the one before, which this one reads.</summary>
    static void MarkLastTwo(Turn[] turns)
    {
        int marks = 0;
        for (int i = turns.Length - 1; i >= 0 && marks < 2; i--)
        {
            if (turns[i] is not Turn.User { Blocks: [.., var last] } user) continue;
            turns[i] = user with { Blocks = [.. user.Blocks.Take(user.Blocks.Count - 1), last with { CacheControl = Mark }] };
            marks++;
        }
    }
}
