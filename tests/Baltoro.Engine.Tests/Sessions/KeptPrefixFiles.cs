// Beginnings of texts on disk: a model that is opened later computes them no second time, whatever lies in the folder does no harm, and the folder stays as small as it is to be.

namespace Baltoro.Engine.Tests.Sessions;

public sealed class KeptPrefixFiles : IDisposable
{
    /// <summary>Tokens of a file.</summary>
    const int Part = 256;

    /// <summary>Three parts, and some that fill none.</summary>
    static readonly int[] Text = [.. Enumerable.Range(0, 3 * Part + 40).Select(i => i * 31 % Golden.Vocabulary)];

    readonly Folder _folder = new();
    readonly List<string> _told = [];
    readonly float[] _computed;

    public KeptPrefixFiles()
    {
        using Model model = Open(null);
        _computed = Evaluate(model, Text, out _);
    }

    public void Dispose() => _folder.Dispose();

    string Kept => _folder.At("kept");

    [Fact]
    public void A_second_model_computes_only_what_fills_no_file_and_gives_the_same_bits()
    {
        Assert.Equal((0, 0), (Seen(Text), _told.Count));
        using (Model model = Open(Keeping()))
        {
            Assert.Equal(_computed, Evaluate(model, Text, out int known));
            Assert.Equal(3 * Part, known);
        }
        Assert.Equal((3, 0), (Files().Length, _told.Count));
    }

    [Fact]
    public void A_text_that_grows_adds_files_and_one_that_branches_off_shares_them()
    {
        Seen(Text[..600]);
        Assert.Equal(2, Files().Length);
        Assert.Equal(2 * Part, Seen([.. Text, .. Text]));
        Assert.Equal(6, Files().Length);
        Assert.Equal(Part, Seen([.. Text[..400], .. Enumerable.Repeat(9, 400)]));
        Assert.Equal(8, Files().Length);
    }

    [Fact]
    public void A_file_goes_on_where_memory_has_its_beginning()
    {
        Seen(Text);
        using Model model = Open(Keeping());
        // In memory are eight pages of the first part and one of the second.
        Evaluate(model, [.. Text[..(Part + 32)], 5], out int known);
        Assert.Equal(Part, known);
        Assert.Equal(_computed, Evaluate(model, Text, out known));
        Assert.Equal(3 * Part, known);
    }

    [Fact]
    public void One_token_at_least_is_left_to_compute() => Assert.Equal((0, Part), (Seen(Text[..(2 * Part)]), Seen(Text[..(2 * Part)])));

    [Theory]
    [InlineData("cut", "has ")]
    [InlineData("empty", "has 0 bytes; ")]
    [InlineData("flipped", "is damaged: its checksum is another")]
    [InlineData("renamed", "is not of the text and model that its name says")]
    [InlineData("foreign", "is not of the text and model that its name says")]
    public void A_damaged_file_is_not_used_but_told_and_written_anew(string how, string problem)
    {
        Seen(Text);
        string[] files = [.. Files().OrderByDescending(File.GetLastWriteTimeUtc)];
        byte[] second = File.ReadAllBytes(files[1]);
        File.WriteAllBytes(files[1], how switch
        {
            "cut" => second[..^1],
            "empty" => [],
            "flipped" => [.. second[..^7], (byte)(second[^7] ^ 1), .. second[^6..]],
            "renamed" => File.ReadAllBytes(files[2]),
            _ => new byte[second.Length],
        });
        using (Model model = Open(Keeping()))
        {
            Assert.Equal(_computed, Evaluate(model, Text, out int known));
            Assert.Equal(Part, known);
            Assert.StartsWith($"{files[1]}: {problem}", Assert.Single(_told), StringComparison.Ordinal);
            Assert.EndsWith(". It is not used; its tokens are computed again.", _told[0], StringComparison.Ordinal);
        }
        Assert.Equal(second, File.ReadAllBytes(files[1]));
        Assert.Equal((3 * Part, 1), (Seen(Text), _told.Count));
    }

