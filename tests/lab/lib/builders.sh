# Builders other than the engine's own, and programs of another architecture; sourced by `lab`.

buildkit() { # buildkitd, buildctl, qemu-aarch64 and busybox-arm64 in $CACHE/buildkit; rebuilt when lib/buildkit changes
  local to=$CACHE/buildkit key want=() p t; key=$(cksum < "$LAB/lib/buildkit")
  [ "$(cat "$to/key" 2>/dev/null)" != "$key" ] || return 0
  [ "$(uname -m)" = x86_64 ] || die "lab builders: only on amd64"
  for p in patch=patch xz=xz-utils; do command -v "${p%%=*}" >/dev/null || want+=("${p#*=}"); done
  [ ${#want[@]} = 0 ] || install "${want[@]}"
  t=$(now)
  rm -rf "$to"; mkdir -p "$to"/{debs,src}
  trixie_apt "$to/apt" "deb-src deb" update --error-on=any
  # The archive's index may name a .dsc that is gone. The parts are there, and apt checks their hashes.
  (cd "$to/src" && trixie_apt "$to/apt" "" source --download-only docker.io) 2>>"$ST/log/apt.log" || true
  # shellcheck disable=SC2046
  (cd "$to/debs" && trixie_apt "$to/apt" "" download $("$LAB/lib/buildkit" needs) qemu-user busybox-static:arm64)
  say "BuildKit's source, and $(find "$to/debs" -name '*.deb' | wc -l) packages of Debian 13, in $(since "$t")"
  t=$(now)
  dpkg-deb --fsys-tarfile "$to"/debs/qemu-user_*.deb | tar -xO ./usr/bin/qemu-aarch64 > "$to/qemu-aarch64"
  dpkg-deb --fsys-tarfile "$to"/debs/busybox-static_*_arm64.deb | tar -xO --wildcards './*bin/busybox' > "$to/busybox-arm64"
  chmod +x "$to"/{qemu-aarch64,busybox-arm64}
  logged "compiling BuildKit" "$LAB/lib/buildkit" "$to"
  rm -rf "$to"/{apt,debs,root,src}
  echo "$key" > "$to/key"
  say "BuildKit compiled in $(since "$t")"
}

# Marks this lab's arm64 programs with seven unused bytes of the ELF header. Only marked programs are emulated: the kernel has one table of
# emulators for the whole machine, and other labs test programs that cannot start.
mark() { local sum; sum=$(printf %07x "$(cksum <<<"$ST" | cut -d' ' -f1)"); echo "${sum: -7}"; }
BINFMT=/run/kamal-lab-binfmt
cmd_emulate() { # on|off: programs for arm64
  local name head mask; name=kamal-lab-$(mark)
  mkdir -p "$BINFMT"; mountpoint -q "$BINFMT" || mount -t binfmt_misc binfmt_misc "$BINFMT"
  case ${1:-} in
  on)
    [ ! -e "$BINFMT/$name" ] || return 0
    head="\\x7fELF\\x02\\x01\\x01\\x00\\x00$(mark)\\x02\\x00\\xb7\\x00"
    mask='\xff\xff\xff\xff\xff\xff\xff\x00\x00\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
    echo ":$name:M::$head:$mask:$CACHE/buildkit/qemu-aarch64:PF" > "$BINFMT/register" ;;
  off) [ ! -e "$BINFMT/$name" ] || echo -1 > "$BINFMT/$name" ;;
  *) die "lab emulate on|off" ;;
  esac
}

