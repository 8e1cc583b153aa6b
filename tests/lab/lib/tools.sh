# What the lab needs from the machine's packages; sourced by `lab`.
# The packages come from the machine's own apt set-up only: no host is named here.

lists() { # package lists, fetched once where the machine has none yet
  compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null && [ "${1:-}" != again ] && return
  say "fetching apt's package lists"
  apt-get update >>"$ST/log/apt.log" 2>&1 9>&- || { tail -5 "$ST/log/apt.log" >&2; die "apt-get update failed"; }
}
install() { # PACKAGE...: without starting the services that come with them
  local rc=/usr/sbin/policy-rc.d mine='' ok=''
  mkdir -p /var/cache/apt/archives/partial
  lists
  [ -e $rc ] || { printf '#!/bin/sh\nexit 101\n' > $rc; chmod +x $rc; mine=1; }
  say "installing $*"
  apt_install "$@" && ok=1 || { lists again; apt_install "$@" && ok=1 || true; }   # lists may be too old
  [ -z "$mine" ] || rm -f $rc
  [ -n "$ok" ] || { tail -5 "$ST/log/apt.log" >&2; die "apt-get could not install $*"; }
}
apt_install() { DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >>"$ST/log/apt.log" 2>&1 9>&-; }
has_candidate() { local c; c=$(apt-cache policy "$1" 2>/dev/null | awk '/Candidate:/{print $2}'); [ -n "$c" ] && [ "$c" != "(none)" ]; }

go_program() { local g; for g in "$(command -v go)" /usr/lib/go-*/bin/go; do [ ! -x "$g" ] || { echo "$g"; return; }; done; }

