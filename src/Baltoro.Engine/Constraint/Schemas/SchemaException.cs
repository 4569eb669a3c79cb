// A JSON schema that cannot be held to. Knows no grammar.

namespace Baltoro.Engine.Constraint.Schemas;

/// <summary>Something in a schema is wrong, is not supported, or nothing satisfies it.</summary>
/// <param name="pointer">Where: a JSON pointer into the schema document; empty for its root.</param>
/// <param name="keyword">Which keyword; null when it is about the schema as a whole.</param>
/// <param name="problem">What is wrong with it, as the end of a sentence.</param>
public sealed class SchemaException(string pointer, string? keyword, string problem)
    : Exception($"The JSON schema at \"{pointer}\"{(keyword is null ? "" : $", keyword `{keyword}`,")} cannot be held to: {problem}.")
{
    public string Pointer { get; } = pointer;

    public string? Keyword { get; } = keyword;

    /// <summary>What is wrong, as the end of a sentence.</summary>
    public string Problem { get; } = problem;
}
