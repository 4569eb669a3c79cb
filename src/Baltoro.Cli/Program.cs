// The executable `baltoro`: arguments in, exit code out.

using System.CommandLine;
using Baltoro.Cli.Commands;

RootCommand root = new("Keeps open thinking models steady through long tasks, at a cost you can see.")
{
    ModelsCommand.Create(Surroundings.OfProcess),
};
return root.Parse(args).Invoke();
