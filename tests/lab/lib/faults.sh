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

cmd_registry() { # N limited|denied|failing|off: what a server gets for an image at port 5002, where everybody else gets what 5000 has
  num "$1"; local faults=$ST/registry-faults
  mkdir -p "$faults"
  case ${2:-} in
  limited|denied|failing) echo "$2" > "$faults/$(ip_of "$1")" ;;
  off) rm -f "$faults/$(ip_of "$1")"; return ;;
  *) die "lab registry N limited|denied|failing|off" ;;
  esac
  alive front || spawn front nsenter --net=/run/netns/lab-reg -- "$CACHE/bin/labfront" -listen "$FRONT" -to "http://$REG" -faults "$faults"
  wait_for 10 "the registry's front" bash -c "exec 3<>/dev/tcp/${FRONT/:/\/}"
}
