// Automata for strings, numbers, booleans and null, after what schemas say of them together. Knows no objects and no arrays.

using System.Numerics;
using Baltoro.Engine.Constraint.Automata;
using Baltoro.Engine.Constraint.Grammars;

namespace Baltoro.Engine.Constraint.Schemas;

sealed class ScalarCompiler(TokenTrie trie)
{
    /// <summary>With a pattern, lengths are counted by states of an automaton; a text that may be longer is kept this short.</summary>
    const int LongestPatterned = 200;

    public IEnumerable<Leaf> Compile(Facts[] facts, JsonTypes types)
    {
        if ((types & JsonTypes.Null) != 0) yield return trie.Shared("null", () => DfaLeaf.Literals(trie, [[.. "null"u8]], _ => 0));
        if ((types & JsonTypes.Boolean) != 0) yield return trie.Shared("boolean", () => DfaLeaf.Literals(trie, [[.. "true"u8], [.. "false"u8]], _ => 0));
        if ((types & JsonTypes.Number) != 0) yield return Number(facts, (types & JsonTypes.Number) == JsonTypes.Integer);
        if ((types & JsonTypes.String) != 0 && Text(facts) is { } text) yield return text;
    }

    Leaf Number(Facts[] facts, bool whole)
    {
        Bound? least = facts.Aggregate((Bound?)null, (bound, one) => Facts.Tighter(bound, one.Minimum, 1));
        Bound? most = facts.Aggregate((Bound?)null, (bound, one) => Facts.Tighter(bound, one.Maximum, -1));
        Facts[] steps = Array.FindAll(facts, one => one.MultipleOf is not null);
        if (!whole && least is null && most is null && steps.Length == 0) return trie.Shared("number", () => DfaLeaf.Plain(NumberTexts.Any()));
        int places = Math.Max(3, Math.Max(least?.At.Decimals ?? 0, most?.At.Decimals ?? 0));
        // Where steps are smaller than one, all decimals of the step are written, so that there is one length to count in.
        int step = steps.Length == 0 ? 0 : steps.Max(one => one.MultipleOf!.Value.Decimals);
        if (places > 20 || step > 20) throw new SchemaException(facts[0].Pointer, steps.Length > 0 ? "multipleOf" : "minimum", "it has over 20 decimals");
        int[] decimals = whole ? [0] : steps.Length > 0 ? [step] : [.. Enumerable.Range(0, places + 1)];
        return trie.Shared(("number", least, most, string.Join(',', decimals), string.Join(',', steps.Select(one => one.MultipleOf))), () => Stepped(steps, NumberTexts.Between(least, most, decimals), step, decimals[0]));
    }

    static DfaLeaf Stepped(Facts[] steps, Dfa dfa, int step, int decimals)
    {
        foreach (Facts one in steps)
        {
            // Digits with so many decimals are a multiple of the step's, less the powers of ten that they do not have.
            BigInteger of = one.MultipleOf!.Value.Floor(Math.Max(step, decimals)), unit = BigInteger.Pow(10, Math.Max(step, decimals) - decimals);
            of /= BigInteger.GreatestCommonDivisor(of, unit);
            if (of > 1000) throw new SchemaException(one.Pointer, "multipleOf", $"steps of {of} in the last place are too large; at most 1000 was expected");
            dfa = dfa.And(NumberTexts.Multiples((int)of), int.MaxValue)!;
        }
        return DfaLeaf.Plain(dfa);
    }

    Leaf? Text(Facts[] facts)
    {
        long least = facts.Max(one => one.MinLength), most = facts.Min(one => one.MaxLength);
        Facts longest = Array.Find(facts, one => one.MinLength == least)!;
        if (least > Cost.Most) throw new SchemaException(longest.Pointer, "minLength", $"{least} characters are more than any text has room for");
        if (most < least) return null;
        List<(Facts Facts, string Keyword, string Pattern)> patterns = [];
        foreach (Facts one in facts)
        {
            if (one.Pattern is { } pattern) patterns.Add((one, "pattern", pattern));
            if (one.Format is { } format && Formats.Pattern(format) is { } known) patterns.Add((one, "format", known));
        }
        if (patterns.Count == 0)
        {
            int limit = most > Cost.Most ? int.MaxValue : (int)most;
            return trie.Shared(("string", (int)least, limit), () => new StringLeaf((int)least, limit, trie.LongestToken));
        }
        return trie.Shared(("pattern", least, most, string.Join('\n', patterns.Select(one => one.Pattern))), () => Patterned(patterns, least, most, longest));
    }

    static DfaLeaf Patterned(List<(Facts Facts, string Keyword, string Pattern)> patterns, long least, long most, Facts longest)
    {
        Dfa? dfa = null;
        foreach (var (one, keyword, pattern) in patterns)
            try
            {
                Dfa next = Pattern.Compile(pattern);
                dfa = dfa is null ? next : dfa.And(next, Pattern.MostStates) ?? throw new FormatException($"with others it has over {Pattern.MostStates} states");
            }
            catch (FormatException e)
            {
                throw new SchemaException(one.Pointer, keyword, e.Message);
            }
        if (least > 0 || most < long.MaxValue)
        {
            if (least > LongestPatterned) throw new SchemaException(longest.Pointer, "minLength", $"with a pattern at most {LongestPatterned} was expected");
            int limit = most == long.MaxValue ? int.MaxValue : (int)Math.Min(most, LongestPatterned);
            dfa = dfa!.And(Pattern.OfLength((int)least, limit), 20 * Pattern.MostStates)
                ?? throw new SchemaException(patterns[0].Facts.Pointer, patterns[0].Keyword, "with its length it has too many states");
        }
        return DfaLeaf.Plain(dfa!);
    }
}
