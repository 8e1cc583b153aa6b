# Many addresses that have sshd only, and one sshd for all; sourced by `lab`.

cmd_fan() { # up COUNT | down: many addresses with sshd only, one sshd for all
  case ${1:-} in
  up)
    local c=${2:-200} i t0; t0=$(now)
    [[ $c =~ ^[1-9][0-9]*$ ]] && [ "$c" -le 1000 ] || die "COUNT is 1..1000"
    alive hub || die "lab up first"
    host_key fan; client_config
    netns lab-fan
    plug lab-fan fan $NET.1.1/16
    for ((i = 2; i <= c; i++)); do echo "addr replace $(fan_ip "$i")/16 dev eth0"; done | ip -n lab-fan -batch -
    alive fan || boot fan lab-fan
    wait_for 10 "fan sshd" bash -c "exec 3<>/dev/tcp/$NET.1.1/22"
    say "$c addresses with sshd, $NET.1.1 to $(fan_ip "$c"), in $(since "$t0")" ;;
  down) end wanfan; end fan KILL; ! ip netns list | grep -qw '^lab-fan' || ip netns del lab-fan; rm -rf "$ST/servers/fan" ;;
  *) die "lab fan up [COUNT] | down" ;;
  esac
}
fan_ip() { echo "$NET.$((1 + ($1 - 1) / 250)).$((($1 - 1) % 250 + 1))"; }
