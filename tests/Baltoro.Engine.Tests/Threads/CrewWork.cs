// The engine's threads: every part once, whatever the number of parts, and errors reach the caller.

using Baltoro.Engine.Threads;

namespace Baltoro.Engine.Tests.Threads;

public class CrewWork
{
    [Theory, InlineData(1), InlineData(2), InlineData(5)]
    public void Every_part_runs_once(int lanes)
    {
        using Crew crew = new(lanes);
        for (int round = 0; round < 2000; round++)
        {
            int[] times = new int[round % 37];
            crew.Run(times.Length, (part, _) => Interlocked.Increment(ref times[part]));
            Assert.All(times, count => Assert.Equal(1, count));
            crew.Each(times.Length, round % 2 * 10_000, (i, _) => Interlocked.Increment(ref times[i]));
            Assert.All(times, count => Assert.Equal(2, count));
        }
    }

    [Fact]
    public void A_parts_error_reaches_the_caller_and_the_crew_works_on()
    {
        using Crew crew = new(3);
        Assert.Equal("part 5", Assert.Throws<InvalidOperationException>(() => crew.Run(50, (part, _) =>
        {
            if (part == 5) throw new InvalidOperationException("part 5");
        })).Message);
        int done = 0;
        crew.Run(50, (_, _) => Interlocked.Increment(ref done));
        Assert.Equal(50, done);
    }
}
