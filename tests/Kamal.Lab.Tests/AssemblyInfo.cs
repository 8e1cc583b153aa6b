using System.Runtime.Versioning;

using Kamal.Lab.Tests;

// One lab a machine, with fixed addresses: one scenario at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(LabFixture))]
[assembly: Trait("Category", "Lab")]

// The lab is network namespaces: its tests run on Linux and are skipped elsewhere.
[assembly: SupportedOSPlatform("linux")]
