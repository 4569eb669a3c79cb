// A run as a stream of JSON lines in the schema of Claude Code's headless mode, so that what wraps that one can wrap this. It refuses to know who reads.

using System.Globalization;
using System.Text;
using System.Text.Json;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Sessions;
using Baltoro.Chat;

namespace Baltoro.Agent.Output;

/// <summary>
/// For each message of the user <c>system/init</c>, then one <c>assistant</c> line for each block of a reply and one <c>user</c> line for each result, then <c>result</c>;
/// in between <c>system</c> lines of the subtypes <c>api_retry</c>, <c>permission_denied</c>, <c>compact_boundary</c> and, our own, <c>nudge</c>. What a sub-agent says
/// carries the id of the call that it works for in <c>parent_tool_use_id</c>. Control requests are answered by <c>control_response</c> lines, whenever they come.
/// </summary>
public sealed class StreamJsonOutput(TextWriter output) : IRunOutput
{
    readonly Lock _gate = new();
    readonly Dictionary<string, string> _parents = [];
    readonly Dictionary<(string Agent, string Id), string> _tools = [];
    string _session = "", _model = "";
    int _replies;

    public void Began(Session session, ModelCard model, RunTools tools)
    {
        ArgumentNullException.ThrowIfNull(session);
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(tools);
        (_session, _model) = (session.Opened.Id, model.Id);
        Line("system", AgentState.Main, json =>
        {
            json.WriteString("subtype", "init");
            json.WriteString("cwd", session.Opened.Project);
            json.WriteStartArray("tools");
            foreach (string tool in tools.Names) json.WriteStringValue(tool);
            json.WriteEndArray();
            json.WriteStartArray("mcp_servers");
            foreach ((string name, bool isUp) in tools.Servers)
            {
                json.WriteStartObject();
                json.WriteString("name", name);
                json.WriteString("status", isUp ? "connected" : "failed");
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteString("model", model.Id);
            json.WriteString("permissionMode", "default");
            json.WriteString("apiKeySource", "none");
        });
    }

    public void Logged(LoggedEvent logged)
    {
        ArgumentNullException.ThrowIfNull(logged);
        switch (logged.Event)
        {
            case SessionEvent.Spawned spawned: _parents[logged.Agent] = spawned.CallId; break;
            case SessionEvent.Replied replied: Reply(replied, logged.Agent, logged.At); break;
            case SessionEvent.CallEnded ended: Result(ended, logged.Agent, logged.At); break;
            case SessionEvent.Nudged nudged:
                Line("system", logged.Agent, json =>
                {
                    json.WriteString("subtype", "nudge");
                    json.WriteString("reason", nudged.Reason.ToString());
                });
                break;
            case SessionEvent.Compacted compacted: Boundary(compacted.TokensBefore, logged.Agent); break;
            case SessionEvent.Evicted: Boundary(0, logged.Agent); break;
        }
    }

    public void Live(LiveNotice notice)
    {
        if (notice is not LiveNotice.Waiting waiting) return;
        Line("system", waiting.Agent, json =>
        {
            json.WriteString("subtype", "api_retry");
            json.WriteNumber("attempt", waiting.Attempt);
            json.WriteNumber("retry_delay_ms", (long)waiting.Pause.TotalMilliseconds);
            json.WriteString("error", waiting.Why);
        });
    }

    /// <summary>Answers the control request <c>initialize</c>: there are no slash commands, no styles and no other models.</summary>
    public void Initialized(string requestId, ModelCard model)
    {
        ArgumentNullException.ThrowIfNull(model);
        Control(requestId, "success", json =>
        {
            json.WriteStartObject("response");
            json.WriteStartArray("commands");
            json.WriteEndArray();
            json.WriteStartArray("agents");
            json.WriteEndArray();
            json.WriteString("output_style", "default");
            json.WriteStartArray("available_output_styles");
            json.WriteStringValue("default");
            json.WriteEndArray();
            json.WriteStartArray("models");
            json.WriteStartObject();
            json.WriteString("value", model.Id);
            json.WriteString("displayName", model.Id);
            json.WriteString("description", model.Origin.Provider);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteStartObject("account");
            json.WriteEndObject();
            json.WriteEndObject();
        });
    }

    /// <summary>Answers a control request that has nothing to tell.</summary>
    public void Granted(string requestId) => Control(requestId, "success", _ => { });

    /// <summary>Answers a control request that is not served.</summary>
    public void Refused(string requestId, string why) => Control(requestId, "error", json => json.WriteString("error", why));

    void Control(string requestId, string subtype, Action<Utf8JsonWriter> members) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("type", "control_response");
        json.WriteStartObject("response");
        json.WriteString("subtype", subtype);
        json.WriteString("request_id", requestId);
        members(json);
        json.WriteEndObject();
        json.WriteEndObject();
    });

    public void Ended(RunSummary summary) => Write(json => ResultJson.Write(json, summary, _model));

    void Reply(SessionEvent.Replied replied, string agent, DateTimeOffset at)
    {
        int number = Interlocked.Increment(ref _replies);
        foreach (Block block in replied.Blocks)
        {
            if (block is not (Block.Text or Block.Thinking or Block.ToolCall)) continue;
            if (block is Block.ToolCall call) _tools[(agent, call.Id)] = call.Name;
            Line("assistant", agent, json =>
            {
                json.WriteStartObject("message");
                json.WriteString("id", $"msg_{_session}_{number}");
                json.WriteString("type", "message");
                json.WriteString("role", "assistant");
                json.WriteString("model", replied.Model ?? _model);
                json.WriteStartArray("content");
                Content(json, block);
                json.WriteEndArray();
                // A block is told of before the reply is over, there; why it ended stands with the result.
                json.WriteNull("stop_reason");
                json.WriteNull("stop_sequence");
                json.WritePropertyName("usage");
                ResultJson.Usage(json, replied.Usage);
                json.WriteEndObject();
            }, at);
        }
    }

    void Result(SessionEvent.CallEnded ended, string agent, DateTimeOffset at)
    {
        _tools.Remove((agent, ended.CallId), out string? tool);
        if (ended.How == CallEnding.Denied)
        {
            Line("system", agent, json =>
            {
                json.WriteString("subtype", "permission_denied");
                json.WriteString("tool_name", tool);
                json.WriteString("tool_use_id", ended.CallId);
                json.WriteString("message", string.Join('\n', ended.Content.OfType<Block.Text>().Select(text => text.Content)));
            });
        }
        Line("user", agent, json =>
        {
            json.WriteStartObject("message");
            json.WriteString("role", "user");
            json.WriteStartArray("content");
            json.WriteStartObject();
            json.WriteString("tool_use_id", ended.CallId);
            json.WriteString("type", "tool_result");
            if (ended.Content is [Block.Text only])
            {
                json.WriteString("content", only.Content);
            }
            else
            {
                json.WriteStartArray("content");
                foreach (Block block in ended.Content) Content(json, block);
                json.WriteEndArray();
            }
            // Of the tools there, only the shell says that nothing went wrong.
            if (ended.How != CallEnding.Done || tool == "Bash") json.WriteBoolean("is_error", ended.How != CallEnding.Done);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
        }, at);
    }

    void Boundary(long before, string agent) => Line("system", agent, json =>
    {
        json.WriteString("subtype", "compact_boundary");
        json.WriteStartObject("compact_metadata");
        json.WriteString("trigger", "auto");
        json.WriteNumber("pre_tokens", before);
        json.WriteEndObject();
    });

    static void Content(Utf8JsonWriter json, Block block)
    {
        json.WriteStartObject();
        switch (block)
        {
            case Block.Thinking thinking:
                json.WriteString("type", "thinking");
                json.WriteString("thinking", thinking.Content);
                json.WriteString("signature", thinking.Seal?.Signature ?? "");
                break;
            case Block.ToolCall call:
                json.WriteString("type", "tool_use");
                json.WriteString("id", call.Id);
                json.WriteString("name", call.Name);
                json.WritePropertyName("input");
                ResultJson.Arguments(json, call.Arguments);
                break;
            case Block.Image { Source: Media.Inline inline }:
                json.WriteString("type", "image");
                json.WriteStartObject("source");
                json.WriteString("type", "base64");
                json.WriteString("media_type", inline.MediaType);
                json.WriteString("data", inline.Base64);
                json.WriteEndObject();
                break;
            default:
                json.WriteString("type", "text");
                json.WriteString("text", block is Block.Text text ? text.Content : $"[{block.GetType().Name}]");
                break;
        }
        json.WriteEndObject();
    }

    void Line(string type, string agent, Action<Utf8JsonWriter> members, DateTimeOffset? at = null) => Write(json =>
    {
        json.WriteStartObject();
        json.WriteString("type", type);
        members(json);
        if (type != "system") json.WriteString("parent_tool_use_id", _parents.GetValueOrDefault(agent));
        json.WriteString("session_id", _session);
        json.WriteString("uuid", Guid.NewGuid());
        if (at is { } time) json.WriteString("timestamp", time.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture));
        json.WriteEndObject();
    });

    void Write(Action<Utf8JsonWriter> write)
    {
        using MemoryStream line = new();
        using (Utf8JsonWriter json = new(line, ResultJson.Options)) write(json);
        lock (_gate)
        {
            output.WriteLine(Encoding.UTF8.GetString(line.GetBuffer(), 0, (int)line.Length));
            output.Flush();
        }
    }
}
