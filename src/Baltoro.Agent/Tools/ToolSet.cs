// The one place that puts a session's tools together. It does not judge their calls and starts nothing by itself.

using System.Collections.Concurrent;
using Baltoro.Agent.Mcp;
using Baltoro.Agent.Sandbox;
using Baltoro.Agent.Tools.Web;
using Baltoro.Chat;

namespace Baltoro.Agent.Tools;

/// <summary>What the tools of a session take from outside. Immutable.</summary>
public sealed record ToolSetOptions
{
    /// <summary>What stands around the programs that the model has run. There is no default: whoever leaves it open says so.</summary>
    public required Confinement Confinement { get; init; }

    /// <summary>A folder of the session's own for long outputs; made when it is missing.</summary>
    public required string Scratch { get; init; }

    /// <summary>What <see cref="Confinement"/> shows programs as <c>/tmp</c>, so that the file tools see the same; null when they see the machine's.</summary>
    public string? PrivateTmp { get; init; }

    /// <summary>As <see cref="Workspace.MayRead"/> and <see cref="Workspace.MayWrite"/>; safe from any thread.</summary>
    public Func<string, bool>? MayRead { get; init; }

    /// <inheritdoc cref="MayRead"/>
    public Func<string, bool>? MayWrite { get; init; }

    /// <summary>Names or addresses of hosts that WebFetch may reach although they are this machine or in its network.</summary>
    public Sequence<string> PrivateHosts { get; init; }

    /// <summary>Servers whose tools all agents have, last in the order. Not owned; null for none.</summary>
    public McpServers? Mcp { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;
}

/// <summary>The tools of a session's agents. Safe from any thread; ends what the tools have started when it is disposed.</summary>
public sealed class ToolSet : IAsyncDisposable
{
    readonly Workspace _workspace;
    readonly ToolSetOptions _options;
    readonly HttpClient _http;
    readonly ConcurrentBag<IAsyncDisposable> _started = [];

    ToolSet(Workspace workspace, ToolSetOptions options) => (_workspace, _options, _http) = (workspace, options, GuardedHttp.Create(options.PrivateHosts));

    /// <param name="folder">The project's folder; it exists.</param>
    public static ToolSet Create(string folder, ToolSetOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Directory.CreateDirectory(options.Scratch);
        return new(new Workspace(folder, options.Scratch, options.PrivateTmp) { MayRead = options.MayRead, MayWrite = options.MayWrite }, options);
    }

    /// <summary>
    /// The tools of one agent, in an order that never changes. Each agent has its own: what it has read, where its shell stands. Fits
    /// <see cref="Loop.AgentSetup.Tools"/>.
    /// </summary>
    public Sequence<ITool> ForAgent()
    {
        FilesSeen seen = new();
        Shells shells = new(_workspace, _options.Confinement, _options.Clock);
        _started.Add(shells);
        List<ITool> tools =
        [
            new Read(_workspace, seen), new Write(_workspace, seen), new Edit(_workspace, seen),
            new Bash(shells, _options.Clock), new BashOutput(shells), new KillShell(shells),
            new Glob(_workspace), new Grep(_workspace),
            new TodoWrite(),
            new WebFetch(_workspace, _http, _options.Clock),
        ];
        if (Python.IsHere)
        {
            Python python = new(_workspace, _options.Confinement, _options.Clock);
            _started.Add(python);
            tools.Add(python);
        }
        return [.. tools, .. _options.Mcp?.Tools ?? []];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable each in _started) await each.DisposeAsync();
        _http.Dispose();
    }
}
