// The commands of the interactive mode by name; it refuses to know how they are carried out.

using Baltoro.Chat;

namespace Baltoro.Cli.Terminal;

/// <summary>What a line means that a person has sent.</summary>
abstract record Order
{
    private Order() { }

    /// <summary>For the model.</summary>
    public sealed record Task(string Text) : Order
    {
        /// <summary>The same as its writer sees it: what was pasted is only named.</summary>
        public string Seen { get; init; } = Text;
    }

    /// <summary>For the shell, without the model.</summary>
    public sealed record Shell(string Command) : Order;

    public sealed record Slash(SlashCommand Command, string Argument) : Order;

    public sealed record Unknown(string Problem) : Order;

    public static Order Of(string line)
    {
        string text = line.Trim();
        if (text.StartsWith('!')) return text.Length > 1 ? new Shell(text[1..].Trim()) : new Unknown("! runs a shell command: !git status");
        string name = text.Split(' ', 2)[0];
        // A path at the beginning of a task is no command; behind a command's name there may be one.
        if (!text.StartsWith('/') || name.AsSpan(1).Contains('/') || text.Contains('\n', StringComparison.Ordinal)) return new Task(line);
        string argument = text.Length > name.Length ? text[name.Length..].Trim() : "";
        if (SlashCommand.All.FirstOrDefault(command => command.Name == name) is { } known) return new Slash(known, argument);
        string[] near = [.. SlashCommand.All.Where(command => command.Name.StartsWith(name, StringComparison.Ordinal)).Select(command => command.Name)];
        return near is [var only] ? new Slash(SlashCommand.All.First(command => command.Name == only), argument)
            : new Unknown($"{name} is no command{(near.Length > 0 ? $": {string.Join(", ", near)}?" : "; /help lists them")}");
    }
}

/// <param name="Usage">What may follow the name; empty for nothing.</param>
sealed record SlashCommand(string Name, string Usage, string Does)
{
    public static readonly SlashCommand
        Model = new("/model", "[NAME]", "show what can be asked, or change the model"),
        Cost = new("/cost", "", "tokens and money of this session"),
        Context = new("/context", "", "what fills the window"),
        Compact = new("/compact", "", "replace the history by a hand-off note now"),
        Resume = new("/resume", "[ID]", "go on with another session of this folder"),
        Fork = new("/fork", "", "go on in a copy of this session"),
        Undo = new("/undo", "", "take back the last task, and what it wrote into files"),
        Sessions = new("/sessions", "", "list the sessions of this folder"),
        Permissions = new("/permissions", "", "show what is allowed, asked for and denied"),
        Help = new("/help", "", "this list, and the keys"),
        Quit = new("/quit", "", "leave; the session can be resumed");

    public static Sequence<SlashCommand> All { get; } =
        [Model, Cost, Context, Compact, Resume, Fork, Undo, Sessions, Permissions, Help, Quit];

    /// <summary>The names that a beginning can become.</summary>
    public static Sequence<string> Completions(string beginning) =>
        All.Select(command => command.Name).Where(name => name.StartsWith(beginning, StringComparison.Ordinal)).ToSequence();
}
