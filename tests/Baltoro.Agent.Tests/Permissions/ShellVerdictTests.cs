// What becomes of shell commands under a few rules, with a person there and in the sandbox; evasions among them.

using Baltoro.Agent.Permissions;
using Baltoro.Agent.Tools;

namespace Baltoro.Agent.Tests.Permissions;

public class ShellVerdictTests
{
    /// <summary>Each command with its verdict where a person is asked, and unattended in the sandbox.</summary>
    public static TheoryData<string, string, string> Commands() => new()
    {
        // Only showing.
        { "ls -la", "allow", "allow" },
        { "cat a.txt | grep x | wc -l", "allow", "allow" },
        { "echo hi && pwd; true || false", "allow", "allow" },
        { "grep -r 'rm -rf /' .", "allow", "allow" },
        { "echo 'git push'", "allow", "allow" },
        { "echo \"git push; curl x\"", "allow", "allow" },
        { "echo a\\;b", "allow", "allow" },
        { "# git push", "allow", "allow" },
        { "ls # ; git push", "allow", "allow" },
        { "cat \"$file\"", "allow", "allow" },
        { "head -n 5 *.txt", "allow", "allow" },
        { "LC_ALL=C ls", "allow", "allow" },
        { "for f in a b; do cat \"$f\"; done", "allow", "allow" },
        { "if test -e a; then cat a; else echo none; fi", "allow", "allow" },
        { "while false; do echo x; done", "allow", "allow" },
        { "case $x in a|b) echo 1;; *) echo 2;; esac", "allow", "allow" },
        { "(cd src && ls)", "allow", "allow" },
        { "{ ls; pwd; }", "allow", "allow" },
        { "ls 2>&1", "allow", "allow" },
        { "ls 2>/dev/null", "allow", "allow" },
        { "ls &>/dev/null", "allow", "allow" },
        { "cat <<'EOF'\ngit push\nEOF", "allow", "allow" },
        { "cat <<EOF\n$HOME\nEOF", "allow", "allow" },
        { "cat <<< 'git push'", "allow", "allow" },
        { "echo $((1 + 2))", "allow", "allow" },
        { "[[ -f a && b == c ]] && echo yes", "allow", "allow" },
        { "(( 1 < 2 )) && echo yes", "allow", "allow" },
        { "diff <(cat a) <(cat b)", "allow", "allow" },
        { "echo $(cat a)", "allow", "allow" },
        { "command -v git", "allow", "allow" },
        { "x=1; echo $x", "allow", "allow" },
        { "a=(1 2 3); echo \"${a[@]}\"", "allow", "allow" },
        { "echo ${x:-none}", "allow", "allow" },
        { "", "allow", "allow" },

        // Allowed by a rule.
        { "npm test", "allow", "allow" },
        { "npm test -- --watch=false", "allow", "allow" },
        { "CI=1 npm test", "allow", "allow" },
        { "git status --short", "allow", "allow" },
        { "npm test && git status", "allow", "allow" },
        { "timeout 60 npm test", "ask", "allow" },

        // Named by no rule: a person is asked, the sandbox bounds it.
        { "make", "ask", "allow" },
        { "npm install", "ask", "allow" },
        { "npm testing", "ask", "allow" },
        { "./git status", "ask", "allow" },
        { "npm test; make", "ask", "allow" },
        { "npm test | tee log", "ask", "allow" },
        { "npm test & make", "ask", "allow" },
        { "echo $(make)", "ask", "allow" },
        { "echo `make`", "ask", "allow" },
        { "echo \"$(make)\"", "ask", "allow" },
        { "echo ${x:-$(make)}", "ask", "allow" },
        { "echo $(( $(make) + 1 ))", "ask", "allow" },
        { "cat <(make)", "ask", "allow" },
        { "cat <<EOF\n$(make)\nEOF", "ask", "allow" },
        { "ls\nmake", "ask", "allow" },
        { "f() { make; }; f", "ask", "allow" },
        { "function ls { make; }; ls", "ask", "allow" },
        { "python3 -c 'print(1)'", "ask", "allow" },
        { "bash build.sh", "ask", "allow" },
        { "FOO=1 npm test", "ask", "allow" },
        { "echo x > a.txt", "ask", "allow" },
        { "echo x >> src/a.txt", "ask", "allow" },
        { "find . -name '*.cs' -delete", "ask", "allow" },
        { "npm test > $out", "ask", "allow" },

        // Writing where it is not the project's.
        { "echo x > /etc/passwd", "ask", "ask" },
        { "echo x > ../outside", "ask", "ask" },
        { "echo x > ~/.bashrc", "ask", "ask" },
        { "echo x > way/out", "ask", "ask" },
        { "echo x > .git/hooks/pre-commit", "ask", "ask" },
        { "echo x >| .mcp.json", "ask", "ask" },
        { "echo x &> /etc/x", "ask", "ask" },
        { "make {fd}> /etc/x", "ask", "ask" },
        { "echo x > /dev/tcp/10.0.0.1/80", "ask", "ask" },

        // Denied, and what would pass by a look at the beginning.
        { "git push", "deny", "deny" },
        { "git push origin main", "deny", "deny" },
        { "ls && git push", "deny", "deny" },
        { "ls; git push", "deny", "deny" },
        { "ls | git push", "deny", "deny" },
        { "ls & git push", "deny", "deny" },
        { "ls\ngit push", "deny", "deny" },
        { "git -C /tmp push", "deny", "deny" },
        { "git -c core.pager=cat push origin", "deny", "deny" },
        { "git --no-pager push", "deny", "deny" },
        { "/usr/bin/git push", "deny", "deny" },
        { "\\git push", "deny", "deny" },
        { "g\\it pu\\sh", "deny", "deny" },
        { "'git' \"push\"", "deny", "deny" },
        { "gi''t push", "deny", "deny" },
        { "git \\\n push", "deny", "deny" },
        { "(git push)", "deny", "deny" },
        { "{ git push; }", "deny", "deny" },
        { "if true; then git push; fi", "deny", "deny" },
        { "! git push", "deny", "deny" },
        { "time git push", "deny", "deny" },
        { "f() { git push; }; f", "deny", "deny" },
        { "case x in x) git push;; esac", "deny", "deny" },
        { "for i in 1; do git push; done", "deny", "deny" },
        { "echo $(git push)", "deny", "deny" },
        { "echo `git push`", "deny", "deny" },
        { "echo \"${x:-$(git push)}\"", "deny", "deny" },
        { "cat <(git push)", "deny", "deny" },
        { "cat <<EOF\n`git push`\nEOF", "deny", "deny" },
        { "bash <<'EOF'\ngit push\nEOF", "deny", "deny" },
        { "eval git push", "deny", "deny" },
        { "eval 'git push'", "deny", "deny" },
        { "sh -c 'git push'", "deny", "deny" },
        { "bash -lc \"cd /tmp && git push\"", "deny", "deny" },
        { "sh -c \"sh -c 'git push'\"", "deny", "deny" },
        { "env git push", "deny", "deny" },
        { "env -u X A=1 git push", "deny", "deny" },
        { "A=1 git push", "deny", "deny" },
        { "nohup git push &", "deny", "deny" },
        { "timeout -k 5 60 git push", "deny", "deny" },
        { "nice -n 5 git push", "deny", "deny" },
        { "sudo -u root git push", "deny", "deny" },
        { "command git push", "deny", "deny" },
        { "exec git push", "deny", "deny" },
        { "setsid nohup env git push", "deny", "deny" },
        { "xargs git push", "deny", "deny" },
        { "echo origin | xargs -n 1 git push", "deny", "deny" },
        { "find . -exec git push {} \\;", "deny", "deny" },
        { "find . -name x -execdir curl {} +", "deny", "deny" },
        { "trap 'git push' EXIT", "deny", "deny" },
        { "rm -rf build", "deny", "deny" },
        { "git push > /dev/null 2>&1", "deny", "deny" },

        // What only the shell will know is never silently allowed.
        { "$x push", "ask", "ask" },
        { "git $x", "ask", "ask" },
        { "git \"$x\"", "ask", "ask" },
        { "$(echo git) push", "ask", "ask" },
        { "git $(echo push)", "ask", "ask" },
        { "{git,push}", "ask", "ask" },
        { "git {push,origin}", "ask", "ask" },
        { "/usr/bin/gi? push", "ask", "ask" },
        { "git pu*", "ask", "ask" },
        { "$'\\x67it' push", "ask", "ask" },
        { "eval \"$x\"", "ask", "ask" },
        { "sh -c \"$x\"", "ask", "ask" },
        { "echo 'git push' | sh", "ask", "ask" },
        { "bash < script", "ask", "ask" },
        { "bash <<EOF\n$x\nEOF", "ask", "ask" },
        { "echo git push | xargs -I{} sh -c '{}'", "ask", "ask" },
        { "alias ls='git push'; ls", "ask", "ask" },
        { "PATH=/tmp ls", "ask", "ask" },
        { "PATH=.; ls", "ask", "ask" },
        { "export PATH=/tmp; ls", "ask", "ask" },
        { "LD_PRELOAD=./x.so ls", "ask", "ask" },
        { "GIT_SSH_COMMAND=./x git status", "ask", "ask" },
        { "env -S 'git push'", "ask", "ask" },
        { "parallel git push ::: a", "ask", "ask" },
        { "test -v 'a[$(git push)]'", "ask", "ask" },
        { "echo ${x@P}", "ask", "ask" },
        { "echo 'never closed", "ask", "ask" },
        { "ls )", "ask", "ask" },
        { "echo $(ls", "ask", "ask" },
        { "cat <<EOF\nno end", "ask", "ask" },

        // A rule that asks.
        { "npm publish", "ask", "ask" },
        { "cd x && npm publish --dry-run", "ask", "ask" },
    };

    [Theory, MemberData(nameof(Commands))]
    public void A_command_is_judged_by_all_that_it_would_run(string command, string attended, string confined)
    {
        using Scratch scratch = new();
        Directory.CreateSymbolicLink(Path.Combine(scratch.Folder("project"), "way"), scratch.Folder("outside"));
        Workspace workspace = new(scratch.Folder("project"), scratch.Folder("scratch"));
        Assert.Equal((attended, confined), (Verdict(Posture.Attended), Verdict(Posture.Confined)));

        string Verdict(Posture posture) =>
            new PermissionRules(workspace, posture,
                deny: [Rule.Parse("Bash(git push *)"), Rule.Parse("Bash(rm -rf*)"), Rule.Parse("Bash(curl:*)")],
                ask: [Rule.Parse("Bash(npm publish *)")],
                allow: [Rule.Parse("Bash(npm test *)"), Rule.Parse("Bash(git status:*)")])
            .Judge("Bash", new Footprint.Runs(command)).GetType().Name.ToLowerInvariant();
    }
}
