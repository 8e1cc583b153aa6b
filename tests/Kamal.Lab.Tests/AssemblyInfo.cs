using System.Runtime.Versioning;

using Kamal.Lab.Tests;

// Classes run side by side as far as there are labs; the scenarios of a class take turns.
[assembly: CollectionBehavior(MaxParallelThreads = 4)]
[assembly: AssemblyFixture(typeof(Labs))]
[assembly: Trait("Category", "Lab")]

// The lab is network namespaces: its tests run on Linux and are skipped elsewhere.
[assembly: SupportedOSPlatform("linux")]
