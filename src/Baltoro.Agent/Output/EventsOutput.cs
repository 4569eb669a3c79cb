// A run as its own log: every event in full, reasoning and cost of each step included. It refuses to know blobs.

using System.Buffers;
using System.Text;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Sessions;
using Baltoro.Chat;

namespace Baltoro.Agent.Output;

/// <summary>One line for each event, in the form of the log on disk.</summary>
public sealed class EventsOutput(TextWriter output) : IRunOutput
{
    readonly ArrayBufferWriter<byte> _line = new();

    public void Began(Session session, ModelCard model, RunTools tools)
    {
        // The log says it all.
    }

    public void Logged(LoggedEvent logged)
    {
        _line.ResetWrittenCount();
        EventJson.Write(logged, null, _line);
        output.WriteLine(Encoding.UTF8.GetString(_line.WrittenSpan));
        output.Flush();
    }

    public void Live(LiveNotice notice)
    {
        // What is not in the log is no event.
    }

    public void Ended(RunSummary summary) => output.Flush();
}
