// Collects what a script, and the scripts in it, would do. It reads no shell itself.

namespace Baltoro.Agent.Permissions;

/// <summary>Collects what a script would do while it is read; scripts inside of it add to the same.</summary>
sealed class ShellFindings
{
    /// <summary>Scripts in scripts, as by <c>sh -c</c>; more is no honest command.</summary>
    const int MaxDepth = 16;

    readonly List<SimpleCommand> _commands = [];
    readonly List<ShellWord> _written = [], _touched = [];
    readonly List<string> _doubts = [];
    int _depth;

    public void Script(string script)
    {
        if (_depth == MaxDepth)
        {
            Doubt("Scripts are nested too deeply.");
            return;
        }
        _depth++;
        try
        {
            new ShellReader(script, this).ReadAll();
        }
        catch (ShellSyntaxException e)
        {
            Doubt($"It is not understood: {e.Message}");
        }
        _depth--;
    }

    public void Command(SimpleCommand command)
    {
        _commands.Add(command);
        InnerCommands.Find(command, this);
    }

    public void Write(ShellWord file) => _written.Add(file);

    /// <summary>A command changes what is there, as its words say.</summary>
    public void Touch(ShellWord file) => _touched.Add(file);

    public void Doubt(string why)
    {
        if (!_doubts.Contains(why)) _doubts.Add(why);
    }

    public ShellReading Reading() => new([.. _commands], [.. _written], [.. _touched], [.. _doubts]);
}

/// <summary>The text is not what this reader takes for shell.</summary>
sealed class ShellSyntaxException(string message) : Exception(message);
