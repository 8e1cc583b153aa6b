# Registries, the deployer's engine, programs and images; sourced by `lab`.

programs() {
  local p
  mkdir -p "$CACHE/bin" "$CACHE/go"
  for p in kamal-proxy labcache labfront labload labtoken labwan; do
    [ -x "$CACHE/bin/$p" ] && [ -z "$(find "$LAB/src/$p" -newer "$CACHE/bin/$p" -name '*.go')" ] && continue
    say "compiling $p"
    (cd "$LAB/src"
      export GOCACHE=$CACHE/go GOFLAGS=-mod=mod GOPROXY=off CGO_ENABLED=0 GOTOOLCHAIN=local
      "$(go_program)" build -trimpath -ldflags '-s -w' -o "$CACHE/bin/$p.new" "./$p" && mv "$CACHE/bin/$p.new" "$CACHE/bin/$p")
  done
}

# --- registries ---
registry() { # NAME PORT [auth|token]
  local name=$1 port=$2 auth=${3:-} f=$ST/$1.yml tls=""
  alive "$name" && return
  mkdir -p "$ST/$name"
  [ "$auth" != token ] || tls=", relativeurls: true, tls: { certificate: \"$TOKENS/host.crt\", key: \"$TOKENS/host.key\" }"
  cat > "$f" <<Y
version: 0.1
log: { level: warn }
storage:
  filesystem: { rootdirectory: "$ST/$name" }
  delete: { enabled: true }
http: { addr: "$NET.0.2:$port"$tls }
Y
  [ "$auth" != token ] || printf 'auth:\n  token: { realm: "https://%s/token", service: lab, issuer: lab, rootcertbundle: "%s" }\n' \
    "$TOKEN_SERVER" "$TOKENS/ca.crt" >> "$f"
  [ "$auth" != auth ] || printf 'auth:\n  htpasswd: { realm: lab, path: "%s" }\n' "$ST/htpasswd" >> "$f"
  # bcrypt straight from libxcrypt through perl-base: apache2-utils is not needed
  [ -s "$ST/htpasswd" ] || perl -e '
    my @c = ("a".."z", 0..9); my $salt = join("", map { $c[rand @c] } 1..21);
    print "$ARGV[0]:" . crypt($ARGV[1], "\$2y\$05\$${salt}e") . "\n"' "$REG_USER" "$REG_PASS" > "$ST/htpasswd"
  spawn "$name" nsenter --net=/run/netns/lab-reg -- docker-registry serve "$f"
  wait_for 10 "$name" bash -c "exec 3<>/dev/tcp/$NET.0.2/$port"
}

