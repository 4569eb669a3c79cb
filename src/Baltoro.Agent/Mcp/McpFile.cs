// Reads .mcp.json, the file in which projects name their MCP servers. It does not decide whether a project is trusted to start them.

using System.Text.Json;
using System.Text.RegularExpressions;
using Baltoro.Chat;

namespace Baltoro.Agent.Mcp;

/// <param name="Servers">Those that are well described.</param>
/// <param name="Problems">A sentence on each of the others, with the file and the member.</param>
public sealed record McpReading(Sequence<McpServer> Servers, Sequence<string> Problems);

/// <summary>
/// The format of Claude Code: <c>{"mcpServers": {NAME: {"command", "args", "env"} | {"type": "http" | "sse", "url", "headers"}}}</c>, with
/// <c>timeout</c> in milliseconds, and <c>${VARIABLE}</c> or <c>${VARIABLE:-otherwise}</c> in its texts.
/// </summary>
public static partial class McpFile
{
    static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <param name="text">All of the file.</param>
    /// <param name="where">The file's name, for problems.</param>
    /// <param name="variable">The value of an environment variable; null for one that is not set.</param>
    public static McpReading Read(string text, string where, Func<string, string?> variable)
    {
        ArgumentNullException.ThrowIfNull(variable);
        List<McpServer> servers = [];
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
                    servers.Add(Server(member.Name, member.Value, variable));
                }
                catch (FormatException e)
                {
                    problems.Add($"{where}: mcpServers.{member.Name}: {e.Message}");
                }
            }
        }
        catch (JsonException e)
        {
            problems.Add($"{where}: it is not JSON (line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}).");
        }
        return new([.. servers], [.. problems]);
    }

    static McpServer Server(string name, JsonElement json, Func<string, string?> variable)
    {
        if (!ServerName().IsMatch(name)) throw new FormatException("a name has letters, digits, _ and - only, 32 at most.");
        if (json.ValueKind != JsonValueKind.Object) throw new FormatException("expected an object.");
        TimeSpan limit = json.TryGetProperty("timeout", out JsonElement timeout)
            ? timeout.ValueKind == JsonValueKind.Number && timeout.TryGetInt32(out int milliseconds) && milliseconds > 0 ? TimeSpan.FromMilliseconds(milliseconds)
                : throw new FormatException("timeout: expected a number of milliseconds.")
            : TimeSpan.FromMinutes(2);
        if (json.TryGetProperty("command", out JsonElement command))
        {
            Sequence<string> arguments = json.TryGetProperty("args", out JsonElement args)
                ? args.ValueKind == JsonValueKind.Array ? args.EnumerateArray().Select(each => Text(each, "args", variable)).ToSequence() : throw new FormatException("args: expected an array of strings.")
                : [];
            return new McpServer.Local(name, Text(command, "command", variable), arguments, Pairs(json, "env", variable)) { CallLimit = limit };
        }
        if (!json.TryGetProperty("url", out JsonElement address)) throw new FormatException("expected a \"command\" or a \"url\".");
        return Uri.TryCreate(Text(address, "url", variable), UriKind.Absolute, out Uri? url) && url.Scheme is "http" or "https"
            ? new McpServer.Remote(name, url, Pairs(json, "headers", variable)) { CallLimit = limit }
            : throw new FormatException("url: expected a whole URL that begins with http:// or https://.");
    }

    static Sequence<(string Name, string Value)> Pairs(JsonElement json, string name, Func<string, string?> variable) =>
        !json.TryGetProperty(name, out JsonElement pairs) ? []
        : pairs.ValueKind == JsonValueKind.Object ? pairs.EnumerateObject().Select(pair => (pair.Name, Text(pair.Value, $"{name}.{pair.Name}", variable))).ToSequence()
        : throw new FormatException($"{name}: expected an object of strings.");

    static string Text(JsonElement json, string name, Func<string, string?> variable) =>
        json.ValueKind != JsonValueKind.String ? throw new FormatException($"{name}: expected a string.")
        : Variable().Replace(json.GetString()!, match => variable(match.Groups[1].Value)
            ?? (match.Groups[2].Success ? match.Groups[2].Value : throw new FormatException($"{name}: the variable {match.Groups[1].Value} is not set.")));

    [GeneratedRegex("^[A-Za-z0-9_-]{1,32}$")]
    private static partial Regex ServerName();

    [GeneratedRegex(@"\$\{([A-Za-z_][A-Za-z0-9_]*)(?::-([^}]*))?\}")]
    private static partial Regex Variable();
}
