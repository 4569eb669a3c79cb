// Lines as programs have them, around identifiers. It knows no task.

namespace Baltoro.Worlds;

/// <summary>Not thread-safe.</summary>
sealed class CodeLines(Draw draw, Names names)
{
    /// <summary>A line that uses an identifier once or twice.</summary>
    public string Using(string identifier) => draw.Below(12) switch
    {
        0 => $"{identifier} = {draw.Between(0, 99)}",
        1 => $"return {identifier}",
        2 => $"{names.Word()} = {identifier} + {draw.Between(1, 9)}",
        3 => $"{identifier}({names.Word()})",
        4 => $"call {identifier}",
        5 => $"{names.Word()}.{identifier}",
        6 => $"{identifier} = {identifier} * {draw.Between(2, 9)}",
        7 => $"if {identifier} > {draw.Between(1, 99)}",
        8 => $"print {identifier}",
        9 => $"{names.Word()}({identifier}, {draw.Between(0, 9)})",
        10 => $"use {identifier} for {names.Word()}",
        _ => $"export {identifier}",
    };

    /// <summary>Lines that do not contain <paramref name="without"/> anywhere.</summary>
    public List<string> Plain(int count, string without)
    {
        List<string> lines = [];
        while (lines.Count < count)
            if (Using(names.Identifier()) is var line && !line.Contains(without, StringComparison.Ordinal)) lines.Add(line);
        return lines;
    }
}
