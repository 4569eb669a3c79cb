// Who gets what in a turn of the scheduler, counted in tokens. The order of choices is told by constraints, which are asked on the scheduler's own thread.

using System.Text;
using Baltoro.Engine.Constraint;

namespace Baltoro.Engine.Tests.Sessions;

public sealed class Turns : IDisposable
{
    /// <summary>Tokens of prompts that a turn takes in while somebody waits for his next token.</summary>
    const int Beside = 64;

    readonly Model _model = Model.Open(Golden.At("tiny_q4_0.gguf"), new() { Threads = 2, CacheMemory = 256 << 20, BatchTokens = 128, Context = 8192, BeyondContext = true });
    readonly Scheduler _scheduler;
    readonly StringBuilder _chosen = new();
    readonly List<Task> _texts = [];
    volatile bool _isOver;

    public Turns() => _scheduler = new(_model);

    public void Dispose()
    {
        _scheduler.Dispose();
        _model.Dispose();
    }

    [Fact]
    public async Task All_who_decode_get_a_token_in_each_of_the_64_turns_in_which_another_s_prompt_of_4096_is_read()
    {
        int began = 0;
        string turn = "";
        Begin('a', 3, Chosen);
        await Ended();
        string[] turns = [.. $"{_chosen}"[began..].TakeWhile(name => name != 'P').Chunk(3).Select(names => string.Concat(names.Order()))];
        Assert.Equal(Enumerable.Repeat("abc", 4096 / Beside), turns);

        void Chosen(char name)
        {
            if (_chosen.Length == 1)
                foreach (char other in "bc") Begin(other, 3, Chosen);
            turn = turn.Contains(name, StringComparison.Ordinal) ? $"{name}" : turn + name;
            // At a turn's end, when all three are under way.
            if (began > 0 || turn.Length < 3 || _chosen.Length < 30) return;
            began = _chosen.Length;
            Begin('P', 4096, _ => _isOver = true);
        }
    }

    [Fact]
    public async Task Two_long_prompts_share_what_a_turn_takes_in()
    {
        int began = 0;
        Begin('a', 3, _ =>
        {
            if (began > 0 || _chosen.Length < 5) return;
            began = _chosen.Length;
            foreach (char name in "PQ") Begin(name, 1024, _ => _isOver = $"{_chosen}".Contains('P') && $"{_chosen}".Contains('Q'));
        });
        await Ended();
        Assert.Equal($"{new string('a', 2 * 1024 / Beside)}PQ", string.Concat($"{_chosen}"[began..].TakeWhile((_, i) => i < 2 * 1024 / Beside).Concat($"{_chosen}"[(began + 2 * 1024 / Beside)..][..2].Order())));
    }

    [Fact]
    public async Task A_short_prompt_gets_its_first_token_in_its_first_turn_though_a_long_one_is_being_read()
    {
        int began = 0, came = 0;
        Begin('a', 3, _ =>
        {
            if (began == 0 && _chosen.Length == 5)
            {
                began = _chosen.Length;
                Begin('P', 4096, _ => _isOver = true);
            }
            if (came > 0 || _chosen.Length < began + 10 || began == 0) return;
            came = _chosen.Length;
            Begin('s', 20, _ => { });
        });
        await Ended();
        Assert.Equal(("as", true), ($"{_chosen}"[came..(came + 2)], $"{_chosen}".IndexOf('P', StringComparison.Ordinal) > came + 2));
    }

    [Fact]
    public async Task A_prompt_is_read_and_all_get_their_share_though_more_texts_decode_than_a_turn_has_room_for()
    {
        string names = string.Concat(Enumerable.Range(0, 40).Select(i => (char)('A' + i)));
        int began = 0;
        Begin(names[0], 3, Chosen);
        await Ended();
        string before = $"{_chosen}"[began..].Split('~')[0];
        // Four turns for the prompt of 256 tokens beside others, and what is left of the one in which it came.
        Assert.InRange(before.Length, 4 * 31, 6 * 32);
        int[] shares = [.. names.Select(name => before.Count(one => one == name))];
        Assert.InRange(shares.Max() - shares.Min(), 0, 2);

        void Chosen(char name)
        {
            if (_chosen.Length == 1)
                foreach (char other in names[1..]) Begin(other, 3, Chosen);
            if (began > 0 || _chosen.Length < 2000) return;
            began = _chosen.Length;
            Begin('~', 4 * Beside, _ => _isOver = true);
        }
    }

    /// <summary>From now on, from whatever thread: a text with a prompt of its own, until it is over.</summary>
    void Begin(char name, int prompt, Action<char> chosen)
    {
        Watch watch = new(() =>
        {
            _chosen.Append(name);
            chosen(name);
        }, () => !_isOver);
        Task text = Read(_scheduler, new() { Prompt = [.. Enumerable.Range(0, prompt).Select(i => (name + i * 7) % Golden.Vocabulary)], Constraint = watch, MaxTokens = 3000 });
        lock (_texts) _texts.Add(text);
    }

    async Task Ended()
    {
        for (int i = 0; ; i++)
        {
            Task text;
            lock (_texts)
            {
                if (i == _texts.Count) return;
                text = _texts[i];
            }
            await text;
        }
    }

    static async Task Read(Scheduler scheduler, GenerationOrder order)
    {
        await foreach (int _ in scheduler.Generate(order)) { }
    }

    sealed class Watch(Action chosen, Func<bool> goesOn) : TokenConstraint
    {
        public override void Restrict(Span<float> logits, int left) => chosen();

        public override bool Accept(int token) => goesOn();
    }
}
