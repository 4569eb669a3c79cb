// The executable `baltoro`: arguments in, exit code out.
Console.WriteLine("baltoro");
