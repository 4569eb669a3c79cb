// The executable `baltoro`: arguments in, exit code out. Which command does what stands in Commands/.

using System.CommandLine;
using Baltoro.Cli.Commands;

RootCommand root = new("Keeps open thinking models steady through tasks of hundreds of tool calls, at a cost you can see.")
{
    RunCommand.Create(Surroundings.OfProcess),
    SessionsCommand.Create(Surroundings.OfProcess),
    Serve.Create(Surroundings.OfProcess),
    UseCommand.Create(Surroundings.OfProcess),
    ModelsCommand.Create(Surroundings.OfProcess),
};

return await root.Parse(args).InvokeAsync();
