// A model as the gateway's configuration names it, and the vendor that the scripted upstream plays for it.

using Baltoro.ScriptedUpstream;
using Baltoro.ScriptedUpstream.Vendors;
using Baltoro.ScriptedUpstream.Vendors.Chat;
using Baltoro.ScriptedUpstream.Vendors.Messages;

namespace Baltoro.Cli.Tests.EndToEnd;

sealed record Player(string Alias, string Model, string Format, string Dialect, Func<Vendor> Vendor)
{
    public static IReadOnlyList<Player> All { get; } =
    [
        new("claude", "claude-opus-4-8", "anthropic", "claude", () => new Claude()),
        new("messages", "lab/kimi-by-messages", "anthropic", "messages", () => new CompatibleMessages()),
        new("kimi", "moonshotai/kimi-k2-thinking", "openai", "kimi", () => new Kimi()),
        new("glm", "zai/glm-5.2", "openai", "glm", () => new Glm()),
        new("deepseek", "deepseek/deepseek-v4-pro", "openai", "deepseek", () => new DeepSeek()),
        new("openrouter", "openrouter/some-model", "openai", "openrouter", () => new OpenRouter()),
        new("self-hosted", "lab/some-model", "openai", "self-hosted", () => new SelfHosted()),
        new("plain", "openai/some-model", "openai", "plain", () => new Plain()),
    ];

    /// <summary>What must come back to it of its thinking: all, but from vendors that keep it to themselves nothing.</summary>
    public IEnumerable<string?> ThoughtsOn(Trail trail) => Dialect == "plain" ? trail.Thoughts.Select(_ => (string?)null) : trail.Thoughts;

    /// <summary>The name of its upstream in the gateway's configuration.</summary>
    public string Upstream => Alias + "-upstream";

    public static TheoryData<string> Aliases => [.. All.Select(p => p.Alias)];

    public static Player Named(string alias) => All.Single(p => p.Alias == alias);
}
