# Servers: network and mount namespaces with a sshd and an engine of their own; sourced by `lab`.

server_start() { # N
  local n=$1 s=s$1
  netns "lab-$s"
  plug "lab-$s" "p$n" "$(ip_of "$n")/16"
  alive "$s" && return
  host_key "$s"
  boot "$s" "lab-$s"
}
boot() { # NAME NETNS: namespaces of a machine around server-init
  local s=$1
  mkdir -p "$ST/servers/$s"
  spawn "$s" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 nsenter --net="/run/netns/$2" -- \
    unshare --mount --pid --uts --ipc --fork --kill-child=KILL --propagation private -- \
    docker-init -s -- "$LAB/lib/server-init" "$s" "$ST" "$CG/$s" "$(engine_programs)"
}
server_stop() { # N: as if the power went
  end "s$1" KILL
  cgroups_clean "$CG/s$1"
}
in_server() { # N COMMAND...
  local p; alive "s$1" || die "server $1 is not up"
  p=$(init_of "s$1"); shift
  nsenter -t "$p" -m -p -u -i -n -- env -i HOME=/root LAB_FAULTS=off PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin "$@"
}
engine_ok() { in_server "$1" docker version; }
# An engine that was killed may keep the ports of a container it had ("Removing stale endpoint" in its log): then nothing
# can bind them until its next start, which forgets them. Real servers have this after a power cut too, now and then.
engine_sound() { # N
  awk '/msg="Starting up"/ {kept = 0} /port is already allocated/ {kept = 1} END {exit !kept}' "$ST/servers/s$1/log/dockerd.log" || return 0
  say "server $1: the engine kept ports that nothing uses; starting it again"
  cmd_docker "$1" stop; cmd_docker "$1" start
}
ssh_ok() { /usr/bin/ssh -F "$ST/ssh/config" -o BatchMode=yes "s$1" true; }
cgroups_clean() { # PATH below each cgroup hierarchy; only empty ones can go
  local d i
  for i in 1 2 3 4 5 6 7 8 9 10; do
    for d in /sys/fs/cgroup/*"$1"; do [ ! -d "$d" ] || find "$d" -depth -type d -exec rmdir {} \; 2>/dev/null || true; done
    compgen -G "/sys/fs/cgroup/*$1" >/dev/null || return 0
    sleep 0.1
  done
}
running() { local f; for f in "$ST"/pids/s[0-9]*; do [ -e "$f" ] && alive "${f##*/}" && echo "${f##*/s}"; done | sort -n; }

# Removes containers, networks, volumes, files in /root; with "images" those too, with "apps" those of the lab's registry.
cmd_wipe() { # [N|all] [images|apps]
  local n t0 which=${1:-all}; t0=$(now)
  [ "$which" != all ] || { which=$(running); rm -rf "$ST/registry-faults"; }
  for n in $which; do
    cmd_fault "$n" off
    in_server "$n" sh -c 'c=$(docker ps -aq); [ -z "$c" ] || docker rm -fv $c
      docker network prune -f; docker volume ls -q | xargs -r docker volume rm -f; [ "$1" != images ] || docker image prune -af
      [ "$1" != apps ] || docker images --format "{{.Repository}}:{{.Tag}}" | grep "^$2/" | xargs -r docker rmi -f
      find /root -mindepth 1 -maxdepth 1 ! -name .ssh ! -name .profile -exec rm -rf {} +' \
      sh "${2:-}" "$REG" >>"$ST/log/wipe.log" 2>&1 9>&- &
  done
  wait
  say "wiped in $(since "$t0")"
}
cmd_reset() { # a server as new, its cable too
  num "$1"; [ ! -e "$ST/pids/wan$1" ] || cmd_wan "$1" off
  server_stop "$1"; rm -rf "$ST/servers/s$1"; server_start "$1"
  wait_for 30 "sshd" ssh_ok "$1"; wait_for 60 "dockerd" engine_ok "$1"
}
cmd_power() { # N off|on|cycle
  num "$1"
  case ${2:-} in
  off) server_stop "$1" ;;
  on) server_start "$1"; wait_for 30 "sshd" ssh_ok "$1"; wait_for 60 "dockerd" engine_ok "$1"; engine_sound "$1" ;;
  cycle) cmd_power "$1" off; cmd_power "$1" on ;;
  *) die "lab power N on|off|cycle" ;;
  esac
}
tls() { # N: whether the engine of a server asks the lab's registry with TLS
  ! in_server "$1" docker info 2>/dev/null | grep " $REG$" >/dev/null
}
plain() { ! tls "$1"; }
cmd_docker() { # N stop|start|kill|tls|plain|containerd|classic: the engine of a server
  num "$1"
  case ${2:-} in
  stop)
    in_server "$1" sh -c '
      touch /run/lab/docker.off; kill $(cat /run/docker.pid)
      while kill -0 $(cat /run/docker.pid 2>/dev/null) 2>/dev/null; do sleep 0.1; done' || true ;;
  kill) in_server "$1" sh -c 'touch /run/lab/docker.off; kill -9 $(cat /run/docker.pid)' ;;
  start) in_server "$1" rm -f /run/lab/docker.off; wait_for 60 dockerd engine_ok "$1" ;;
  tls|plain)
    [ "$2" = plain ] || set -- "$1" "$2" "/\"insecure-registries\"/s#\"http://$REG\",##"
    sed "${3:-}" "$ST/servers-daemon.json" | in_server "$1" sh -c 'cat > /etc/docker/daemon.json; kill -HUP $(cat /run/docker.pid)'
    wait_for 10 "dockerd's configuration" "$2" "$1" ;;
  containerd|classic)
    cmd_docker "$1" stop
    if [ "$2" = classic ]; then in_server "$1" rm -f /run/lab/containerd-store; else in_server "$1" touch /run/lab/containerd-store; fi
    cmd_docker "$1" start ;;
  uninstall) cmd_docker "$1" stop; in_server "$1" sh /run/lab/uninstall-docker ;;
  install) in_server "$1" sh /run/lab/install-docker ;;
  *) die "lab docker N stop|start|kill|tls|plain|containerd|classic|uninstall|install" ;;
  esac
}

cmd_user() { # N NAME [docker|sudo]... | N NAME gone: an account that the lab's keys log in to, made anew
  num "${1:-}"; local n=$1 name=${2:-} how
  [[ $name =~ ^[a-z][a-z0-9-]*$ ]] && [ "$name" != root ] || die "lab user N NAME [docker|sudo]... | gone"
  in_server "$n" sh -c 'pkill -KILL -u "$1" 2>/dev/null; userdel "$1" 2>/dev/null; rm -rf "/home/$1" "/etc/sudoers.d/$1"' sh "$name"
  shift 2
  [ "${1:-}" != gone ] || return 0
  # "*": no password, but not locked, or sshd would let nobody in.
  in_server "$n" useradd --no-log-init -m -s /bin/bash -p '*' "$name"
  in_server "$n" sh -c '
    install -d -m 700 -o "$1" -g "$1" "/home/$1/.ssh" &&
    install -m 600 -o "$1" -g "$1" /root/.ssh/authorized_keys "/home/$1/.ssh/authorized_keys"' sh "$name"
  for how; do
    case $how in
    docker) in_server "$n" usermod -aG docker "$name" ;;
    sudo) in_server "$n" sh -c 'umask 227; echo "$1 ALL=(ALL:ALL) NOPASSWD: ALL" > "/etc/sudoers.d/$1"' sh "$name" ;;
    *) die "lab user N NAME [docker|sudo]... | gone" ;;
    esac
  done
}
