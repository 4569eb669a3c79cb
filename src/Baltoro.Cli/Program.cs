// The executable `baltoro`: arguments in, exit code out. Which command does what stands in Commands/.

using System.CommandLine;
using Baltoro.Cli.Commands;

RootCommand root = new("Keeps open thinking models steady through tasks of hundreds of tool calls, at a cost you can see.")
{
    RunCommand.Create(Surroundings.OfProcess),
    DemoCommand.Create(Surroundings.OfProcess),
    SessionsCommand.Create(Surroundings.OfProcess),
    McpCommand.Create(Surroundings.OfProcess),
    Serve.Create(Surroundings.OfProcess),
    Launch.CreateClaude(Surroundings.OfProcess),
    Launch.CreateLaunch(Surroundings.OfProcess),
    Env.Create(Surroundings.OfProcess),
    UseCommand.Create(Surroundings.OfProcess),
    ModelsCommand.Create(Surroundings.OfProcess),
    CostCommand.Create(Surroundings.OfProcess),
    KeysCommand.Create(Surroundings.OfProcess, TimeProvider.System),
    Verify.Create(Surroundings.OfProcess),
    DoctorCommand.Create(Surroundings.OfProcess, TimeProvider.System),
    EngineCommand.Create(Surroundings.OfProcess),
    BenchCommand.Create(Surroundings.OfProcess),
};

InteractiveCommand.AddTo(root, Surroundings.OfProcess);

// A word that begins with "@" is meant for a client's prompt; and Ctrl-C is heard where something is to be ended.
ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
int code = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
return parsed.Errors.Count > 0 && code != ExitCodes.Ok ? ExitCodes.BadInput : code;
