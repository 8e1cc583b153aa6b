using Kamal.Lab.Tests;

// One lab a machine, with fixed addresses: one scenario at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
[assembly: AssemblyFixture(typeof(LabFixture))]
[assembly: Trait("Category", "Lab")]
