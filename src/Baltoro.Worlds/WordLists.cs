// The words that names are made of. They mean nothing here.

namespace Baltoro.Worlds;

static class WordLists
{
    /// <summary>Drawn in training, those apart that the hash keeps out.</summary>
    public static readonly string[] Common = Split("""
        apple river stone cloud amber violet copper silver maple cedar falcon tiger panda otter raven eagle storm ember frost delta
        alpha beta gamma sigma omega lemon mango olive pepper ginger basil harbor bridge castle tower garden meadow forest desert island
        user account login session token cache queue stack buffer parser lexer node tree graph edge index table column record field
        value total count size width height length offset limit start first last main core util common base engine module plugin
        config option setting default state status event handler listener client server request response header body path route
        page view model control service store driver widget button panel window dialog menu icon image invoice order customer
        product price amount balance payment ledger budget task job worker thread lock timer clock note letter story chapter draft
        review summary item entry line word text string number data folder archive winter summer autumn spring morning evening
        north south east west corner market kitchen ladder hammer needle basket bottle candle mirror pillow blanket carpet drawer
        planet comet meteor orbit signal radar sonar engine rocket shuttle lander rover beacon antenna sensor motor gear piston
        bread butter cheese honey sugar flour onion garlic tomato carrot potato cherry peach melon grape walnut almond coffee
        doctor sailor farmer baker painter singer dancer writer teacher hunter fisher miner pilot ranger guard scout queen king
        """);

    /// <summary>Never drawn in training.</summary>
    public static readonly string[] Real = Split("""
        kubernetes tensor quaternion pipeline telemetry orchestra lantern jupiter saturn glacier volcano penguin dolphin giraffe
        checkout inventory shipment warehouse scheduler dispatcher validator serializer compiler optimizer allocator renderer
        gradient momentum embedding attention decoder encoder sampler quantizer checkpoint migration rollback snapshot replica
        cinnamon saffron paprika oregano turmeric avocado broccoli zucchini blueberry pineapple chestnut hazelnut marzipan
        throttle backoff circuit breaker gateway proxy firewall certificate signature hashing vertex fragment shader texture
        balcony chimney cellar attic hallway staircase elevator fountain monument cathedral library museum theatre gallery
        umbrella suitcase backpack compass telescope microscope thermometer barometer calculator typewriter accordion violin
        trumpet clarinet saxophone cello piano guitar drum whistle hawk sparrow pelican flamingo heron swallow magpie badger
        hedgehog squirrel beaver antelope gazelle leopard panther jackal hyena buffalo walrus lobster octopus jellyfish
        juniper willow poplar sycamore magnolia lavender rosemary thyme parsley coriander fennel nutmeg vanilla sesame
        granite marble basalt quartz sapphire emerald topaz opal cobalt nickel titanium mercury helium argon krypton
        monday thursday january october midnight sunrise horizon avalanche blizzard hurricane drizzle thunder rainbow canyon
        peninsula lagoon estuary plateau savanna tundra oasis reef fjord prairie ridge summit valley waterfall geyser
        """);

    static string[] Split(string text) => [.. text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Distinct()];
}
