// The tools of a client that has no disk: they read the files of a trail from memory and keep what is written.

using System.Text.Json;
using Baltoro.ScriptedUpstream;

namespace Baltoro.Cli.Tests.EndToEnd;

sealed class PaperTools(Trail trail)
{
    public const string ReadSchema = """{"type":"object","properties":{"file_path":{"type":"string"}},"required":["file_path"]}""";
    public const string WriteSchema = """{"type":"object","properties":{"file_path":{"type":"string"},"content":{"type":"string"}},"required":["file_path","content"]}""";

    public Dictionary<string, string> Written { get; } = [];

    public string Use(string tool, JsonElement arguments)
    {
        var path = arguments.GetProperty("file_path").GetString()!;
        if (tool == "Read") return trail.Files[path];
        Written[path] = arguments.GetProperty("content").GetString()!;
        return "Written.";
    }
}

/// <summary>What a walk of an SDK along a trail came to.</summary>
/// <param name="LastWords">The text of the last reply.</param>
/// <param name="Answer">What was written into the answer file.</param>
/// <param name="Input">The last reply's input tokens, those from a cache included.</param>
/// <param name="FromCache">Those of them that came from a cache.</param>
/// <param name="Output">The last reply's output tokens.</param>
sealed record Walk(string LastWords, string? Answer, long Input, long FromCache, long Output);