    [Fact]
    public void Another_model_s_files_are_no_business_of_this_one_s()
    {
        using (Model other = Model.Open(Golden.At("tiny.gguf"), Options(Keeping()))) Evaluate(other, Text, out _);
        Assert.Equal((3, 0, 6, 0), (Files().Length, Seen(Text), Files().Length, _told.Count));
    }

    [Fact]
    public void What_was_not_used_for_the_longest_time_makes_room_and_other_people_s_files_stay()
    {
        Directory.CreateDirectory(Kept);
        File.WriteAllText(Path.Combine(Kept, "mine.prefix"), "mine");
        Seen(Text);
        long limit = 10 * new FileInfo(Files()[0]).Length;
        Seen(Text[1..], limit);
        for (int i = 2; i < 6; i++)
        {
            // Used again and again, it stays.
            Assert.Equal(3 * Part, Seen(Text, limit));
            Seen(Text[i..], limit);
            Assert.InRange(Files().Sum(file => new FileInfo(file).Length), 1, limit);
        }
        Assert.Equal((0, 3 * Part, "mine"), (Seen(Text[1..], limit), Seen(Text, limit), File.ReadAllText(Path.Combine(Kept, "mine.prefix"))));
    }

    [Fact]
    public void A_folder_that_cannot_be_written_to_is_told_once()
    {
        File.WriteAllText(Kept, "no folder");
        Assert.Equal((0, 0), (Seen(Text), Seen(Text[..600])));
        Assert.Equal(2, _told.Count);
        Assert.All(_told, said => Assert.StartsWith($"{Kept}: no more beginnings of texts are kept: ", said, StringComparison.Ordinal));
    }

    [Fact]
    public void A_limit_that_no_file_fits_into_is_told_once()
    {
        Assert.Equal(0, Seen(Text, 1000));
        Assert.Matches($"^{System.Text.RegularExpressions.Regex.Escape(Kept)}: no more beginnings of texts are kept: a part of a text has \\d+ bytes; 1000 are allowed for all$", Assert.Single(_told));
    }

    [Fact]
    public void Files_are_for_their_owner_alone()
    {
        Seen(Text);
        foreach (string file in Files())
            if (!OperatingSystem.IsWindows()) Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
    }

    [Fact]
    public async Task Prompts_of_the_scheduler_are_kept_with_what_was_answered()
    {
        int[] known = [-1, -1];
        for (int i = 0; i < 2; i++)
        {
            using Model model = Open(Keeping());
            using Scheduler scheduler = new(model);
            await foreach (int _ in scheduler.Generate(new() { Prompt = Text, MaxTokens = 300, Begun = count => known[i] = count, Sampling = new() { Temperature = 0 } })) { }
        }
        Assert.Equal([0, 3 * Part], known);
        Assert.Equal(4, Files().Length);
    }

    /// <summary>How much of a text a model knew that was opened for it alone.</summary>
    int Seen(int[] text, long limit = 1 << 30)
    {
        using Model model = Open(Keeping(limit));
        Evaluate(model, text, out int known);
        return known;
    }

    string[] Files() => [.. Directory.GetFiles(Kept).Where(file => Path.GetFileName(file).Length > 60)];

    KeptPrefixes Keeping(long limit = 1 << 30) => new(Kept, limit, told =>
    {
        lock (_told) _told.Add(told);
    });

    static Model Open(KeptPrefixes? prefixes) => Model.Open(Golden.At("tiny_q4_0.gguf"), Options(prefixes));

    static ModelOptions Options(KeptPrefixes? prefixes) => new() { Threads = 1, CacheMemory = 256 << 20, BatchTokens = 64, Context = 4096, BeyondContext = true, Prefixes = prefixes };

    static float[] Evaluate(Model model, int[] text, out int known)
    {
        float[] logits = new float[Golden.Vocabulary];
        using Session session = model.Begin(text);
        known = session.Length;
        session.Evaluate(text.AsSpan(known), logits);
        return logits;
    }
}
