// A project folder and the tools of one agent over it, called as the loop calls them. It knows no tool.

using System.Text.Json;
using System.Text.Json.Nodes;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Sandbox;
using Baltoro.Agent.Tools;
using Baltoro.Chat;

namespace Baltoro.Agent.Tests.Tools;

sealed class Desk : IAsyncDisposable
{
    readonly Scratch _scratch = new();
    readonly ToolSet _set;
    readonly Sequence<ITool> _tools;

    /// <param name="change">Given the project's folder.</param>
    public Desk(Func<string, ToolSetOptions, ToolSetOptions>? change = null)
    {
        Project = RealPath.Of(_scratch.Folder("project"));
        Outside = RealPath.Of(_scratch.Folder("outside"));
        ToolSetOptions options = new() { Confinement = new Confinement.Open(), Scratch = System.IO.Path.Combine(_scratch.Path, "scratch") };
        _set = ToolSet.Create(Project, change is null ? options : change(Project, options));
        _tools = _set.ForAgent();
    }

    public string Project { get; }

    /// <summary>A folder beside the project's.</summary>
    public string Outside { get; }

    public ToolSet Set => _set;

    public Sequence<ITool> Tools => _tools;

    public string Path(string name) => System.IO.Path.Combine(Project, name);

    public string File(string name, string content) => File(name, System.Text.Encoding.UTF8.GetBytes(content));

    /// <summary>Lays a file into the project and returns its path.</summary>
    public string File(string name, byte[] content)
    {
        string path = Path(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }

    public byte[] Bytes(string name) => System.IO.File.ReadAllBytes(Path(name));

    public string Content(string name) => System.IO.File.ReadAllText(Path(name));

    /// <summary>The text of what came back; fails when it is an error.</summary>
    public async Task<string> Ok(string tool, JsonObject arguments)
    {
        ToolOutcome outcome = await Call(tool, arguments);
        Assert.False(outcome.IsError, Said(outcome));
        return Said(outcome);
    }

    /// <summary>The text of the error that came back.</summary>
    public async Task<string> Error(string tool, JsonObject arguments)
    {
        ToolOutcome outcome = await Call(tool, arguments);
        Assert.True(outcome.IsError, Said(outcome));
        return Said(outcome);
    }

    public async Task<ToolOutcome> Call(string tool, JsonObject arguments, CancellationToken? cancellation = null)
    {
        CheckedCall call = ArgumentCheck.Of(new Block.ToolCall("c1", tool, arguments.ToJsonString()), _tools);
        CheckedCall.Runnable runnable = Assert.IsType<CheckedCall.Runnable>(call);
        using JsonDocument given = runnable.Arguments;
        return await runnable.Tool.Run(given.RootElement, cancellation ?? TestContext.Current.CancellationToken);
    }

    public static string Said(ToolOutcome outcome) => string.Join('\n', outcome.Content.OfType<Block.Text>().Select(text => text.Content));

    public async ValueTask DisposeAsync()
    {
        await _set.DisposeAsync();
        _scratch.Dispose();
    }
}
