// Measures the executable on loopback, as a gateway or as an agent, and prints Markdown: `dotnet run -c Release --project bench/Baltoro.Load`.

using System.CommandLine;
using Baltoro.Load;

string root = Repository.Root();
Option<string> gateway = new("--gateway")
{
    Description = "The executable to measure.",
    DefaultValueFactory = _ => Path.Combine(root, "artifacts", "bin", "Baltoro.Cli", "release", "baltoro"),
};
Option<int> rate = new("--rate") { Description = "Requests a second through the gateway.", DefaultValueFactory = _ => 500 };
Option<int> seconds = new("--seconds") { Description = "Length of one round.", DefaultValueFactory = _ => 20 };
Option<int> rounds = new("--rounds") { Description = "Rounds of the latency measurement; the median is reported.", DefaultValueFactory = _ => 3 };
Option<int> streams = new("--streams") { Description = "Idle streams held open; 0 leaves the measurement out.", DefaultValueFactory = _ => 1000 };
Option<int> turns = new("--turns") { Description = "Turns of the growing conversation; 0 leaves it out.", DefaultValueFactory = _ => 300 };

RootCommand command = new("Measures the gateway on loopback: added latency, memory of idle streams, a growing conversation.") { gateway, rate, seconds, rounds, streams, turns };
command.SetAction(async (parsed, cancellation) =>
{
    await using InstantUpstream upstream = await InstantUpstream.Start();
    Report report = new(Console.Out);
    report.Heading(parsed.GetValue(gateway)!, root);
    if (parsed.GetValue(rounds) > 0)
    {
        await using GatewayProcess measured = await GatewayProcess.Start(parsed.GetValue(gateway)!, upstream);
        report.Latencies(await Latency.Measure(measured, upstream, parsed.GetValue(rate), TimeSpan.FromSeconds(parsed.GetValue(seconds)), parsed.GetValue(rounds), cancellation));
    }
    if (parsed.GetValue(streams) > 0)
    {
        await using GatewayProcess measured = await GatewayProcess.Start(parsed.GetValue(gateway)!, upstream);
        report.Memory(await IdleStreams.Measure(measured, parsed.GetValue(streams), cancellation));
    }
    if (parsed.GetValue(turns) > 0)
    {
        await using GatewayProcess measured = await GatewayProcess.Start(parsed.GetValue(gateway)!, upstream);
        report.Turns(await GrowingConversation.Measure(measured, upstream, parsed.GetValue(turns), cancellation));
    }
});

Option<string> baltoro = new("--executable") { Description = "The executable to measure.", DefaultValueFactory = _ => Path.Combine(root, "artifacts", "bin", "Baltoro.Cli", "release", "baltoro") };
Option<int> walks = new("--walks") { Description = "Runs of each length; that with the median step is reported.", DefaultValueFactory = _ => 3 };
Command agent = new("agent", "Measures the agent: time of a step, memory and processor over 300 steps, a step late in 1,000, the shortest run, and the first prompt.") { baltoro, walks };
agent.SetAction(async (parsed, cancellation) =>
{
    Report report = new(Console.Out);
    string executable = parsed.GetValue(baltoro)!;
    report.Heading(executable, root);
    List<Walk> measured = [];
    for (int walk = 0; walk < parsed.GetValue(walks); walk++) measured.Add(await AgentWalk.Measure(executable, 300, cancellation));
    List<Walk> longs = [];
    for (int walk = 0; walk < parsed.GetValue(walks); walk++) longs.Add(await AgentWalk.Measure(executable, 1000, cancellation));
    report.Agent(measured, longs, await AgentWalk.Start(executable, 15, cancellation), await AgentWalk.Prompt(executable, 15, cancellation));
});
command.Add(agent);
return await command.Parse(args).InvokeAsync();
