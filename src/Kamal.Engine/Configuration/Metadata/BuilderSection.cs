namespace Kamal.Engine.Configuration.Metadata;

/// <summary>The <c>builder</c> section. Source: Kamal 2.12's builder documentation.</summary>
internal static class BuilderSection
{
    public static readonly ConfigurationSection Pack = new(
        "builder/pack", "Buildpacks", "Builds with Cloud Native Buildpacks instead of a Dockerfile, for one architecture.")
    {
        Path = "builder/pack",
        IsTopic = false,
        Keys =
        [
            new("builder", Names.Text(Names.Image), "The builder image.") { Example = "heroku/builder:24", Required = true, Since = "2.7" },
            new("buildpacks", Shapes.Texts, "The buildpacks to use, in order.")
            {
                Example = "[ heroku/ruby, heroku/procfile ]",
                Since = "2.7",
            },
        ],
    };

    public static readonly ConfigurationSection Cache = new("builder/cache", "Build cache", "Where layers are cached between builds.")
    {
        Path = "builder/cache",
        IsTopic = false,
        Keys =
        [
            new(
                "type", Shapes.OneOf("gha", "registry"),
                "The cache type: `gha` for the GitHub Actions cache, or `registry` for an image in the registry.")
            {
                Example = "registry",
            },
            new("options", Shapes.Text, "Options for buildx's `--cache-to`.") { Example = "mode=max" },
            new("image", Names.Text(Names.Repository), "The image that holds a registry cache, without the server name.")
            {
                Default = "IMAGE-build-cache",
                Example = "kamal-app-build-cache",
            },
        ],
    };

    public static readonly ConfigurationSection Section = new(
        "builder", "Builder",
        "How the image is built: by buildx on this machine, on a remote machine, in Docker Build Cloud, or with buildpacks.")
    {
        Path = "builder",
        Keys =
        [
            new(
                "arch",
                Shapes.Choice(Names.Text(Names.Architecture), new ListShape(Names.Text(Names.Architecture)) { MinimumItems = 1 }),
                "The architecture of the hosts, such as amd64 (or x86_64), arm64 (or aarch64), arm/v7 or riscv64, or a list of " +
                "architectures for a multi-platform image.")
            {
                Example = "[ amd64 ]",
                Required = true,
            },
            new("remote", Names.Text(Names.Remote), "A Docker engine that builds the architectures that this machine does not have.")
            {
                Example = "ssh://docker@docker-builder",
            },
            new(
                "local", Shapes.Boolean,
                "Whether this machine builds its own architecture. If false, everything is built on `remote`, which is then required.")
            {
                Default = Defaults.Of(Defaults.Root.Builder.Local),
                Example = "true",
            },
            new("pack", Shapes.Section(Pack), "Buildpacks instead of a Dockerfile.")
            {
                Example = "{ builder: heroku/builder:24, buildpacks: [ heroku/ruby ] }",
                Since = "2.7",
            },
            new("cache", Shapes.Section(Cache), "Where layers are cached between builds. Not supported by the `docker` driver.")
            {
                Example = "{ type: registry, options: mode=max }",
            },
            new(
                "context", Shapes.Text,
                "The build context. Defaults to a clean clone of the Git repository, which contains no uncommitted changes; `.` " +
                "builds the working tree.")
            {
                Example = ".",
            },
            new("dockerfile", Shapes.Text, "The Dockerfile.")
            {
                Default = Defaults.Root.Builder.Dockerfile,
                Example = "Dockerfile.production",
            },
            new("target", Names.Text(Names.Option), "The stage to build. Defaults to the last one.") { Example = "production" },
            new(
                "args", Shapes.ScalarMap,
                "Build arguments, passed as `--build-arg NAME=VALUE`. They remain visible in the image; use `secrets` for secrets.")
            {
                Example = "{ ENVIRONMENT: production }",
            },
            new("secrets", Shapes.Secrets, "Names of secrets that the build can mount with `RUN --mount=type=secret,id=NAME`.")
            {
                Example = "[ SECRET1, SECRET2 ]",
            },
            new("ssh", Shapes.Text, "The SSH agent or keys that the build can use, in the format of buildx's `--ssh`.")
            {
                Example = "default=$SSH_AUTH_SOCK",
            },
            new(
                "driver", Names.Text(Names.Driver),
                "The buildx driver: `docker-container`, `docker` for the engine's own builder, or `cloud ORGANIZATION/BUILDER`.")
            {
                Default = Defaults.Root.Builder.Driver,
                Example = "docker",
            },
            new("provenance", Shapes.Text, "Provenance attestations: true, false, or options for buildx's `--provenance`.")
            {
                Example = "mode=max",
                Since = "2.3",
            },
            new("sbom", Shapes.Text, "The software bill of materials: true, false, or options for buildx's `--sbom`.")
            {
                Example = "true",
                Since = "2.4",
            },
        ],
    };
}
