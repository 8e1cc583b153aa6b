# Docker calls that fail or hang, and a registry that does not give what is asked for; sourced by `lab`.

cmd_fault() { # N fail|hang[-after] PATTERN [CALL] [MESSAGE] | N reached|release|off: calls of docker on a server that fail or hang
  num "$1"; local n=$1 how=${2:-}
  case $how in
  fail|fail-after|hang|hang-after)
    [ -n "${3:-}" ] || die "lab fault N $how PATTERN [CALL] [MESSAGE]"
    in_server "$n" sh -c '
      set -e
      if [ ! -e /run/lab/docker-real ]; then
        docker=$(readlink -f "$(command -v docker)")
        : > /run/lab/docker-real; mount --bind "$docker" /run/lab/docker-real
        cat > /run/lab/docker-faults
        chmod 755 /run/lab/docker-faults
        mount --bind /run/lab/docker-faults "$docker"
        mkdir -m 1777 -p /run/lab/faults
      fi
      fault=$(mktemp -d /run/lab/faults/XXXXXX)
      printf "%s\n" "$2" > "$fault/pattern"; printf "%s\n" "$3" > "$fault/call"; printf "%s\n" "$4" > "$fault/message"
      : > "$fault/seen"; chmod 1777 "$fault"; chmod 666 "$fault/seen"
      echo "$1" > "$fault/how"' \
      sh "$how" "$3" "${4:-0}" "${5:-Error response from daemon: made to fail by the lab}" < "$LAB/lib/docker-faults" ;;
  reached) in_server "$n" sh -c '[ -n "$(ls /run/lab/faults/*/reached 2>/dev/null)" ]' ;;
  release) in_server "$n" sh -c 'for f in /run/lab/faults/*/; do [ ! -e "$f" ] || : > "$f/released"; done' ;;
  off)
    in_server "$n" sh -c '
      [ -e /run/lab/docker-real ] || exit 0
      for f in /run/lab/faults/*/; do [ ! -e "$f" ] || : > "$f/released"; done
      umount -l "$(readlink -f "$(command -v docker)")" && umount -l /run/lab/docker-real && rm -rf /run/lab/docker-real /run/lab/faults' ;;
  *) die "lab fault N fail|hang|fail-after|hang-after PATTERN [CALL] [MESSAGE] | reached|release|off" ;;
  esac
}

cmd_registry() { # N|here limited|denied|expired|missing|failing|slow|off: what a server gets for an image at ports 5002 and 5004
  local faults=$ST/registry-faults client=$NET.0.1
  [ "$1" = here ] || { num "$1"; client=$(ip_of "$1"); }
  mkdir -p "$faults"
  case ${2:-} in
  limited|denied|expired|missing|failing|slow) echo "$2" > "$faults/$client" ;;
  off) rm -f "$faults/$client"; return ;;
  *) die "lab registry N|here limited|denied|expired|missing|failing|slow|off" ;;
  esac
  alive front || spawn front nsenter --net=/run/netns/lab-reg -- "$CACHE/bin/labfront" -listen "$FRONT" -to "http://$REG" -faults "$faults"
  wait_for 10 "the registry's front" bash -c "exec 3<>/dev/tcp/${FRONT/:/\/}"
}

# A registry with TLS and tokens, like those of the large providers. The lab's own authority signs its certificate.
cmd_token() { # up | account NAME ACTIONS|- PASSWORD | life SECONDS|off | left N|off | move REPO:TAG IMAGE | log
  local n d
  case ${1:-} in
  up)
    [ -s "$TOKENS/ca.crt" ] || "$CACHE/bin/labtoken" -make "$TOKENS" -host $NET.0.2
    rm -f "$TOKENS"/{log,life,left}
    echo "$REG_USER pull,push $REG_PASS" > "$TOKENS/accounts"
    registry secure "${SECURE##*:}" token
    mkdir -p "$ST/registry-faults"
    alive tokens || spawn tokens nsenter --net=/run/netns/lab-reg -- "$CACHE/bin/labtoken" -listen "$TOKEN_SERVER" -dir "$TOKENS"
    alive secure-front || spawn secure-front nsenter --net=/run/netns/lab-reg -- "$CACHE/bin/labfront" -listen "$SECURE_FRONT" \
      -to "https://$SECURE" -faults "$ST/registry-faults" -cert "$TOKENS/host.crt" -key "$TOKENS/host.key" -ca "$TOKENS/ca.crt"
    for d in "$TOKEN_SERVER" "$SECURE_FRONT"; do wait_for 10 "$d" bash -c "exec 3<>/dev/tcp/${d/:/\/}"; done
    # Docker reads these for each connection.
    for d in "$SECURE" "$SECURE_FRONT"; do
      mkdir -p "$ST/deployer/etc-docker/certs.d/$d"; cp "$TOKENS/ca.crt" "$ST/deployer/etc-docker/certs.d/$d/ca.crt"
      for n in $(running); do in_server "$n" sh -c 'mkdir -p "$1"; cat > "$1/ca.crt"' sh "/etc/docker/certs.d/$d" < "$TOKENS/ca.crt"; done
    done ;;
  account)
    [ $# = 4 ] || die "lab token account NAME ACTIONS|- PASSWORD"
    { grep -v "^$2 " "$TOKENS/accounts" || true; echo "$2 $3 $4"; } > "$TOKENS/accounts.new"
    mv "$TOKENS/accounts.new" "$TOKENS/accounts" ;;
  life|left) rm -f "$TOKENS/$1"; [ "${2:-off}" = off ] || echo "$2" > "$TOKENS/$1" ;;
  move) # a tag of this registry to an image of the other one, as if someone else pushed it
    logged "docker pull" dep docker pull -q "$REG/$3"
    logged "docker tag" dep docker tag "$REG/$3" "$SECURE/$2"
    printf '%s' "$REG_PASS" | logged "docker login" dep docker login -u "$REG_USER" --password-stdin "$SECURE"
    logged "docker push" dep docker push -q "$SECURE/$2"
    dep docker rmi "$SECURE/$2" >/dev/null; logged "docker logout" dep docker logout "$SECURE" ;;
  log) touch "$TOKENS/log"; cat "$TOKENS/log"; : > "$TOKENS/log" ;;
  *) die "lab token up | account NAME ACTIONS|- PASSWORD | life SECONDS|off | left N|off | move REPO:TAG IMAGE | log" ;;
  esac
}
