// The environment that makes a client talk to a gateway; it refuses to know how a shell writes it.

using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Baltoro.Chat;
using Baltoro.Models;

namespace Baltoro.Cli.Launching;

/// <param name="Set">Names and values, in the order in which they are shown.</param>
/// <param name="Unset">Names that must not be set, because the client would heed them before the others.</param>
sealed record Outfit(Sequence<Variable> Set, Sequence<string> Unset)
{
    /// <summary>A reply may take long before its first word, and again behind a retry; the gateway's own limits end what is dead.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromHours(1);

    /// <summary>
    /// Claude Code (variables of 2.1.330). All of its model names are the one that was chosen: its small model and its agents would else ask for
    /// Claude. Its window is one for the whole process.
    /// </summary>
    public static Outfit OfClaudeCode(Destination to) => new(
    [
        new("ANTHROPIC_BASE_URL", to.Url),
        new("ANTHROPIC_AUTH_TOKEN", to.Token),
        new("ANTHROPIC_MODEL", to.Model),
        new("ANTHROPIC_DEFAULT_OPUS_MODEL", to.Model),
        new("ANTHROPIC_DEFAULT_SONNET_MODEL", to.Model),
        new("ANTHROPIC_DEFAULT_HAIKU_MODEL", to.SmallModel),
        new("ANTHROPIC_DEFAULT_FABLE_MODEL", to.Model),
        new("ANTHROPIC_SMALL_FAST_MODEL", to.SmallModel),
        new("CLAUDE_CODE_SUBAGENT_MODEL", to.Model),
        new("CLAUDE_CODE_MAX_CONTEXT_TOKENS", Number(to.Window)),
        new("CLAUDE_CODE_MAX_OUTPUT_TOKENS", Number(to.Output)),
        new("API_TIMEOUT_MS", Number((int)Patience.TotalMilliseconds)),
    ], ["ANTHROPIC_API_KEY"]);

    /// <summary>opencode (1.x): a provider of its own, in the variable that lies over its configuration files.</summary>
    public static Outfit OfOpencode(Destination to) => new([new("OPENCODE_CONFIG_CONTENT", OpencodeConfiguration(to))], []);

    /// <summary>Qwen Code, in its OpenAI mode.</summary>
    public static Outfit OfQwen(Destination to) => new(
        [new("OPENAI_BASE_URL", to.Url + "/v1"), new("OPENAI_API_KEY", to.Token), new("OPENAI_MODEL", to.Model)], []);

    /// <summary>Kimi Code and the Kimi CLI before it, which know different variables for the same things.</summary>
    public static Outfit OfKimi(Destination to) => new(
    [
        new("KIMI_MODEL_NAME", to.Model),
        new("KIMI_MODEL_MAX_CONTEXT_SIZE", Number(to.Window)),
        new("KIMI_MODEL_PROVIDER_TYPE", "openai"),
        new("KIMI_MODEL_BASE_URL", to.Url + "/v1"),
        new("KIMI_MODEL_API_KEY", to.Token),
        new("KIMI_BASE_URL", to.Url + "/v1"),
        new("KIMI_API_KEY", to.Token),
    ], []);

    static string OpencodeConfiguration(Destination to)
    {
        ArrayBufferWriter<byte> json = new();
        using (Utf8JsonWriter writer = new(json))
        {
            writer.WriteStartObject();
            writer.WriteString("model", $"baltoro/{to.Model}");
            writer.WriteString("small_model", $"baltoro/{to.SmallModel}");
            writer.WriteStartObject("provider");
            writer.WriteStartObject("baltoro");
            writer.WriteString("npm", "@ai-sdk/openai-compatible");
            writer.WriteString("name", "Baltoro");
            writer.WriteStartObject("options");
            writer.WriteString("baseURL", to.Url + "/v1");
            writer.WriteString("apiKey", to.Token);
            writer.WriteEndObject();
            writer.WriteStartObject("models");
            foreach (string model in (string[])[.. new[] { to.Model, to.SmallModel }.Distinct()])
            {
                writer.WriteStartObject(model);
                writer.WriteBoolean("reasoning", true);
                writer.WriteBoolean("tool_call", true);
                writer.WriteStartObject("limit");
                writer.WriteNumber("context", to.Window);
                writer.WriteNumber("output", to.Output);
                writer.WriteEndObject();
                // The field in which thinking comes and goes back.
                writer.WriteStartObject("interleaved");
                writer.WriteString("field", "reasoning_content");
                writer.WriteEndObject();
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(json.WrittenSpan);
    }

    static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);
}

readonly record struct Variable(string Name, string Value);

/// <summary>Where a client is to go, and what it must know about the model there.</summary>
/// <param name="Url">The gateway's address, without a path.</param>
/// <param name="Model">The name to ask for.</param>
/// <param name="SmallModel">The name to ask for where the client wants something quick.</param>
/// <param name="Window">Tokens of input and output together.</param>
/// <param name="Output">The most tokens to ask for in one reply.</param>
sealed record Destination(string Url, string Model, string SmallModel, int Window, int Output)
{
    /// <summary>Room for long thinking; more would only take room from the conversation, and counts against vendors' rate limits.</summary>
    const int MostOutput = 64_000;

    /// <summary>The gateway's key. At one that asks for none it must not be empty either: clients would ask for a login.</summary>
    public string Token { get; init; } = "local";

    /// <summary>For several models behind one name, the smallest of each limit: a client knows one of each only.</summary>
    public static Destination Of(string url, string model, string smallModel, Sequence<Target> targets)
    {
        int window = targets.Min(target => target.Card.Window);
        return new(url, model, smallModel, window, Math.Min(targets.Min(target => target.Card.OutputLimit), Math.Min(MostOutput, Math.Max(1, window / 4))));
    }
}
