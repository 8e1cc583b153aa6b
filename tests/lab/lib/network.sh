# The lab's network; sourced by `lab`. lab-net is a switch without addresses; each host has a veth into it.

netns() { # NAME: a namespace with lo up
  ip netns list | grep -qw "^$1" && return
  ip netns add "$1"
  ip -n "$1" link set lo up
}
mac() { local a; IFS=. read -ra a <<<"$1"; printf '02:0a:d3:%02x:%02x:%02x' "${a[1]}" "${a[2]}" "${a[3]}"; }
plug() { # NS PORT ADDRESS/LEN: eth0 of namespace NS, joined to port PORT of the switch
  ip -n "$1" link show eth0 >/dev/null 2>&1 && return
  # A fixed MAC, so that neighbours' ARP entries stay right when a namespace is made anew.
  ip -n lab-net link add "$2" type veth peer name eth0 address "$(mac "${3%/*}")" netns "$1"
  ip -n lab-net link set "$2" master br0 up
  ip -n "$1" addr add "$3" dev eth0
  ip -n "$1" link set eth0 up
}
network() {
  netns lab-net
  if ! ip -n lab-net link show br0 >/dev/null 2>&1; then
    ip -n lab-net link add br0 type bridge forward_delay 0
    ip -n lab-net link set br0 up
  fi
  # Nothing for the lab's addresses may ever leave this machine, also while the lab is down.
  ip route replace unreachable $NET.0.0/16 metric 4000
  if ! ip link show lab0 >/dev/null 2>&1; then
    ip link add lab0 type veth peer name root netns lab-net
    ip -n lab-net link set root master br0 up
    ip addr add $NET.0.1/16 dev lab0
    ip link set lab0 up
  fi
  netns lab-reg
  plug lab-reg reg $NET.0.2/16
}

network_down() { # that of this checkout's lab; another's is left alone
  local ns
  [ "$(cat "$OWNER" 2>/dev/null)" = "$LAB" ] || return 0
  for ns in $(ip netns list | awk '/^lab-/{print $1}'); do ip netns del "$ns"; done
  ip link del lab0 2>/dev/null || true
  ip link del labd0 2>/dev/null || true
  rm -f "$OWNER"
}

cmd_link() { # N up|down
  num "$1"
  case ${2:-} in up|down) ip -n lab-net link set "p$1" "$2" ;; *) die "lab link N up|down" ;; esac
}
cmd_wan() { # N|fan off | N|fan DELAY [JITTER] [LOSS%]: DELAY is one way
  local d=${2:-} ns port tap name=wan${1:-}
  if [ "${1:-}" = fan ]; then
    ns=lab-fan port=fan tap=wfan
    alive fan || die "lab fan up first"
  else
    num "${1:-}"; ns=lab-s$1 port=p$1 tap=w$1
  fi
  [ -n "$d" ] || die "lab wan N|fan off | DELAY(one way, as 25ms) [JITTER] [LOSS%]"
  end "$name"
  inns "$ns" ethtool -K eth0 tx on tso on gso on >/dev/null 2>&1 || true
  ip -n lab-net link set "$port" master br0
  [ "$d" = off ] && return
  # The host must send whole, checksummed frames of MTU size: labwan sees raw frames.
  inns "$ns" ethtool -K eth0 tx off tso off gso off >/dev/null
  ip -n lab-net link set "$port" nomaster
  spawn "$name" nsenter --net=/run/netns/lab-net -- \
    "$CACHE/bin/labwan" -port "$port" -tap "$tap" -delay "$d" -jitter "${3:-0s}" -loss "${4:-0}"
  wait_for 5 "tap $tap" ip -n lab-net link show "$tap"
  ip -n lab-net link set "$tap" master br0 up
}
