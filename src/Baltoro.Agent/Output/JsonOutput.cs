// A run as one JSON object at its end; it refuses to know what happened on the way.

using System.Text;
using System.Text.Json;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Sessions;
using Baltoro.Chat;

namespace Baltoro.Agent.Output;

/// <summary>For scripts that want the answer and the bill.</summary>
public sealed class JsonOutput(TextWriter output) : IRunOutput
{
    string _model = "";

    public void Began(Session session, ModelCard model, RunTools tools)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model.Id;
    }

    public void Logged(LoggedEvent logged)
    {
        // Told at the end, as a sum.
    }

    public void Live(LiveNotice notice)
    {
        // Nobody reads along.
    }

    public void Ended(RunSummary summary)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter json = new(line, ResultJson.Options)) ResultJson.Write(json, summary, _model);
        output.WriteLine(Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length));
        output.Flush();
    }
}
