# The module with all that a deploy needs on this side: PowerShell, git, the OpenSSH client, the Docker client with buildx.
#   docker build -t kamal-ps .
#   docker run --rm -it -v "$PWD:/app" -v "$HOME/.ssh:/root/.ssh:ro" -v /var/run/docker.sock:/var/run/docker.sock kamal-ps deploy
ARG DOTNET=10.0

FROM mcr.microsoft.com/dotnet/sdk:${DOTNET} AS build
WORKDIR /src
COPY . .
RUN dotnet build src/Kamal -c Release --nologo -v quiet

FROM docker:29-cli AS docker

FROM mcr.microsoft.com/dotnet/sdk:${DOTNET}
ARG POWERSHELL=7.6.9
RUN apt-get update \
    && apt-get install -y --no-install-recommends git openssh-client \
    && rm -rf /var/lib/apt/lists/* \
    && dotnet tool install PowerShell --version ${POWERSHELL} --tool-path /opt/powershell \
    && ln -sf /opt/powershell/pwsh /usr/local/bin/pwsh
COPY --from=docker /usr/local/bin/docker /usr/local/bin/docker
COPY --from=docker /usr/local/libexec/docker/cli-plugins/docker-buildx /usr/local/libexec/docker/cli-plugins/docker-buildx
COPY --from=build /src/out/Kamal /usr/local/share/powershell/Modules/Kamal
RUN install -m 755 /usr/local/share/powershell/Modules/Kamal/*/bin/kamal /usr/local/bin/kamal \
    && git config --system --add safe.directory '*'
ENV POWERSHELL_TELEMETRY_OPTOUT=1 POWERSHELL_UPDATECHECK=Off
WORKDIR /app
ENTRYPOINT ["kamal"]
CMD ["help"]
