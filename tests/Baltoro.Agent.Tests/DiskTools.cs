// Read and Write without any of the care of the real ones, so that the loop can be tested by itself. They count what they do.

using System.Collections.Concurrent;
using System.Text.Json;
using Baltoro.Agent.Tools;
using Baltoro.Chat;

namespace Baltoro.Agent.Tests;

/// <summary>What the tools of a test have done, in order.</summary>
sealed class Diary
{
    readonly ConcurrentQueue<string> _done = [];

    public IReadOnlyList<string> Done => [.. _done];

    public void Clear() => _done.Clear();

    public void Note(string what) => _done.Enqueue(what);

    public Sequence<ITool> Tools() => [new ReadFile(this), new WriteFile(this)];
}

sealed class ReadFile(Diary diary) : ITool
{
    public ToolSpec.Function Spec { get; } = new("Read", "Reads a file.", RawJson.Of(
        """{"type":"object","properties":{"file_path":{"type":"string"},"limit":{"type":"integer"}},"required":["file_path"],"additionalProperties":false}"""));

    public Footprint Footprint(JsonElement arguments) => new Footprint.Reads([Path(arguments)]);

    public async Task<ToolOutcome> Run(JsonElement arguments, CancellationToken cancellation)
    {
        diary.Note($"Read {Path(arguments)}");
        return File.Exists(Path(arguments)) ? ToolOutcome.Text(await File.ReadAllTextAsync(Path(arguments), cancellation)) : ToolOutcome.Error($"There is no file {Path(arguments)}.");
    }

    static string Path(JsonElement arguments) => arguments.GetProperty("file_path").GetString()!;
}

sealed class WriteFile(Diary diary) : ITool
{
    public ToolSpec.Function Spec { get; } = new("Write", "Writes a file.", RawJson.Of(
        """{"type":"object","properties":{"file_path":{"type":"string"},"content":{"type":"string"}},"required":["file_path","content"],"additionalProperties":false}"""));

    public Footprint Footprint(JsonElement arguments) => new Footprint.Writes([arguments.GetProperty("file_path").GetString()!]);

    public async Task<ToolOutcome> Run(JsonElement arguments, CancellationToken cancellation)
    {
        string path = arguments.GetProperty("file_path").GetString()!;
        diary.Note($"Write {path}");
        await File.WriteAllTextAsync(path, arguments.GetProperty("content").GetString(), cancellation);
        return ToolOutcome.Text($"Written: {path}");
    }
}
