// The forms that the small model's file declares let through what it was taught: every thought and every call of the oracles.

using System.Text;
using System.Text.RegularExpressions;
using Baltoro.Chat;
using Baltoro.Cli.Demo;
using Baltoro.Engine.Constraint.Grammars;
using Baltoro.Engine.Constraint.Schemas;
using Baltoro.Models.Local;
using Baltoro.Transcripts;
using Baltoro.Worlds;

namespace Baltoro.Cli.Tests.Demo;

public sealed partial class HeldOracleTests : IDisposable
{
    readonly LocalEngine _engine = LocalEngine.Open(Path.Combine(AppContext.BaseDirectory, "piolet.gguf"), Piolet.Options);

    public void Dispose() => _engine.Dispose();

    [Fact]
    public void The_shipped_file_declares_what_the_transcripts_are_made_by()
    {
        Assert.Equal(Quoting.Parse(Profile.QuotedArguments), _engine.Help.Quoted);
        Assert.Equal(ThoughtForms.Parse(Profile.ThoughtForms).Select(form => form.Pieces), _engine.Help.Forms.Select(form => form.Pieces));
    }

    public static TheoryData<Skill, Split> All()
    {
        TheoryData<Skill, Split> all = [];
        foreach (Skill skill in Enum.GetValues<Skill>())
            foreach (Split split in Enum.GetValues<Split>()) all.Add(skill, split);
        return all;
    }

    [Theory, MemberData(nameof(All))]
    public async Task Every_right_turn_can_be_written(Skill skill, Split split)
    {
        LocalHelp help = new(true, Quoting.Parse(Profile.QuotedArguments), ThoughtForms.Parse(Profile.ThoughtForms));
        for (int seed = 1; seed <= 3; seed++)
            foreach (var (request, reply) in await TranscriptTests.Walk(Rows.Play(new Draw((ulong)seed), split, skill).World, window: 512) is { } model ? model.Asked : [])
                Write(request, reply, help);
    }

    [Theory, MemberData(nameof(TranscriptTests.Worlds), MemberType = typeof(TranscriptTests))]
    public async Task A_prompt_has_the_tokens_of_its_row(Skill skill, int seed)
    {
        (World world, Baltoro.Transcripts.Transcript played) = Rows.Play(new Draw((ulong)seed), Split.Train, skill);
        OracleModel model = await TranscriptTests.Walk(world, window: 512);
        for (int i = 0; i < model.Asked.Count; i++)
        {
            int[] prompt = [.. _engine.Format.Render(model.Asked[i].Request).SelectMany(part => part switch { PromptPart.Text text => _engine.Tokenizer.Encode(text.Content), PromptPart.Control control => [_engine.Tokenizer.Controls[control.Name]], _ => [] })];
            int[] row = [.. played.Window(i - model.Visible[i], model.Visible[i] + 1).Pieces.SelectMany(piece => piece.Kind == PieceKind.Control ? [_engine.Tokenizer.Controls[piece.Text]] : _engine.Tokenizer.Encode(piece.Text))];
            Assert.Equal(prompt, row.Take(prompt.Length));
        }
    }

    static ChatRequest Asked(params Sequence<Chat.Turn> turns) => new() { Model = "piolet", Turns = turns };

    [Fact]
    public void A_schema_that_cannot_be_held_to_is_told_before_the_thought()
    {
        ChatRequest request = Asked(new Chat.Turn.User([new Block.Text("Go on.")])) with { Tools = [new ToolSpec.Function("Odd", null, RawJson.Of("""{"type":"object","properties":{"a":{"not":{}}}}"""))] };
        Assert.Equal("tools/Odd/properties/a", Assert.Throws<SchemaException>(() => ReplyConstraint.Of(_engine, request)).Pointer);
    }

    [Fact]
    public void An_answer_that_somebody_has_begun_gets_no_thought_first()
    {
        ChatRequest asked = Asked(new Chat.Turn.User([new Block.Text("Go on.")])) with { Tools = [new ToolSpec.Function("Now", null, RawJson.Of("""{"type":"object","properties":{}}"""))] };
        Assert.Equal(["<think>"], Possible(asked));
        Assert.Contains("a", Possible(asked with { Turns = [.. asked.Turns, new Chat.Turn.Assistant([new Block.Text("So ")])] }));

        string[] Possible(ChatRequest request)
        {
            float[] logits = new float[_engine.Tokenizer.Count];
            ReplyConstraint.Of(_engine, request)!.Restrict(logits, 100);
            return [.. Enumerable.Range(0, logits.Length).Where(token => logits[token] == 0).Select(token => _engine.Tokenizer.IsControl(token) ? _engine.Tokenizer.Name(token) : Encoding.UTF8.GetString(_engine.Tokenizer.Bytes(token)))];
        }
    }

    void Write(ChatRequest request, string reply, LocalHelp help)
    {
        ThoughtConstraint constraint = new(ReplyGrammar.OfThought(_engine.Trie, _engine.Tokenizer, _engine.Format, thinks: false, new(help, request))!, _engine.Tokenizer,
            said => new(ReplyGrammar.OfAnswer(_engine.Trie, _engine.Tokenizer, _engine.Format, request, false, new(help, request, said)), _engine.Stops));
        float[] logits = new float[_engine.Tokenizer.Count];
        bool goesOn = true;
        string written = "";
        foreach (string part in Controls().Split(reply))
            foreach (int token in _engine.Tokenizer.Controls.TryGetValue(part, out int control) ? [control] : _engine.Tokenizer.Encode(part))
            {
                if (!goesOn)
                {
                    Assert.Equal("<|im_end|>", part);
                    return;
                }
                Array.Clear(logits);
                constraint.Restrict(logits, 300);
                Assert.True(logits[token] == 0, $"{written} >>> {part}\n{request.Turns[^1]}");
                written += part;
                if (part == "<|im_end|>") return;
                goesOn = constraint.Accept(token);
            }
    }

    [GeneratedRegex(@"(<\|[^|]+\|>|</?think>)")]
    private static partial Regex Controls();
}
