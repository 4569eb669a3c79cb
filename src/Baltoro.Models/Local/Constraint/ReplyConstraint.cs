// What holds one reply to what it may be. Knows no grammar's inside.

using Baltoro.Chat;
using Baltoro.Engine.Constraint;
using Baltoro.Engine.Constraint.Grammars;
using Baltoro.Engine.Constraint.Schemas;

namespace Baltoro.Models.Local;

static class ReplyConstraint
{
    /// <summary>The constraint of a reply to a request; null where anything may come.</summary>
    /// <exception cref="SchemaException">The schema of a tool or of the reply cannot be held to.</exception>
    /// <exception cref="ArgumentException">The vocabulary cannot be constrained.</exception>
    public static TokenConstraint? Of(LocalEngine engine, ChatRequest request)
    {
        bool thinks = engine.Format.Read(request).IsThinking;
        bool isNeeded = engine.Help.Calls && ReplyGrammar.IsNeeded(engine.Format, request, thinks);
        if (isNeeded && engine.Help.HeedsThoughts && BeginsWithThought(request, thinks) && ReplyGrammar.OfThought(engine.Trie, engine.Tokenizer, engine.Format, thinks, new(engine.Help, request)) is { } thought)
        {
            // What is wrong with a schema is told before the reply begins.
            Grammar free = Answer(null);
            return new ThoughtConstraint(thought, engine.Tokenizer, said => new(Held(said) ?? free, engine.Stops));
        }
        if (isNeeded)
            return new GrammarConstraint(ReplyGrammar.Of(engine.Trie, engine.Tokenizer, engine.Format, request, thinks, new(engine.Help, request)), engine.Stops);
        int[] unwanted = Unwanted(engine, request);
        return unwanted.Length > 0 ? new UnwantedTokens(unwanted) : null;

        Grammar Answer(string? said) => ReplyGrammar.OfAnswer(engine.Trie, engine.Tokenizer, engine.Format, request, thinks, new(engine.Help, request, said));

        // A number that was thought of may be one that the schema does not have; then the schema alone counts.
        Grammar? Held(string said)
        {
            try
            {
                return Answer(said);
            }
            catch (SchemaException)
            {
                return null;
            }
        }
    }

    /// <summary>Where somebody else has begun the answer its thought is over; and a thought whose length is limited is not held to anything else.</summary>
    static bool BeginsWithThought(ChatRequest request, bool thinks) => request.Thinking.Budget is null && (thinks || request.Turns is not [.., Turn.Assistant]);

    /// <summary>What stands for nothing, and what begins a call where there is to be none.</summary>
    static int[] Unwanted(LocalEngine engine, ChatRequest request)
    {
        bool calls = request.ToolChoice is not ToolChoice.None && ToolDeclarations.Functions(request).Any();
        return calls || engine.Format.Calls is not { } marks ? [.. engine.Unused]
            : [.. engine.Unused, .. new[] { marks.SectionBegin, marks.CallBegin }.OfType<string>().Where(engine.Tokenizer.Controls.ContainsKey).Select(name => engine.Tokenizer.Controls[name])];
    }
}
