// What a piece of shell would do, as far as it can be known without running it. It judges nothing.

namespace Baltoro.Agent.Permissions;

/// <summary>A command that a piece of shell would run, as far as it can be known.</summary>
/// <param name="Assignments">Variables set for it: <c>A=1 command</c>.</param>
/// <param name="Words">Name and arguments; at least one.</param>
public sealed record SimpleCommand(Chat.Sequence<string> Assignments, Chat.Sequence<ShellWord> Words)
{
    public string? Name => Words[0].IsLiteral ? Words[0].Text : null;

    public override string ToString() => string.Join(' ', Words);
}

/// <summary>What a piece of shell would do.</summary>
/// <param name="Commands">Each command that it could run, in the order written, those inside of others and of substitutions too.</param>
/// <param name="Written">Files that redirections would write.</param>
/// <param name="Touched">Files and folders that commands would change, as far as it is known of them: <c>tee</c>, <c>cp</c>, <c>rm</c>.</param>
/// <param name="Doubts">Why it cannot be known what else it would do; empty when it can. Each a sentence.</param>
public sealed record ShellReading(Chat.Sequence<SimpleCommand> Commands, Chat.Sequence<ShellWord> Written, Chat.Sequence<ShellWord> Touched, Chat.Sequence<string> Doubts)
{
    /// <summary>Reads a command line as bash would.</summary>
    public static ShellReading Of(string script)
    {
        ArgumentNullException.ThrowIfNull(script);
        ShellFindings findings = new();
        findings.Script(script);
        return findings.Reading();
    }
}
