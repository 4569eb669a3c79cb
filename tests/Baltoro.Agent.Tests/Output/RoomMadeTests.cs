// What a person is told of room that was made: what was really done, and no note where none was written.

using Baltoro.Agent.Output;
using Baltoro.Agent.Sessions;
using Baltoro.Chat;

namespace Baltoro.Agent.Tests.Output;

public class RoomMadeTests
{
    [Theory]
    [InlineData(Remains.Note, 12_500, "compacted: 12.5k tokens became a hand-off note and the last steps")]
    [InlineData(Remains.LastSteps, 950, "room made: of 950 tokens the request and the last steps stay")]
    [InlineData(Remains.Nothing, 950, "a new request: the model has forgotten the one before")]
    public void Each_way_has_its_own_words(Remains remains, long before, string words) =>
        Assert.Equal(words, RoomMade.Words(new SessionEvent.Compacted([], before, new Usage(), null) { Remains = remains }));

    [Theory, InlineData(1, "room made: an old result went to a file"), InlineData(3, "room made: 3 old results went to files")]
    public void Results_that_went_to_files_are_counted(int count, string words) =>
        Assert.Equal(words, RoomMade.Words(new SessionEvent.Evicted([.. Enumerable.Range(0, count).Select(number => new Eviction($"c{number}", "…"))])));
}