cmd_builders() { # BuildKit's image at the "Docker Hub" mirror, a base image for two architectures, and ways to the registries
  local t; t=$(now)
  once buildkit
  buildkit_image
  busybox_image
  build "$REG/scanner:1" "$LAB/images/scanner"
  logged "pushing the scanner" dep docker push -q "$REG/scanner:1"
  cmd_emulate on
  local n; for n in deployer $(running); do privileged "$n"; done
  # The deployer's engine has no IP forwarding, but its builder in a container must reach the registries.
  sysctl -q -w net.ipv4.conf.labd0.forwarding=1 net.ipv4.conf.lab0.forwarding=1
  ip -n lab-reg route replace 10.213.0.0/24 via $NET.0.1
  # buildx gives these settings to each builder that it creates.
  mkdir -p "$ST/deployer/config/buildx"
  cat > "$ST/deployer/config/buildx/buildkitd.default.toml" <<X
[registry."docker.io"]
  mirrors = ["$HUB"]
[registry."$HUB"]
  http = true
[registry."$REG"]
  http = true
X
  alive cache || spawn cache nsenter --net=/run/netns/lab-reg -- "$CACHE/bin/labcache" -listen "$BUILD_CACHE"
  wait_for 10 "GitHub's cache" bash -c "exec 3<>/dev/tcp/${BUILD_CACHE/:/\/}"
  say "builders in $(since "$t")"
}
# BuildKit's container is privileged. If this machine is itself a container that lacks a capability, Debian 12's engine still requests it,
# and no privileged container starts. A wrapper of runc then removes the missing capabilities from the request.
privileged() { # deployer|N
  local lacking; local -a there=(in_server "$1")
  lacking=$(( (1 << ($(cat /proc/sys/kernel/cap_last_cap) + 1)) - 1 & ~0x$(awk '/^CapBnd/ {print $2}' /proc/self/status) ))
  [ "$lacking" != 0 ] || return 0
  lacking=$(capsh --decode="$(printf %x "$lacking")" | cut -d= -f2 | tr 'a-z,' 'A-Z|')
  [ "$1" != deployer ] || there=(nsenter -t "$(init_of deployer)" -m -p --)
  "${there[@]}" sh -c '
    set -e
    ! grep -q " /run/lab/runc-real " /proc/self/mountinfo || exit 0
    runc=$(readlink -f "$(command -v runc)")
    mkdir -p /run/lab; echo "$1" > /run/lab/lacking
    : > /run/lab/runc-real; mount --bind "$runc" /run/lab/runc-real
    cat > /run/lab/runc; chmod 755 /run/lab/runc
    mount --bind /run/lab/runc "$runc"' sh "$lacking" < "$LAB/lib/runc"
}
buildkit_image() { # as moby/buildkit: the daemon, its client, and the machine's runc with its libraries
  local d
  d=$(mktemp -d); chmod 755 "$d"
  mkdir -p "$d"/{bin,usr/bin,tmp,etc,root}; chmod 1777 "$d/tmp"
  cp /bin/busybox "$d/bin/"; cp "$CACHE"/buildkit/build{kitd,ctl} "$d/usr/bin/"; cp "$(readlink -f "$(command -v runc)")" "$d/usr/bin/runc"
  ln -s busybox "$d/bin/sh"
  ldd "$d/usr/bin/runc" | grep -oE '/lib[^ ]*\.so\.[0-9]+' | tar -chP -T - | tar -x -C "$d"
  tar -c --sort=name --mtime=@0 -C "$d" . | logged "importing BuildKit" dep docker import -c 'ENTRYPOINT ["buildkitd"]' \
    -c 'ENV PATH=/usr/bin:/bin' -c 'VOLUME /var/lib/buildkit' - moby/buildkit:buildx-stable-1
  rm -r "$d"
  hub_put moby/buildkit:buildx-stable-1 moby/buildkit:buildx-stable-1
}
busybox_image() { # busybox:multi at the mirror, for amd64 and, marked for `lab emulate`, arm64
  local d p; d=$(mktemp -d)
  mkdir -p "$d"/root/{bin,usr/bin,sbin,usr/sbin,tmp,etc,root,var/run}; chmod 1777 "$d/root/tmp"
  cp "$CACHE/buildkit/busybox-arm64" "$d/root/bin/busybox"
  printf %s "$(mark)" | dd of="$d/root/bin/busybox" bs=1 seek=9 conv=notrunc status=none
  for p in $(busybox --list); do [ "$p" = busybox ] || ln -s busybox "$d/root/bin/$p"; done
  echo 'root:x:0:0:root:/root:/bin/sh' > "$d/root/etc/passwd"; echo 'root:x:0:' > "$d/root/etc/group"
  printf 'FROM scratch\nCOPY root /\nENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\nCMD ["sh"]\n' > "$d/Dockerfile"
  logged "building busybox for arm64" dep docker buildx build -q --provenance=false --platform linux/arm64 \
    -t "$HUB/library/busybox:arm64" "$d"
  rm -r "$d"
  logged "pushing busybox for arm64" dep docker push -q "$HUB/library/busybox:arm64"
  hub_put busybox:1.35 library/busybox:amd64
  registry_index "$HUB" library/busybox multi amd64 arm64
}
