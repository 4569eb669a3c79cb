// Reads .mcp.json, the file in which projects name their MCP servers. It does not decide whether a project is trusted to start them.

using System.Text.Json;
using System.Text.RegularExpressions;
using Baltoro.Chat;

namespace Baltoro.Agent.Mcp;

/// <summary>A server, and the words that it is described with.</summary>
/// <param name="Text">JSON as it is written, variables not replaced: what a person is asked about.</param>
public sealed record McpEntry(McpServer Server, string Text);

/// <param name="Entries">Those that are well described.</param>
/// <param name="Problems">A sentence on each of the others, with the file and the member.</param>
public sealed record McpReading(Sequence<McpEntry> Entries, Sequence<string> Problems);

/// <summary>
/// The format of Claude Code: <c>{"mcpServers": {NAME: {"command", "args", "env"} | {"type": "http" | "sse", "url", "headers"}}}</c>, with
/// <c>timeout</c> (of one call) and <c>startTimeout</c> in milliseconds, and <c>${VARIABLE}</c> or <c>${VARIABLE:-otherwise}</c> in its texts.
/// </summary>
public static partial class McpFile
{
    // Of two members with one name, a person might read the first and the program take the last.
    static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false };

    /// <param name="text">All of the file.</param>
    /// <param name="where">The file's name, for problems.</param>
    /// <param name="variable">The value of an environment variable; null for one that is not set.</param>
    public static McpReading Read(string text, string where, Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        List<McpEntry> entries = [];
        List<string> problems = [];
        try
        {
            using JsonDocument document = JsonDocument.Parse(text, Options);
            if (document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty("mcpServers", out JsonElement all) || all.ValueKind != JsonValueKind.Object)
                return new([], [$"{where}: expected an object with a member \"mcpServers\" that is an object."]);
            foreach (JsonProperty member in all.EnumerateObject())
            {
                try
                {
                    entries.Add(new(Server(member.Name, member.Value, variable), member.Value.GetRawText()));
                }
                catch (FormatException e)
                {
                    problems.Add($"{where}: mcpServers.{member.Name}: {e.Message}");
                }
            }
        }
        catch (JsonException e)
        {
            problems.Add(e.LineNumber is { } line ? $"{where}: it is not JSON (line {line + 1}, byte {e.BytePositionInLine + 1})." : $"{where}: it is not JSON: {e.Message}");
        }
        return new([.. entries], [.. problems]);
    }

    /// <summary>One server by itself.</summary>
    /// <param name="json">What stands behind its name.</param>
    /// <exception cref="FormatException">It is not well described; the message says what was expected.</exception>
    public static McpServer Server(string name, string json, Func<string, string?> variable)
    {
        using JsonDocument document = JsonDocument.Parse(json, Options);
        return Server(name, document.RootElement, variable);
    }

    static McpServer Server(string name, JsonElement json, Func<string, string?> variable)
    {
        if (!ServerName().IsMatch(name)) throw new FormatException("a name has letters, digits, - and single _ between them, 32 at most.");
        if (json.ValueKind != JsonValueKind.Object) throw new FormatException("expected an object.");
        TimeSpan call = Time(json, "timeout") ?? McpServer.UsualCall, start = Time(json, "startTimeout") ?? McpServer.UsualStart;
        if (json.TryGetProperty("command", out JsonElement command))
        {
            Sequence<string> arguments = json.TryGetProperty("args", out JsonElement args)
                ? args.ValueKind == JsonValueKind.Array ? args.EnumerateArray().Select(each => Text(each, "args", variable)).ToSequence() : throw new FormatException("args: expected an array of strings.")
                : [];
            return new McpServer.Local(name, Text(command, "command", variable), arguments, Pairs(json, "env", variable)) { CallLimit = call, StartLimit = start };
        }
        if (!json.TryGetProperty("url", out JsonElement address)) throw new FormatException("expected a \"command\" or a \"url\".");
        return Uri.TryCreate(Text(address, "url", variable), UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https"
            ? new McpServer.Remote(name, url, Pairs(json, "headers", variable)) { CallLimit = call, StartLimit = start }
            : throw new FormatException("url: expected a whole URL that begins with http:// or https://.");
    }

    static TimeSpan? Time(JsonElement json, string name) =>
        !json.TryGetProperty(name, out JsonElement time) ? null
        : time.ValueKind == JsonValueKind.Number && time.TryGetInt32(out int milliseconds) && milliseconds > 0 ? TimeSpan.FromMilliseconds(milliseconds)
        : throw new FormatException($"{name}: expected a number of milliseconds.");

    static Sequence<(string Name, string Value)> Pairs(JsonElement json, string name, Func<string, string?> variable) =>
        !json.TryGetProperty(name, out JsonElement pairs) ? []
        : pairs.ValueKind == JsonValueKind.Object ? pairs.EnumerateObject().Select(pair => (pair.Name, Text(pair.Value, $"{name}.{pair.Name}", variable))).ToSequence()
        : throw new FormatException($"{name}: expected an object of strings.");

    static string Text(JsonElement json, string name, Func<string, string?> variable) =>
        json.ValueKind != JsonValueKind.String ? throw new FormatException($"{name}: expected a string.")
        : Variable().Replace(json.GetString()!, match => variable(match.Groups[1].Value)
            ?? (match.Groups[2].Success ? match.Groups[2].Value : throw new FormatException($"{name}: the variable {match.Groups[1].Value} is not set.")));

    // The tools are called mcp__NAME__TOOL, and rules fit the beginnings of that: no name may pass for another's.
    [GeneratedRegex("^(?=.{1,32}$)[A-Za-z0-9-]+(_[A-Za-z0-9-]+)*$")]
    private static partial Regex ServerName();

    [GeneratedRegex(@"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")]
    private static partial Regex Variable();
}
