// The executable `baltoro`: arguments in, exit code out. Which command does what stands in Commands/.

using System.CommandLine;
using Baltoro.Cli.Commands;

RootCommand root = new("Keeps open thinking models steady through tasks of hundreds of tool calls, at a cost you can see.")
{
    Serve.Create(Surroundings.OfProcess),
    UseCommand.Create(Surroundings.OfProcess),
    ModelsCommand.Create(Surroundings.OfProcess),
    CostCommand.Create(Surroundings.OfProcess),
    KeysCommand.Create(Surroundings.OfProcess, TimeProvider.System),
};

return await root.Parse(args).InvokeAsync();