need() {
  local want=() p
  declare -A has=([docker.io]=dockerd [docker-registry]=docker-registry [openssh-server]=/usr/sbin/sshd [openssh-client]=ssh-keygen
    [iproute2]=ip [iptables]=iptables [busybox-static]=/bin/busybox [ethtool]=ethtool [procps]=pgrep [util-linux]=unshare
    [sudo]=sudo [passwd]=useradd [curl]=curl [ca-certificates]=/etc/ssl/certs/ca-certificates.crt)
  for p in "${!has[@]}"; do command -v "${has[$p]}" >/dev/null || [ -f "${has[$p]}" ] || want+=("$p"); done
  # The image FROM scratch needs a busybox that stands alone.
  [ ! -e /bin/busybox ] || [[ $(ldd /bin/busybox 2>&1) == *"not a dynamic"* ]] || want+=(busybox-static)
  [ -n "$(go_program)" ] || want+=(golang-go)
  [ ${#want[@]} = 0 ] || install "${want[@]}"
}

# --- buildx: the plugin that is there, else the distribution's, else (Debian 12 has none) trixie's ---
plugin_here() {
  local d
  for d in "${HOME:-/root}/.docker" /usr/local/lib/docker /usr/local/libexec/docker /usr/lib/docker /usr/libexec/docker \
    "$CACHE/trixie/root/usr/libexec/docker"; do
    d=$d/cli-plugins/docker-buildx
    [ -x "$d" ] && "$d" docker-cli-plugin-metadata >/dev/null 2>&1 && { echo "$d"; return; }
  done
  return 1
}
buildx() { # FOLDER_OF_PLUGINS
  plugin_here >/dev/null || {
    lists
    if has_candidate docker-buildx; then install docker-buildx; else trixie trixie docker-buildx docker-cli; fi
    plugin_here >/dev/null || die "no buildx plugin (docker-buildx)"
  }
  ln -sfn "$(plugin_here)" "$1/docker-buildx"
  # A client older than its plugin (20.10) gets the newer one that came with it.
  local new=$CACHE/trixie/root/usr/bin/docker old
  old=$(docker --version 2>/dev/null | grep -oE '[0-9]+' | head -1)
  if [ "${old:-0}" -lt 23 ] && [ -x "$new" ]; then ln -sfn "$new" "$ST/bin/docker"; else rm -f "$ST/bin/docker"; fi
}
trixie() { # FOLDER PACKAGE...: unpack Debian 13's packages into a folder of the cache; the machine is not changed
  local d=$CACHE/$1 p; shift
  say "fetching $* of Debian 13"
  rm -rf "$d"; mkdir -p "$d"/{archives,root}
  trixie_apt "$d/apt" deb update
  (cd "$d/archives" && trixie_apt "$d/apt" "" download "$@")
  for p in "$d"/archives/*.deb; do dpkg -x "$p" "$d/root"; done
  rm -rf "$d"/{apt,archives,root/usr/share}
}
trixie_apt() { # FOLDER KINDS COMMAND...: apt-get for Debian 13, from the archive that this machine's apt uses; its data is in FOLDER
  local d=$1 kinds=$2 uri kind; local -a apt; shift 2
  if [ -n "$kinds" ]; then
    uri=$(apt-get indextargets --format '$(REPO_URI)|$(CODENAME)|$(ORIGIN)' 'Created-By: Packages' |
      awk -F'|' '$2 == "bookworm" && $3 == "Debian" {print $1; exit}')
    [ -n "$uri" ] || die "apt has no Debian 12 archive whose server could have Debian 13's packages"
    mkdir -p "$d"/{lists,archives}/partial
    for kind in $kinds; do
      echo "$kind [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri trixie main"
    done > "$d/sources.list"
    [[ "$kinds" != *deb-src* ]] || touch "$d/foreign"
  fi
  apt=(apt-get -q -o "Dir::Etc::SourceList=$d/sources.list" -o Dir::Etc::SourceParts=/dev/null
    -o "Dir::State::Lists=$d/lists" -o "Dir::Cache=$d" -o APT::Sandbox::User=root -o Acquire::Languages=none
    -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false)
  [ ! -e "$d/foreign" ] || apt+=(-o APT::Architectures::=amd64 -o APT::Architectures::=arm64)
  "${apt[@]}" "$@" >>"$ST/log/apt.log" 2>&1 9>&- || { tail -5 "$ST/log/apt.log" >&2; die "apt-get $1 of Debian 13's packages failed"; }
}

# --- an engine that has a containerd image store (Docker 24 and later): the machine's, else trixie's ---
is_modern() { local v; v=$(dockerd --version 2>/dev/null | grep -oE '[0-9]+' | head -1); [ "${v:-0}" -ge 24 ]; }
engine_programs() { is_modern || echo "$CACHE/engine/bin"; }
modern_engine() {
  is_modern || [ -x "$CACHE/engine/bin/dockerd" ] || {
    # Its runc needs a newer C library, so the machine's runc is used.
    trixie engine docker.io containerd
    mkdir -p "$CACHE/engine/bin"
    cp -P "$CACHE"/engine/root/usr/sbin/docker{d,-proxy} "$CACHE"/engine/root/usr/bin/{containerd,containerd-shim-runc-v2} \
      "$CACHE/engine/bin"
    rm -r "$CACHE/engine/root"
  }
}

# --- kamal-proxy: the real image where Docker Hub answers, else the stand-in ---
hub_answers() { # asked at most once an hour
  local mark=$ST/no-hub
  [ "$DOCKER_HUB" != off ] || return 1
  [ -z "$(find "$mark" -mmin -60 2>/dev/null)" ] || return 1
  [[ $(curl -s -o /dev/null -m 3 -w '%{http_code}' "https://$DOCKER_HUB/v2/" 2>/dev/null) =~ ^(200|401)$ ]] && return
  touch "$mark"; return 1
}
real_proxy() { # the real image in the deployer's engine as IMAGE; false where it is not to be had
  local tar=$CACHE/kamal-proxy-${1##*:}.tar from=$DOCKER_HUB/$1 loaded=$ST/deployer/kamal-proxy-loaded
  if [ ! -s "$tar" ]; then
    hub_answers || return 1
    say "pulling $1"
    dep docker pull -q "$from" >>"$ST/log/build.log" 2>&1 9>&- && dep docker tag "$from" "$1" && dep docker save -o "$tar.new" "$1" &&
      mv "$tar.new" "$tar" && touch "$loaded" && return
    say "pulling $1 failed (see $ST/log/build.log): the lab's stand-in takes its place"
    touch "$ST/no-hub"; return 1
  fi
  [ "$loaded" -nt "$tar" ] || dep docker load -q -i "$tar" >>"$ST/log/build.log" 2>&1 9>&-
  touch "$loaded"
}
