// The clients that can be started by name: which program, how it is installed, what it must be told. It refuses to know who starts them.

using Baltoro.Chat;

namespace Baltoro.Cli.Launching;

/// <summary>A client by the name that its users type.</summary>
abstract record Client(string Name)
{
    /// <param name="Title">As its makers write it.</param>
    /// <param name="Install">The command that installs it.</param>
    public sealed record Served(string Name, string Title, string Install, Func<Destination, Outfit> Outfit) : Client(Name)
    {
        /// <summary>Given to it before the user's own arguments.</summary>
        public Sequence<string> Arguments { get; init; }
    }

    /// <param name="Why">Which protocol it wants.</param>
    public sealed record NotServed(string Name, string Why) : Client(Name);

    public static readonly Served ClaudeCode = new("claude", "Claude Code", "npm install -g @anthropic-ai/claude-code", Launching.Outfit.OfClaudeCode);

    public static readonly Sequence<Client> Known =
    [
        ClaudeCode,
        new Served("opencode", "opencode", "npm install -g opencode-ai", Launching.Outfit.OfOpencode),
        new Served("qwen", "Qwen Code", "npm install -g @qwen-code/qwen-code", Launching.Outfit.OfQwen) { Arguments = ["--auth-type", "openai"] },
        new Served("kimi", "Kimi Code", "npm install -g @moonshot-ai/kimi-code", Launching.Outfit.OfKimi),
        new NotServed("codex", "Codex speaks OpenAI's Responses only, which this gateway does not serve yet."),
        new NotServed("gemini", "Gemini CLI speaks Google's own protocol only, which this gateway does not serve."),
    ];

    public static Client? Find(string name) => Known.FirstOrDefault(client => client.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
}
