// Text to tokens with Kimi's vocabulary: a megabyte of this repository's prose and code, and of what is none.

using System.Text;
using Baltoro.Engine.Tokenizers;
using BenchmarkDotNet.Attributes;

namespace Baltoro.Benchmarks;

/// <summary>Needs <c>../shared/data/kimi-tiktoken.model</c> beside the repository.</summary>
public class EncodedText
{
    readonly List<int> _tokens = [];
    Tokenizer _kimi = null!;
    string _text = "";

    [Params("prose and code", "base64", "ideographs", "one letter")]
    public string Kind { get; set; } = "";

    [GlobalSetup]
    public void Open()
    {
        string root = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(root, "Baltoro.slnx"))) root = Path.GetDirectoryName(root)!;
        _kimi = TiktokenFile.Read(Path.Combine(root, "..", "shared", "data", "kimi-tiktoken.model"), Splitter.Find("kimi-k2")!, _ => []);
        _text = Kind switch
        {
            "base64" => Base64(),
            // A third of a million of three bytes each.
            "ideographs" => string.Concat(Enumerable.Range(1, 333_333).Select(seed => (char)(0x4E00 + (uint)((uint)seed * 0x9E3779B1) % 0x51A5))),
            "one letter" => new('a', 1_000_000),
            _ => Sources(root),
        };
    }

    static string Base64()
    {
        StringBuilder text = new();
        for (int seed = 1; text.Length < 1_000_000; seed++) text.Append(Convert.ToBase64String(BitConverter.GetBytes((ulong)seed * 0x9E3779B97F4A7C15)));
        return text.ToString(0, 1_000_000);
    }

    static string Sources(string root)
    {
        StringBuilder text = new();
        foreach (string file in Directory.EnumerateFiles(root, "*.*", SearchOption.AllDirectories).Where(IsSource).Order(StringComparer.Ordinal).TakeWhile(_ => text.Length < 1_000_000)) text.Append(File.ReadAllText(file));
        return text.ToString(0, Math.Min(text.Length, 1_000_000));
    }

    /// <summary>A megabyte.</summary>
    [Benchmark]
    public int Encode()
    {
        _tokens.Clear();
        _kimi.Encode(_text, _tokens);
        return _tokens.Count;
    }

    static bool IsSource(string path) => Path.GetExtension(path) is ".cs" or ".md" && !path.Contains("artifacts", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal);
}
