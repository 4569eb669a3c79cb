// A person at the gate: what is asked and what is not, and how far an "always" reaches.

using System.Text.Json;
using System.Text.Json.Nodes;
using Baltoro.Agent.Loop;
using Baltoro.Agent.Permissions;
using Baltoro.Agent.Tests.Tools;
using Baltoro.Agent.Tools;
using Baltoro.Chat;

namespace Baltoro.Agent.Tests.Permissions;

public class AttendedGateTests
{
    [Theory]
    [InlineData("git diff --stat", "Bash(git diff:*)", "git diff HEAD~1 -- a.cs", "git commit")]
    [InlineData("make all", "Bash(make:*)", "make test", "makefile")]
    [InlineData("npm run test -- -v", "Bash(npm run test:*)", "npm run test", "npm run deploy")]
    [InlineData("git diff && npm test", "Bash(git diff:*), Bash(npm test:*)", "npm test; git diff x", "git diff && npm publish")]
    [InlineData("make > log.txt", "Bash(make:*), Edit", "make > other.txt", "make > /etc/x")]
    [InlineData("rm a.txt", "Bash(rm a.txt)", "rm a.txt", "rm b.txt")]
    [InlineData("python3 tool.py --check", "Bash(python3 tool.py --check)", "python3 tool.py --check", "python3 tool.py")]
    [InlineData("timeout 60 make", "Bash(timeout 60 make), Bash(make:*)", "timeout 60 make", "timeout 60 rm -rf x")]
    [InlineData("git -C sub diff", "Bash(git -C sub diff)", "git -C sub diff", "git diff")]
    [InlineData("./build.sh --fast", "Bash(./build.sh:*)", "./build.sh", "build.sh")]
    public async Task Always_covers_the_like_and_no_more(string command, string rules, string alsoAllowed, string stillAsked)
    {
        await using Person person = new(Answer.Always);
        await person.Permitted("Bash", Command(command));
        Assert.Equal(rules, string.Join(", ", person.Gate.Added));
        await person.Permitted("Bash", Command(alsoAllowed));
        Assert.Single(person.Asked);
        await person.Permitted("Bash", Command(stillAsked));
        Assert.Equal(2, person.Asked.Count);
    }

    [Theory]
    [InlineData("$x"), InlineData("eval \"$x\""), InlineData("npm publish"), InlineData("rm *.txt"), InlineData("PATH=. make"), InlineData("curl x | sh"), InlineData("git $x"), InlineData("rm 'a b'")]
    public async Task Where_no_rule_could_say_it_there_is_no_always(string command)
    {
        await using Person person = new(Answer.Yes);
        await person.Permitted("Bash", Command(command));
        Assert.Empty(Assert.Single(person.Asked).Always);
    }

    [Fact]
    public async Task Always_for_a_file_is_the_project_and_nothing_that_is_guarded()
    {
        await using Person person = new(Answer.Always);
        await person.Permitted("Write", File("a.txt"));
        await person.Permitted("Write", File("src/b.txt"));
        Assert.Equal([new Rule("Edit", null)], person.Gate.Added);
        await person.Permitted("Write", File(".git/hooks/pre-commit"));
        await person.Permitted("Write", File(".git/hooks/pre-push"));
        await person.Permitted("Write", File("/etc/hosts"));
        Assert.Equal(["Edit", $"Edit({person.Desk.Path(".git/hooks/pre-commit")})", $"Edit({person.Desk.Path(".git/hooks/pre-push")})", "Edit(/etc/hosts)"], person.Gate.Added.Select(rule => $"{rule}"));
    }

    [Fact]
    public async Task What_a_rule_allows_or_denies_is_not_asked()
    {
        await using Person person = new(Answer.No);
        await person.Permitted("Bash", Command("git log"));
        await person.Permitted("Bash", Command("ls -l"));
        await person.Permitted("Read", File("a.txt"));
        Permit denied = await person.Judge("Bash", Command("git push"));
        Assert.Equal(new Permit.Refused("Not permitted. The rule Bash(git push:*) denies: git push\nDo not try to reach the same in another way."), denied);
        Assert.Empty(person.Asked);
        Assert.Equal(new Permit.Refused("The user said no. Ask what to do instead, or go another way."), await person.Judge("Bash", Command("make")));
        Assert.Equal("It runs: make", Assert.Single(person.Asked).Why);
    }

    [Fact]
    public async Task All_that_needs_a_yes_is_named_in_the_order_in_which_it_would_be_done()
    {
        await using Person person = new(Answer.Yes);
        await person.Permitted("Bash", Command("ls && make all && git log && npm publish; make all > /etc/motd"));
        Asking asked = Assert.Single(person.Asked);
        Assert.Equal(["It runs: make all", "The rule Bash(npm publish:*) asks before: npm publish", "/etc/motd is outside of the project."], asked.Why.Split('\n'));
        Assert.Empty(asked.Always);
    }

    [Fact]
    public async Task Calls_at_once_are_asked_about_one_after_the_other_and_an_always_answers_those_that_wait()
    {
        TaskCompletionSource<Answer> answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using Person person = new(_ => answer.Task);
        Task<Permit>[] calls = [.. Enumerable.Range(0, 4).Select(number => person.Judge("Bash", Command($"make {number}")))];
        answer.SetResult(Answer.Always);
        Assert.All(await Task.WhenAll(calls), permit => Assert.IsType<Permit.Granted>(permit));
        Assert.Single(person.Asked);
    }

    [Fact]
    public async Task Who_stops_the_run_need_not_answer()
    {
        await using Person person = new(_ => new TaskCompletionSource<Answer>().Task);
        using CancellationTokenSource stop = new();
        Task<Permit> call = person.Judge("Bash", Command("make"), stop.Token);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
    }

    static JsonObject Command(string command) => new() { ["command"] = command };

    static JsonObject File(string path) => new() { ["file_path"] = path, ["content"] = "" };

    /// <summary>A gate with some rules, and somebody who answers.</summary>
    sealed class Person : IAsyncDisposable
    {
        public Person(Answer always) : this(_ => Task.FromResult(always)) { }

        public Person(Func<Asking, Task<Answer>> answer)
        {
            PermissionRules rules = new(new Workspace(Desk.Project, Desk.Outside), Posture.Attended,
                deny: [Rule.Parse("Bash(git push:*)")], ask: [Rule.Parse("Bash(npm publish:*)")], allow: [Rule.Parse("Bash(git log:*)")]);
            Gate = new(rules, (asking, cancellation) =>
            {
                Asked.Add(asking);
                return answer(asking).WaitAsync(cancellation);
            });
        }

        public Desk Desk { get; } = new();

        public List<Asking> Asked { get; } = [];

        public AttendedGate Gate { get; }

        public async Task Permitted(string tool, JsonObject arguments) => Assert.IsType<Permit.Granted>(await Judge(tool, arguments));

        public async Task<Permit> Judge(string tool, JsonObject arguments, CancellationToken cancellation = default)
        {
            using JsonDocument given = JsonDocument.Parse(arguments.ToJsonString());
            return await Gate.Judge(Desk.Tools.Single(each => each.Spec.Name == tool), given.RootElement, cancellation);
        }

        public async ValueTask DisposeAsync()
        {
            Gate.Dispose();
            await Desk.DisposeAsync();
        }
    }
}
