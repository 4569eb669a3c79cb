// Measures the ledger and prints Markdown: `dotnet run -c Release --project bench/Baltoro.Books`.

using System.CommandLine;
using System.Globalization;
using Baltoro.Books;

CultureInfo.DefaultThreadCurrentCulture = CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
string root = AppContext.BaseDirectory;
while (!File.Exists(Path.Combine(root, "Baltoro.slnx"))) root = Path.GetDirectoryName(root) ?? throw new DirectoryNotFoundException("Baltoro.slnx: not found above the program");

Option<string[]> executables = new("--baltoro")
{
    Description = "The executables whose `cost` is measured.",
    DefaultValueFactory = _ => [.. ((string[])["bin/Baltoro.Cli/release/baltoro", "publish/Baltoro.Cli/release_linux-x64/baltoro"]).Select(path => Path.Combine(root, "artifacts", path)).Where(File.Exists)],
};
Option<int> rows = new("--rows") { Description = "Rows of the ledger that is asked.", DefaultValueFactory = _ => 1_000_000 };
Option<int> runs = new("--runs") { Description = "Runs of each question; least and median are reported.", DefaultValueFactory = _ => 15 };

RootCommand command = new("Measures what the ledger adds to a request, how fast it writes, and how fast `baltoro cost` answers.") { executables, rows, runs };
command.SetAction(async (parsed, cancellation) =>
{
    DirectoryInfo folder = Directory.CreateTempSubdirectory("baltoro-books-");
    try
    {
        await HotPath.Measure(Console.Out, folder.FullName);
        await Questions.Measure(Console.Out, folder.FullName, parsed.GetValue(executables)!, parsed.GetValue(rows), parsed.GetValue(runs), cancellation);
    }
    finally
    {
        folder.Delete(recursive: true);
    }
});
return await command.Parse(args).InvokeAsync();
