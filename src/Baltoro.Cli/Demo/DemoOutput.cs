// A run of the small model as people watch it: what it thinks and calls, a line a step, and below a line of figures. It refuses to know the task.

using System.Globalization;
using System.Text;
using System.Text.Json;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Output;
using Baltoro.Agent.Sessions;
using Baltoro.Agent.Tools;
using Baltoro.Chat;
using Baltoro.Cli.Commands;
using Baltoro.Cli.Terminal;
using Screen = Baltoro.Cli.Commands.Screen;

namespace Baltoro.Cli.Demo;

/// <param name="screen">Null for a file or a pipe: no colours and no line of figures below.</param>
/// <param name="steps">How many are expected, to be shown beside those that were made.</param>
sealed class DemoOutput(TextWriter output, Screen? screen, int steps) : IRunOutput
{
    /// <summary>Columns without a screen, and the fewest with one.</summary>
    const int Usual = 80, Fewest = 40;

    readonly Lock _gate = new();
    readonly List<Styled> _lines = [];
    long _written;
    TimeSpan _inReplies;
    int _step, _compactions;
    int _window;
    bool _hasFigures;

    /// <summary>All that was shown, in order.</summary>
    public IReadOnlyList<Styled> Lines => _lines;

    int Columns => Math.Max(Fewest, screen?.Width ?? Usual);

    public void Began(Session session, ModelCard model, Sequence<string> tools) => _window = model.Window;

    public void Logged(LoggedEvent logged)
    {
        lock (_gate)
        {
            switch (logged.Event)
            {
                case SessionEvent.Replied replied: Step(replied); break;
                case SessionEvent.CallEnded { How: not CallEnding.Done, Content: [Block.Text what, ..] }: Put(new Piece("      ! "), new Piece(TerminalText.Line(what.Content, Columns - 9), Style.Bad)); break;
                case SessionEvent.Failed failed: Put(new Piece("      ! "), new Piece(TerminalText.Line($"{failed.Name}: {failed.Message}", Columns - 9), Style.Bad)); break;
                case SessionEvent.Nudged nudged: Put(new Piece($"      > the loop told it: {nudged.Reason}", Style.Dim)); break;
                case SessionEvent.Compacted: _compactions++; break;
            }
        }
    }

    public void Live(LiveNotice notice)
    {
    }

    public void Ended(RunSummary summary)
    {
        lock (_gate) WipeFigures();
    }

    /// <summary>Words around the run, broken into rows.</summary>
    public void Say(params ReadOnlySpan<Piece> pieces)
    {
        Styled line = Styled.Of(pieces);
        lock (_gate)
            foreach (Styled row in line.Rows(Columns - 1, hang: 2)) Put(row);
    }

    /// <summary>Tokens a second while the model wrote, and how often its window was cut.</summary>
    public (double Speed, int Compactions) Figures() => (_written / Math.Max(1e-9, _inReplies.TotalSeconds), _compactions);

    void Step(SessionEvent.Replied replied)
    {
        _step++;
        _written += replied.Usage.Output;
        _inReplies += replied.Took;
        string thought = string.Concat(replied.Blocks.OfType<Block.Thinking>().Select(block => block.Content));
        string does = string.Join("  ", replied.Blocks.Select(Doing).Where(each => each.Length > 0));
        int half = (Columns - 10) / 2;
        string left = TerminalText.Line(thought, half - 1);
        Put(new Piece(string.Create(CultureInfo.InvariantCulture, $"{_step,5} ")), new Piece(left.PadRight(half), Style.Slanted), new Piece(" "), new Piece(TerminalText.Line(does, Columns - 9 - half), Style.Code));
        if (screen is null) return;
        (double speed, _) = Figures();
        string figures = string.Create(CultureInfo.InvariantCulture, $" step {_step} of {steps} · {speed:N0} tokens/s · context {replied.Prompt + replied.Usage.Output}/{_window} · $0.00");
        output.Write(TerminalText.Line(figures, Columns - 2));
        output.Flush();
        _hasFigures = true;
    }

    static string Doing(Block block) => block switch
    {
        Block.ToolCall call => $"{call.Name} {Arguments(call.Arguments)}",
        Block.Text text => text.Content,
        _ => "",
    };

    static string Arguments(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return json;
            return string.Join(" ", document.RootElement.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.String)
                .Select(member => member.Value.GetString()!.Replace("\n", "↵", StringComparison.Ordinal)));
        }
        catch (JsonException)
        {
            return json;
        }
    }

    void Put(params ReadOnlySpan<Piece> pieces) => Put(Styled.Of(pieces));

    void Put(Styled line)
    {
        WipeFigures();
        _lines.Add(line);
        StringBuilder text = new();
        Ansi.Write(line, screen?.Colour ?? false, text);
        output.WriteLine(text.ToString().TrimEnd());
    }

    void WipeFigures()
    {
        if (_hasFigures) output.Write("\r\e[K");
        _hasFigures = false;
    }
}
