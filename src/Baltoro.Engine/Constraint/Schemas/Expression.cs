// Whether a text matches a regular expression as .NET reads it, or that this cannot be told. Knows no automaton of a grammar.

using System.Text.RegularExpressions;

namespace Baltoro.Engine.Constraint.Schemas;

/// <summary>In time that grows with the text alone; where the expression has what only trying out can match, for a quarter of a second at most.</summary>
sealed class Expression
{
    const int MostGroups = 1000;

    readonly Regex _regex;
    readonly string _pointer, _keyword;

    /// <param name="pointer">Of the schema that has it.</param>
    /// <param name="keyword">Where in that schema it stands.</param>
    /// <exception cref="SchemaException">It is no expression.</exception>
    public Expression(string pointer, string keyword, string pattern)
    {
        (_pointer, _keyword) = (pointer, keyword);
        if (pattern.Count(character => character == '(') > MostGroups) throw new SchemaException(pointer, keyword, $"an expression of it has over {MostGroups} groups");
        try
        {
            _regex = Make(pattern, RegexOptions.NonBacktracking);
        }
        catch (NotSupportedException)
        {
            _regex = Make(pattern, RegexOptions.None);
        }
        catch (ArgumentException e)
        {
            throw new SchemaException(pointer, keyword, e.Message);
        }
    }

    /// <exception cref="SchemaException">It cannot be told.</exception>
    public bool Matches(string text)
    {
        try
        {
            return _regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            throw new SchemaException(_pointer, _keyword, $"whether `{_regex}` matches \"{text}\" takes too long to tell");
        }
    }

    static Regex Make(string pattern, RegexOptions options) => new(pattern, RegexOptions.CultureInvariant | options, TimeSpan.FromMilliseconds(250));
}
