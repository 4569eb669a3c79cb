// A run for a person: a line for each step on one writer, the answer alone on the other. It refuses to know colours.

using System.Globalization;
using System.Text.Json;
using Baltoro.Agent.Budgets;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Sessions;
using Baltoro.Agent.Tools;
using Baltoro.Chat;

namespace Baltoro.Agent.Output;

/// <param name="answer">Gets the model's answer and nothing else, so that it can be piped.</param>
/// <param name="progress">Gets everything that happens.</param>
/// <param name="columns">How wide a person's window is at the moment: a step takes one row of it. Null for a file or a pipe, which gets all figures.</param>
public sealed class TextOutput(TextWriter answer, TextWriter progress, Func<int>? columns = null) : IRunOutput
{
    const int LongestDetail = 60;

    /// <summary>Of what is done, so much is to be seen before figures are left out.</summary>
    const int ShortestStep = 24;

    readonly Lock _gate = new();
    Session? _session;
    int _window;

    public void Began(Session session, ModelCard model, RunTools tools)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(model);
        bool isKnown = session == _session;
        (_session, _window) = (session, model.Window);
        if (!isKnown) Say($"session {session.Opened.Id}, {model.Id} at {model.Origin.Provider}, window {Tokens(model.Window)}");
    }

    public void Logged(LoggedEvent logged)
    {
        ArgumentNullException.ThrowIfNull(logged);
        string who = logged.Agent == AgentState.Main ? "" : $"{logged.Agent}: ";
        switch (logged.Event)
        {
            case SessionEvent.Replied replied: Step(replied, who, logged.Agent); break;
            case SessionEvent.Failed failed: Say($"  ! {who}{failed.Name}: {TerminalText.Line(failed.Message, 200)}"); break;
            case SessionEvent.CallEnded { How: not CallEnding.Done } ended: Say($"  ! {who}{ended.How}: {TerminalText.Line(FirstText(ended.Content), 200)}"); break;
            case SessionEvent.Nudged nudged: Say($"  > {who}told the model: {nudged.Reason}"); break;
            case SessionEvent.Spawned spawned: Say($"  + {who}{TerminalText.Line(spawned.Description, LongestDetail)}"); break;
            case SessionEvent.Evicted evicted: Say($"  ~ {who}{RoomMade.Words(evicted)}"); break;
            case SessionEvent.Compacted compacted: Say($"  ~ {who}{RoomMade.Words(compacted)}"); break;
            case SessionEvent.CompactionFailed failed: Say($"  ! {who}no room was made: {TerminalText.Line(failed.Why, 200)}"); break;
        }
    }

    public void Live(LiveNotice notice)
    {
        if (notice is LiveNotice.Waiting waiting)
            Say($"  … {(waiting.Agent == AgentState.Main ? "" : $"{waiting.Agent}: ")}waiting {waiting.Pause.TotalSeconds:0.#} s, then again ({waiting.Attempt}): {TerminalText.Line(waiting.Why, 200)}");
    }

    public void Ended(RunSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        if (summary.End is RunEnd.Done or RunEnd.Blocked && summary.End.Text.Length > 0) lock (_gate) answer.WriteLine(TerminalText.Safe(summary.End.Text));
        if (summary.End is not RunEnd.Done) Say($"! {Words(summary.End)}{(summary.End is RunEnd.Blocked ? "" : $": {TerminalText.Line(summary.End.Text, 500)}")}");
        if (summary.End is not (RunEnd.Done or RunEnd.Blocked)) Say($"  baltoro run --resume {summary.SessionId}   goes on from here");
        Spending spent = summary.Spent;
        Say($"{spent.Steps} step{(spent.Steps == 1 ? "" : "s")}, {Tokens(spent.Usage.TotalInput)} tokens in ({Tokens(spent.Usage.CacheRead)} from a cache), {Tokens(spent.Usage.Output)} out, {spent.Dollars}, {summary.Took:hh\\:mm\\:ss}");
    }

    void Step(SessionEvent.Replied replied, string who, string agent)
    {
        AgentState state = _session!.Agent(agent);
        long left = Math.Max(0, 100 - 100 * (replied.Prompt + replied.Usage.Output) / Math.Max(1, _window));
        string calls = string.Join(", ", replied.Blocks.OfType<Block.ToolCall>().Select(call => $"{TerminalText.Line(call.Name, 32)} {Detail(call.Arguments)}".TrimEnd()));
        string what = calls.Length > 0 ? calls : TerminalText.Line(FirstText(replied.Blocks), LongestDetail);
        string start = string.Create(CultureInfo.InvariantCulture, $"{who}{state.Steps,4}  ");
        string prompt = Tokens(replied.Prompt), cost = _session.Spent.Dollars;
        string all = $"{prompt} in, {Tokens(replied.Usage.Output)} out, {cost}, {left} %";
        Say($"{start}{Fitted(what, start.Length, [$"[{all} of the window left]", $"[{all} left]", $"[{prompt} in, {cost}, {left} % left]"])}");
    }

    /// <summary>What is done with the most figures that leave room for it.</summary>
    string Fitted(string what, int before, ReadOnlySpan<string> figures)
    {
        if (columns is null) return $"{what}  {figures[0]}";
        // The last column stays free: some terminals wrap once it is written.
        int row = columns() - 1 - before - 2;
        foreach (string each in figures[..^1])
            if (row - each.Length >= Math.Min(what.Length, ShortestStep)) return $"{Cut(what, row - each.Length)}  {each}";
        return $"{Cut(what, Math.Max(9, row - figures[^1].Length))}  {figures[^1]}";

        // One more for the sign that it is cut.
        static string Cut(string text, int room) => text.Length <= room ? text : TerminalText.Line(text, Math.Max(1, room - 1));
    }

    /// <summary>The first text among the arguments says the most: a path, a command, a pattern.</summary>
    static string Detail(string arguments)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(arguments);
            if (document.RootElement.ValueKind != JsonValueKind.Object) return "";
            foreach (JsonProperty member in document.RootElement.EnumerateObject())
                if (member.Value.ValueKind == JsonValueKind.String) return TerminalText.Line(member.Value.GetString()!, LongestDetail);
            return "";
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return "";
        }
    }

    static string FirstText(Sequence<Block> blocks) => blocks.OfType<Block.Text>().FirstOrDefault()?.Content ?? "";

    static string Words(RunEnd end) => end switch
    {
        RunEnd.OutOfBudget => "out of budget",
        RunEnd.Looped => "in a loop",
        RunEnd.Blocked => "blocked by permissions",
        RunEnd.Interrupted => "interrupted",
        _ => "failed",
    };

    /// <summary>A number of tokens as people say it: 812, 9400, 12.5k.</summary>
    internal static string Tokens(long tokens) => tokens < 10_000 ? tokens.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{tokens / 1000.0:0.#}k");

    void Say(FormattableString line)
    {
        lock (_gate) progress.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }
}
