// What is left of a repository's configuration that a program of the model has made: nothing that has git run something.

using Baltoro.Agent.Sandbox;

namespace Baltoro.Agent.Tests.Sandbox;

public class GitSettingsTests
{
    const string Fresh = "[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = false\n\tlogallrefupdates = true\n";

    [Theory]
    [InlineData("")]
    [InlineData(Fresh)]
    [InlineData(Fresh + "[user]\n\tname = A Person\n\temail = a@example.com\n[remote \"origin\"]\n\turl = https://example.com/a.git\n\tfetch = +refs/heads/*:refs/remotes/origin/*\n[branch \"main\"]\n\tremote = origin\n\tmerge = refs/heads/main\n")]
    public void What_git_itself_writes_of_a_plain_repository_stays_to_the_letter(string settings) => Assert.Equal(settings, GitSettings.Tame(settings));

    [Theory]
    [InlineData("[core]\n\tfsmonitor = ./evil\n")]
    [InlineData("[core]\n\tFSMonitor=./evil\n")]
    [InlineData("[core]fsmonitor = ./evil\n")]
    [InlineData("[core] fsmonitor = ./evil\n")]
    [InlineData("[ core ]\n\tfsmonitor = ./evil\n")]
    [InlineData("[core]\n\tfsmonitor\n")]
    [InlineData("[core]\n\tpager = less\n")]
    [InlineData("[core]\n\thookspath = hooks\n")]
    [InlineData("[core]\n\tworktree = /\n")]
    [InlineData("[alias]\n\tst = !evil\n")]
    [InlineData("[include]\n\tpath = more\n")]
    [InlineData("[includeif \"gitdir:/\"]\n\tpath = more\n")]
    [InlineData("[filter \"x\"]\n\tclean = evil\n")]
    [InlineData("[remote \"origin\"]\n\turl = ext::evil\n")]
    [InlineData("[remote \"origin\"]\n\tuploadpack = evil\n")]
    [InlineData("[remote \"origin\"]\n\turl = -evil\n")]
    [InlineData("[remote \"a\\\"]\n[core]\n\tfsmonitor = x\"]\n\turl = y\n")]
    [InlineData("[user]\n\tname = a \\\n[core]\n\tfsmonitor = ./evil\n")]
    [InlineData("[user]\n\tname = \"a\n[core]\n\tfsmonitor = ./evil\n")]
    [InlineData("\ufeff[core]\n\tfsmonitor = ./evil\n")]
    [InlineData("[user]\n\tname = a\r[core]\r\tfsmonitor = ./evil\n")]
    [InlineData("[extensions]\n\tworktreeconfig = true\n")]
    [InlineData("fsmonitor = ./evil\n")]
    public void What_has_git_run_something_is_left_out_however_it_is_written(string settings) => Assert.Equal(Fresh, GitSettings.Tame(Fresh + settings));
}
