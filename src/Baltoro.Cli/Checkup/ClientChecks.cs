// Which clients are installed, in which version, and whether their own settings lead them past the gateway.

using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Baltoro.Cli.Commands;
using Baltoro.Cli.Launching;

namespace Baltoro.Cli.Checkup;

static partial class ClientChecks
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task<IEnumerable<Finding>> Installed(Surroundings around, CancellationToken cancellation)
    {
        List<Finding> findings = [];
        foreach (Client.Served client in Client.Known.OfType<Client.Served>())
        {
            if (Programs.Find(client.Name, around.Environment) is { } program)
                findings.Add(new Finding.Good(client.Name, $"{client.Title} {await Version(program, around, cancellation) ?? "(it does not tell its version)"}"));
            else if (client == Client.ClaudeCode) findings.Add(new Finding.Note(client.Name, $"{client.Title} is not installed", client.Install));
        }
        return [.. findings, .. ClaudeSettings(around)];
    }

    /// <summary>The variables in Claude Code's own settings lie over those that it is started with.</summary>
    static IEnumerable<Finding> ClaudeSettings(Surroundings around)
    {
        if (!around.Environment.TryGetValue("HOME", out string? home)) yield break;
        string file = Path.Combine(home, ".claude", "settings.json");
        string[] past;
        try
        {
            using JsonDocument settings = JsonDocument.Parse(File.ReadAllText(file), new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            past = settings.RootElement.ValueKind == JsonValueKind.Object && settings.RootElement.TryGetProperty("env", out JsonElement env) && env.ValueKind == JsonValueKind.Object
                ? [.. env.EnumerateObject().Select(member => member.Name).Where(name => name.StartsWith("ANTHROPIC_", StringComparison.Ordinal))] : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            // None, or none that Claude Code could read.
            yield break;
        }
        if (past.Length > 0)
            yield return new Finding.Wrong("claude settings", $"{file} sets {string.Join(", ", past)}, which win over what it is started with", "take them out of its \"env\"");
    }

    static async Task<string?> Version(string program, Surroundings around, CancellationToken cancellation)
    {
        ProcessStartInfo start = new(program, ["--version"]) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        start.Environment.Clear();
        foreach ((string name, string value) in around.Environment) start.Environment[name] = value;
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(Patience);
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.Close();
            try
            {
                _ = process.StandardError.ReadToEndAsync(limit.Token);
                string said = await process.StandardOutput.ReadToEndAsync(limit.Token);
                return Number().Match(said) is { Success: true } number ? number.Value : null;
            }
            finally
            {
                if (!process.HasExited) process.Kill(entireProcessTree: true);
            }
        }
        catch (Exception e) when (e is Win32Exception or IOException || e is OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    [GeneratedRegex(@"\d+\.\d+(\.\d+)?[\w.-]*")]
    private static partial Regex Number();
}
