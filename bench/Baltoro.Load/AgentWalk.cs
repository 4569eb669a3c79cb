// The agent's executable on a task of many steps, in front of an upstream that answers at once: what is measured is the agent's own time, memory and processor.

using System.Diagnostics;
using System.Globalization;

namespace Baltoro.Load;

/// <param name="Steps">Milliseconds of each step, the upstream's answering included.</param>
/// <param name="Peak">Bytes resident at most.</param>
/// <param name="Processor">User and kernel time of the whole process, up to its last reply.</param>
/// <param name="Flush">Milliseconds in which this disk takes one line for good: a step writes four.</param>
/// <param name="FirstBytes">Of the request of the tenth step.</param>
/// <param name="LastBytes">Of the request of the last step.</param>
/// <param name="FirstExchange">Milliseconds in which a bare socket sends <paramref name="FirstBytes"/> and has the answer.</param>
/// <param name="LastExchange">The same with <paramref name="LastBytes"/>.</param>
sealed record Walk(IReadOnlyList<double> Steps, long Peak, TimeSpan Processor, double Flush, int FirstBytes, int LastBytes, double FirstExchange, double LastExchange);

/// <summary>Linux only.</summary>
static class AgentWalk
{
    const int TicksPerSecond = 100;

    public static async Task<Walk> Measure(string executable, int steps, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("baltoro-walk-").FullName;
        try
        {
            for (int file = 1; file < steps; file++)
                await File.WriteAllTextAsync(Path.Combine(folder, $"{file}.txt"), string.Concat(Enumerable.Repeat($"line {file}: the word is glacier.\n", 20)), cancellation);
            Process? process = null;
            (long Peak, TimeSpan Processor) used = default;
            await using StepUpstream upstream = new(steps, folder, () => used = Used(process!));
            process = await Start(executable, folder, upstream.Url, ["Read the files.", "--output", "json"]);
            string answer = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            if (process.ExitCode != 0 || !answer.Contains($"\"num_turns\":{steps}", StringComparison.Ordinal)) throw new InvalidOperationException($"The run came to {process.ExitCode}: {answer}");
            int first = upstream.Sizes[9], last = upstream.Sizes[^1];
            return new(upstream.Steps, used.Peak, used.Processor, await Flush(folder, cancellation), first, last, await BareExchange.Measure(first, folder), await BareExchange.Measure(last, folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Milliseconds from the start of `baltoro` on a terminal to its first prompt, and to the first byte of a program that only echoes on one; medians.</summary>
    public static async Task<(double Prompt, double Terminal)> Prompt(string executable, int times, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("baltoro-walk-").FullName;
        try
        {
            List<double> prompt = [], terminal = [];
            for (int time = 0; time < times; time++)
            {
                await Configure(folder, "http://127.0.0.1:1");
                prompt.Add(await Until("> ", $"'{Path.GetFullPath(executable)}'"));
                terminal.Add(await Until("> ", "echo '> '"));
            }
            return (prompt.Order().ElementAt(times / 2), terminal.Order().ElementAt(times / 2));

            // util-linux's script gives the program a terminal; ending its input hangs it up.
            async Task<double> Until(string shown, string command)
            {
                long began = Stopwatch.GetTimestamp();
                using Process process = Launch("/usr/bin/script", folder, ["-qfec", $"stty cols 100 rows 30; exec {command}", "/dev/null"], input: true);
                string seen = "";
                char[] buffer = new char[4096];
                while (!seen.Contains(shown, StringComparison.Ordinal))
                {
                    int count = await process.StandardOutput.ReadAsync(buffer, cancellation);
                    if (count == 0) throw new InvalidOperationException($"{command} ended after: {seen}");
                    seen += new string(buffer, 0, count);
                }
                double took = Stopwatch.GetElapsedTime(began).TotalMilliseconds;
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(cancellation);
                return took;
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>Milliseconds from the start of the process to its end: of a run that only answers, and of one that only says its version.</summary>
    public static async Task<(double Hi, double Version)> Start(string executable, int times, CancellationToken cancellation)
    {
        string folder = Directory.CreateTempSubdirectory("baltoro-walk-").FullName;
        try
        {
            List<double> hi = [], version = [];
            for (int time = 0; time < times; time++)
            {
                await using StepUpstream upstream = new(1, folder, () => { });
                hi.Add(await Time(["run", "say hi"], upstream.Url));
                version.Add(await Time(["--version"], upstream.Url));
            }
            return (hi.Order().ElementAt(times / 2), version.Order().ElementAt(times / 2));

            async Task<double> Time(string[] arguments, string url)
            {
                await Configure(folder, url);
                long began = Stopwatch.GetTimestamp();
                using Process process = Launch(executable, folder, arguments);
                await process.StandardOutput.ReadToEndAsync(cancellation);
                await process.WaitForExitAsync(cancellation);
                return process.ExitCode == 0 ? Stopwatch.GetElapsedTime(began).TotalMilliseconds : throw new InvalidOperationException($"{arguments[0]} came to {process.ExitCode}.");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    static async Task<Process> Start(string executable, string folder, string url, string[] arguments)
    {
        await Configure(folder, url);
        return Launch(executable, folder, ["run", .. arguments]);
    }

    static Task Configure(string folder, string url) => File.WriteAllTextAsync(Path.Combine(Directory.CreateDirectory(Path.Combine(folder, "home", ".config", "baltoro")).FullName, "config.json"), $$"""
        { "default": "m", "upstreams": { "instant": { "url": "{{url}}/v1", "format": "openai", "dialect": "kimi", "key": "k" } },
          "models": { "instant/m": { "upstream": "instant", "as": "m", "window": 1000000, "output": 64000 } } }
        """);

    static Process Launch(string executable, string folder, string[] arguments, bool input = false)
    {
        ProcessStartInfo start = new(Path.GetFullPath(executable), arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = input };
        start.Environment.Clear();
        start.Environment["HOME"] = Path.Combine(folder, "home");
        start.Environment["PATH"] = Environment.GetEnvironmentVariable("PATH");
        start.Environment["TERM"] = "xterm-256color";
        Process process = Process.Start(start)!;
        process.ErrorDataReceived += (_, _) => { };
        process.BeginErrorReadLine();
        return process;
    }

    static (long Peak, TimeSpan Processor) Used(Process process)
    {
        string peak = File.ReadLines($"/proc/{process.Id}/status").Single(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        // The second field is the program's name in brackets and may hold spaces.
        string[] fields = File.ReadAllText($"/proc/{process.Id}/stat").Split(") ")[^1].Split(' ');
        long ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return (long.Parse(peak, CultureInfo.InvariantCulture) * 1024, TimeSpan.FromSeconds(ticks / (double)TicksPerSecond));
    }

    static async Task<double> Flush(string folder, CancellationToken cancellation)
    {
        const int Lines = 200;
        byte[] line = new byte[400];
        List<double> times = [];
        await using FileStream file = new(Path.Combine(folder, "flush"), FileMode.CreateNew);
        for (int i = 0; i < Lines; i++)
        {
            long began = Stopwatch.GetTimestamp();
            await file.WriteAsync(line, cancellation);
            file.Flush(flushToDisk: true);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        return times.Order().ElementAt(Lines / 2);
    }
}
