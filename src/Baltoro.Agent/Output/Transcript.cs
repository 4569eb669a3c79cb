// A session read again by a person, in the order in which it happened; it refuses to know whether it still goes on.

using System.Globalization;
using Baltoro.Agent.Sessions;
using Baltoro.Agent.Tools;
using Baltoro.Chat;

namespace Baltoro.Agent.Output;

/// <summary>Text without colours; what models and files wrote can neither drive a terminal nor forge a line's beginning.</summary>
public static class Transcript
{
    const int LongestCall = 200, LongestResult = 400;

    public static void Write(LoggedEvent logged, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(logged);
        ArgumentNullException.ThrowIfNull(output);
        string who = logged.Agent == AgentState.Main ? "" : $"{logged.Agent}: ";
        switch (logged.Event)
        {
            case SessionEvent.Opened opened: output.WriteLine($"{Time(logged)} session {opened.Id} in {opened.Project}, {opened.Model}"); break;
            case SessionEvent.Resumed resumed: output.WriteLine($"{Time(logged)} resumed with {resumed.Model}{(resumed.ByItself ? ", by itself" : "")}"); break;
            case SessionEvent.Spawned spawned: output.WriteLine($"{who}+ {TerminalText.Line(spawned.Description, LongestCall)}"); break;
            case SessionEvent.Asked asked: Blocks(asked.Content, $"{who}> ", output); break;
            case SessionEvent.Replied replied: Blocks(replied.Blocks, who, output); break;
            case SessionEvent.CallEnded ended: Result(ended, who, output); break;
            case SessionEvent.Failed failed: output.WriteLine($"{who}! {failed.Name}: {TerminalText.Line(failed.Message, LongestResult)}"); break;
            case SessionEvent.Nudged nudged: output.WriteLine($"{who}~ told the model: {nudged.Reason}"); break;
            case SessionEvent.Evicted evicted: output.WriteLine($"{who}~ {RoomMade.Words(evicted)}"); break;
            case SessionEvent.Compacted compacted: output.WriteLine($"{who}~ {RoomMade.Words(compacted)}"); break;
            case SessionEvent.CompactionFailed failed: output.WriteLine($"{who}! no room was made: {TerminalText.Line(failed.Why, LongestResult)}"); break;
            case SessionEvent.Ended ended when logged.Agent == AgentState.Main: output.WriteLine($"{Time(logged)} ended: {ended.How.GetType().Name}"); break;
        }
    }

    static void Blocks(Sequence<Block> blocks, string before, TextWriter output)
    {
        foreach (Block block in blocks)
        {
            switch (block)
            {
                case Block.Text text:
                    foreach (string line in text.Content.Split('\n')) output.WriteLine($"{before}{TerminalText.Line(line, int.MaxValue)}");
                    break;
                case Block.ToolCall call: output.WriteLine($"{before}  {TerminalText.Line($"{call.Name} {call.Arguments}", LongestCall)}"); break;
                case Block.Image: output.WriteLine($"{before}[image]"); break;
            }
        }
    }

    static void Result(SessionEvent.CallEnded ended, string who, TextWriter output)
    {
        string text = string.Join('\n', ended.Content.Select(block => block is Block.Text said ? said.Content : "[image]"));
        output.WriteLine($"{who}    {(ended.How == CallEnding.Done ? "=" : $"{ended.How}:")} {TerminalText.Line(text, LongestResult)}");
    }

    static string Time(LoggedEvent logged) => logged.At.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
