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
public sealed class TextOutput(TextWriter answer, TextWriter progress) : IRunOutput
{
    const int LongestDetail = 60;

    readonly Lock _gate = new();
    Session? _session;
    int _window;

    public void Began(Session session, ModelCard model, Sequence<string> tools)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(model);
        (_session, _window) = (session, model.Window);
        Say($"session {session.Opened.Id}, {model.Id} at {model.Origin.Provider}, window {Tokens(model.Window)}");
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
            case SessionEvent.Evicted evicted: Say($"  ~ {who}{evicted.Results.Count} old results went to files, to make room"); break;
            case SessionEvent.Compacted compacted: Say($"  ~ {who}compacted: {Tokens(compacted.TokensBefore)} tokens became a hand-off note"); break;
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
        if (summary.End is RunEnd.Done or RunEnd.Blocked && summary.End.Text.Length > 0) lock (_gate) answer.WriteLine(summary.End.Text);
        if (summary.End is not RunEnd.Done) Say($"! {Words(summary.End)}{(summary.End is RunEnd.Blocked ? "" : $": {TerminalText.Line(summary.End.Text, 500)}")}");
        if (summary.End is not (RunEnd.Done or RunEnd.Blocked)) Say($"  baltoro run --resume {summary.SessionId}   goes on from here");
        Spending spent = summary.Spent;
        Say($"{spent.Steps} step{(spent.Steps == 1 ? "" : "s")}, {Tokens(spent.Usage.TotalInput)} tokens in ({Tokens(spent.Usage.CacheRead)} from a cache), {Tokens(spent.Usage.Output)} out, ${spent.Cost:0.0000}, {summary.Took:hh\\:mm\\:ss}");
    }

    void Step(SessionEvent.Replied replied, string who, string agent)
    {
        AgentState state = _session!.Agent(agent);
        long left = Math.Max(0, 100 - 100 * (replied.Prompt + replied.Usage.Output) / Math.Max(1, _window));
        string calls = string.Join(", ", replied.Blocks.OfType<Block.ToolCall>().Select(call => $"{TerminalText.Line(call.Name, 32)} {Detail(call.Arguments)}".TrimEnd()));
        string what = calls.Length > 0 ? calls : TerminalText.Line(FirstText(replied.Blocks), LongestDetail);
        Say($"{who}{state.Steps,4}  {what}  [{Tokens(replied.Prompt)} in, {Tokens(replied.Usage.Output)} out, ${_session.Spent.Cost:0.0000}, {left} % of the window left]");
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

    static string Tokens(long tokens) => tokens < 10_000 ? tokens.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{tokens / 1000.0:0.#}k");

    void Say(FormattableString line)
    {
        lock (_gate) progress.WriteLine(line.ToString(CultureInfo.InvariantCulture));
    }
}
