// A desk whose shell runs in the sandbox; skips where the system forbids sandboxes, and fails in CI where one is only not installed.

using System.Text.Json.Nodes;
using Baltoro.Agent.Sandbox;
using Baltoro.Agent.Tests.Tools;

namespace Baltoro.Agent.Tests.Sandbox;

sealed class Boxed : IAsyncDisposable
{
    Boxed(Desk desk) => Desk = desk;

    public Desk Desk { get; }

    /// <param name="lay">Lays files into the project first: what is protected is what is there at the start of a command.</param>
    public static Task<Boxed> Open(Action<Desk>? lay = null, bool network = false, Func<Confinement.Bubblewrap, Confinement.Bubblewrap>? change = null)
    {
        Confinement.Bubblewrap? found = null;
        Desk desk = new((project, options) =>
        {
            switch (SandboxSearch.Find(project, network).GetAwaiter().GetResult())
            {
                case SandboxSearch.Works works:
                    found = works.For(options.Scratch);
                    if (change is not null) found = change(found);
                    return options with { Confinement = found, PrivateTmp = found.PrivateTmp };
                case SandboxSearch.Forbidden forbidden:
                    Assert.Skip(forbidden.Why);
                    break;
                case SandboxSearch.NotInstalled missing:
                    if (Environment.GetEnvironmentVariable("CI") == "true") Assert.Fail(missing.Advice);
                    Assert.Skip(missing.Advice);
                    break;
            }
            return options;
        });
        lay?.Invoke(desk);
        return Task.FromResult(new Boxed(desk));
    }

    public static JsonObject Command(string command) => new() { ["command"] = command };

    public ValueTask DisposeAsync() => Desk.DisposeAsync();
}
