// The model in the box: its names, where its file lies, how it is opened, what is said of it. It refuses to know what it is asked.

using System.Globalization;
using Baltoro.Chat;
using Baltoro.Cli.Commands;
using Baltoro.Engine;
using Baltoro.Engine.Gguf;
using Baltoro.Gateway;
using Baltoro.Models;
using Baltoro.Models.Local;
using Baltoro.Models.Policy;

namespace Baltoro.Cli.Demo;

static class Piolet
{
    public const string Name = "baltoro/piolet";

    /// <summary>Calls of the usual task: the longest of those tried that it does in 18 of the table's 20 (bench/results/piolet.md).</summary>
    public const int Steps = 300;

    /// <summary>What it can do, and how to get more.</summary>
    public const string Skills =
        "It follows a trail of files to its end or collects along one, renames an identifier, puts a header on files and collects TODO lines, mostly rightly; nothing else. A large model needs a key, such as NOVITA_API_KEY=…, "
        + "or a file, --model local:FILE.gguf (`baltoro models` lists them).";

    static string File { get; } = Path.Combine(AppContext.BaseDirectory, "piolet.gguf");

    /// <summary>How it is run. So small a model gains nothing from a second thread: they would wait for each other more than they compute.</summary>
    public static ModelOptions Options { get; } = new() { Threads = 1, CacheMemory = 64L << 20 };

    /// <summary>Whether a file is the model in the box.</summary>
    public static bool Is(string path) => path == File;

    /// <summary>Whether the executable came with it.</summary>
    public static bool IsHere => System.IO.File.Exists(File);

    /// <summary>A name under which the catalogue knows it: its own ones become that of its file, all others stay.</summary>
    public static string Resolved(string name) => name is Name or "piolet" or "local" ? $"{Upstream.Local.Name}:{File}" : name;

    /// <summary>As a list of models shows it; none where the executable came without it.</summary>
    public static Sequence<Listing> Listed()
    {
        if (LocalFile.Look(File) is not LocalFile.Readable readable) return [];
        Target target = new(CardOf(Name, readable), Upstream.Local) { File = File };
        return [new(new() { Id = Name, Name = "Piolet", Aliases = ["piolet", "local"], Note = Skills, Places = [new(Upstream.Local.Name, File)] }, target, [target])];
    }

    static ModelCard CardOf(string id, LocalFile.Readable file) => LocalFile.Card(id, new(Upstream.Local.Name, Upstream.Local.Endpoint, "piolet"), file, null, null);

    /// <param name="file">Null for the one in the box.</param>
    /// <exception cref="UserException">It is not there, or no such model.</exception>
    public static PioletModel Open(string? file)
    {
        string path = Path.GetFullPath(file ?? File);
        return LocalFile.Look(path) switch
        {
            LocalFile.Readable readable when CardOf(file is null ? Name : path, readable) is { Scope: ModelScope.Narrow } card => new(card, path),
            LocalFile.Readable => throw new UserException($"{path}: it is a model of general scope; found no baltoro.scope = narrow in it, which `baltoro demo` expects."),
            LocalFile.Unreadable unreadable => throw new UserException($"{path}: {unreadable.Problem}"),
            var other => throw new InvalidOperationException($"Unknown outcome {other}."),
        };
    }
}

/// <summary>Opened, with its weights loaded at the first word.</summary>
sealed class PioletModel : IDisposable
{
    readonly LocalEngines _engines = new(_ => Piolet.Options, _ => null);

    public PioletModel(ModelCard card, string path)
    {
        Chat = new Fitted(new LocalModel(card, path, _engines));
        using GgufFile file = GgufFile.Open(path);
        Parameters = file.Tensors.Values.Sum(tensor => tensor.Rows * tensor.Columns);
    }

    public IChatModel Chat { get; }

    public ModelCard Card => Chat.Card;

    /// <summary>How many numbers it is made of.</summary>
    public long Parameters { get; }

    public string Size => string.Create(CultureInfo.InvariantCulture, $"{Parameters / 1e6:0.0} million parameters");

    public void Dispose() => _engines.Dispose();
}