# --- deployer: an engine in the root network namespace, only for building and pushing ---
# Its sockets are in /run: their paths may have 107 characters, and the checkout's may be longer.
dep() { env PATH="$ST/bin:$PATH" DOCKER_HOST="unix://$DEPLOYER/docker.sock" DOCKER_CONFIG="$ST/deployer/config" "$@"; }
deployer() {
  local d=$ST/deployer
  mkdir -p "$d"/{data,config/cli-plugins,etc-docker} "$DEPLOYER"
  once buildx "$d/config/cli-plugins"
  if ! ip link show labd0 >/dev/null 2>&1; then
    ip link add labd0 type bridge
    ip addr add 10.213.0.1/24 dev labd0
    ip link set labd0 up
  fi
  alive deployer && return
  local data=$d/data path=$PATH features=''
  if [ -e "$d/containerd-store" ]; then
    data=$d/containerd-data path=$(engine_programs); path=${path:+$path:}$PATH features='"features":{"containerd-snapshotter":true},'
  fi
  local dns=${LAB_DEPLOYER_DNS:-}
  # It looks up nothing outside, but where the real kamal-proxy is to be pulled.
  [ -n "$dns" ] || [ -s "$CACHE/kamal-proxy-v0.9.2.tar" ] || ! hub_answers || dns=1
  echo "# no name servers: nothing is looked up outside (LAB_DEPLOYER_DNS=1 keeps the machine's own)" > "$d/resolv.conf"
  rm -rf "${DEPLOYER:?}"/*
  daemon_json | sed "s/^{/{$features/" > "$d/daemon.json"
  # No iptables and no forwarding: the root namespace's rules stay as they are. Published ports
  # still work through docker-proxy. The machine's containerd, if it has one, is not for us.
  # It has its own PID namespace, so one kill ends all of it.
  spawn deployer env -u DOCKER_HOST PATH="$path" unshare --mount --pid --fork --kill-child=KILL --propagation slave -- \
    sh -c '
      mount -t proc proc /proc
      mkdir -p /run/containerd; mount -t tmpfs tmpfs /run/containerd
      mount --bind "$1/etc-docker" /etc/docker
      [ -n "$2" ] || mount --bind "$1/resolv.conf" /etc/resolv.conf
      shift 2; exec docker-init -s -- dockerd "$@"' sh "$d" "$dns" \
    --config-file "$d/daemon.json" --data-root "$data" --exec-root "$DEPLOYER/exec" -H "unix://$DEPLOYER/docker.sock" \
    --pidfile "$DEPLOYER/docker.pid" --cgroup-parent "$CG/deployer" --exec-opt native.cgroupdriver=cgroupfs \
    --bridge labd0 --iptables=false --ip-forward=false --ip-masq=false --default-address-pool base=10.214.0.0/16,size=24
}

cmd_deployer() { # containerd|classic: switch the engine to the other image store, which has its own images
  case ${1:-} in
  containerd) touch "$ST/deployer/containerd-store" ;;
  classic) rm -f "$ST/deployer/containerd-store" ;;
  *) die "lab deployer containerd|classic" ;;
  esac
  end deployer KILL
  deployer
  wait_for 30 "the deployer's engine" dep docker version
}

# --- images ---
put() { cmp -s "$1" "$2" || { cp "$1" "$ST/new" && mv "$ST/new" "$2"; }; }   # another lab may be building with it
logged() { # WHAT COMMAND...: into state/log/build.log, whose end is shown if the command fails
  local what=$1; shift
  "$@" >>"$ST/log/build.log" 2>&1 9>&- || { tail -20 "$ST/log/build.log" >&2; die "$what failed"; }
}
# The classic builder (DOCKER_BUILDKIT=0) needs no plugin.
build() { local tag=$1 dir=$2; shift 2; logged "building $tag" dep env DOCKER_BUILDKIT=0 docker build -q -t "$tag" "$@" "$dir"; }
images() {
  local t
  wait_for 20 "the deployer's engine" dep docker version
  once put /bin/busybox "$LAB/images/busybox/busybox"
  once put "$CACHE/bin/kamal-proxy" "$LAB/images/kamal-proxy/kamal-proxy"
  build busybox:1.35 "$LAB/images/busybox"
  real_proxy basecamp/kamal-proxy:v0.9.2 || build basecamp/kamal-proxy:v0.9.2 "$LAB/images/kamal-proxy"
  dep docker tag busybox:1.35 busybox:latest
  dep docker tag basecamp/kamal-proxy:v0.9.2 basecamp/kamal-proxy:latest
  # On the "Docker Hub" mirror, so that a plain `docker pull basecamp/kamal-proxy:v0.9.2` works on every server.
  for t in 1.35 latest; do hub_put busybox:1.35 "library/busybox:$t"; done
  for t in v0.9.2 v0.9.0 latest; do hub_put basecamp/kamal-proxy:v0.9.2 "basecamp/kamal-proxy:$t"; done
  logged "docker login" dep docker login -u "$REG_USER" -p "$REG_PASS" "$REG"
}
hub_put() { # LOCAL_IMAGE NAME:TAG: put an image where `docker pull NAME:TAG` finds it
  local have want accept='Accept: application/vnd.docker.distribution.manifest.v2+json'
  have=$(curl -fs -H "$accept" "http://$HUB/v2/${2%:*}/manifests/${2##*:}" | grep -o '"digest": *"sha256:[0-9a-f]*"' | head -1 |
    grep -o 'sha256:[0-9a-f]*' || true)
  want=$(dep docker image inspect -f '{{.Id}}' "$1")
  [ "$have" != "$want" ] || return 0           # the same image is there already
  dep docker tag "$1" "$HUB/$2"
  logged "pushing $2 to the hub mirror" dep docker push -q "$HUB/$2"
  dep docker rmi "$HUB/$2" >/dev/null
}

cmd_debian() { # a Debian base image: debian:12, also on the hub mirror
  local t uri; t=$(now)
  if [ ! -s "$CACHE/debian.tar" ]; then
    command -v debootstrap >/dev/null || install debootstrap
    # the archive that apt is set up with here
    uri=$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' | awk '$2=="bookworm"{print $1; exit}')
    rm -rf "$CACHE/debian"
    logged debootstrap debootstrap --variant=minbase bookworm "$CACHE/debian" "$uri"
    rm -rf "$CACHE"/debian/var/cache/apt/archives/*.deb "$CACHE"/debian/var/lib/apt/lists/* "$CACHE"/debian/usr/share/{doc,man,locale}/*
    tar -C "$CACHE/debian" -c . > "$CACHE/debian.tar.new" && mv "$CACHE/debian.tar.new" "$CACHE/debian.tar"
    rm -rf "$CACHE/debian"
  fi
  dep docker import -c 'CMD ["bash"]' "$CACHE/debian.tar" debian:12 >/dev/null
  dep docker tag debian:12 debian:bookworm-slim
  hub_put debian:12 library/debian:12; hub_put debian:12 library/debian:bookworm-slim
  say "debian:12 in $(since "$t"), $(dep docker image inspect -f '{{.Size}}' debian:12 | awk '{printf "%d MB", $1/1e6}')"
}
cmd_foreign() { # VERSION REPO: build and push an image of the app for another processor, of which the host can start nothing
  local d; d=$(mktemp -d)
  # The head of an executable for aarch64, or where that is this machine's, for x86-64.
  local machine='\267' arch=arm64
  [ "$(uname -m)" != aarch64 ] || { machine='\076'; arch=amd64; }
  printf "\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0$machine\0\1\0\0\0%0100d" 0 > "$d/start"; chmod +x "$d/start"
  printf 'FROM scratch\nCOPY start /\nCMD ["/start"]\n' > "$d/Dockerfile"
  logged "building $2:$1" dep docker buildx build -q --platform "linux/$arch" --label "service=${2##*/}" -t "$2:$1" "$d"
  rm -r "$d"
  dep docker push -q "$2:$1" >&2 9>&-
  # Also as the only entry of an index, like an image that is built for several processors.
  dep docker tag "$2:$1" "$2:$arch"; dep docker push -q "$2:$arch" >&2 9>&-
  registry_index "${2%%/*}" "${2#*/}" "$1-index" "$arch"
}
cmd_dotnet() { # base images for .NET apps: the runtime of this machine's SDK with the libraries that it needs; with an index, for arm64 too
  local root version d t; t=$(now)
  local -a needed buildx=(dep docker buildx build -q --provenance=false)
  root=$(dirname "$(readlink -f "$(command -v dotnet)")")
  version=$(ls "$root/shared/Microsoft.AspNetCore.App" | sort -V | tail -1)
  mapfile -t needed < <(ldd "$root/dotnet" "$root/shared/Microsoft.NETCore.App/$version"/*.so |
    grep -oE '/lib[^ ]*\.so\.[0-9]+' | sort -u)
  needed+=("$root/dotnet" "$root/host" "$root"/shared/Microsoft.{NETCore,AspNetCore}.App/"$version")
  d=$(mktemp -d); mkdir -p "$d/tmp"; chmod 755 "$d"; chmod 1777 "$d/tmp"
  tar -chP -C "$d" tmp "${needed[@]}" | logged "importing the .NET runtime" dep docker import -c "ENV PATH=$root:/bin" \
    -c 'ENV DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1 DOTNET_EnableDiagnostics=0' - "$REG/dotnet:amd64"
  logged "pushing the .NET runtime" dep docker push -q "$REG/dotnet:amd64"
  printf 'FROM scratch\nCOPY tmp /tmp\n' > "$d/Dockerfile"
  logged "building the .NET runtime for arm64" "${buildx[@]}" --platform linux/arm64 -t "$REG/dotnet:arm64" "$d"
  logged "pushing the .NET runtime for arm64" dep docker push -q "$REG/dotnet:arm64"
  rm -r "$d"
  registry_index "$REG" dotnet all amd64 arm64
  say "the .NET runtime $version in $(since "$t")"
}
registry_index() { # REGISTRY REPO TAG ARCHITECTURE...: an index of images that are in the registry under the names of their architectures
  local repo=$2 tag=$3 a size digest all='' type=application/vnd.docker.distribution.manifest
  local url="http://$1/v2/$repo/manifests" f=$ST/manifest; shift 3
  for a; do
    curl -fsS -u "$REG_USER:$REG_PASS" -H "Accept: $type.v2+json" -o "$f" "$url/$a"
    digest=$(sha256sum < "$f" | cut -d' ' -f1) size=$(wc -c < "$f")
    all+=${all:+,}$(printf '{"mediaType":"%s.v2+json","size":%d,"digest":"sha256:%s","platform":{"os":"linux","architecture":"%s"}}' \
      "$type" "$size" "$digest" "$a")
  done
  printf '{"schemaVersion":2,"mediaType":"%s.list.v2+json","manifests":[%s]}' "$type" "$all" > "$f"
  curl -fsS -u "$REG_USER:$REG_PASS" -X PUT -H "Content-Type: $type.list.v2+json" --data-binary "@$f" "$url/$tag" >&2
}
cmd_app() { # VERSION [REPO]: build and push the sample app
  local v=${1:-v1} repo=${2:-$REG/app} t; t=$(now)
  build "$repo:$v" "$LAB/images/app" --build-arg "VERSION=$v" --label "service=${repo##*/}"
  say "built in $(since "$t")"; t=$(now)
  dep docker push -q "$repo:$v" >&2 9>&-; say "pushed in $(since "$t")"
}
