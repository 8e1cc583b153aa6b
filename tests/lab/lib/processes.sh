# Processes of the lab; sourced by `lab`. Only those recorded in state/pids are ever signalled, and only while they are the same.

started_at() { awk '{sub(/^.*\) /,""); print $20}' "/proc/$1/stat" 2>/dev/null; }  # field 22, in ticks
alive() {
  local pid t
  [ -e "$ST/pids/$1" ] || return 1
  read -r pid t < "$ST/pids/$1"
  [ -n "$pid" ] && [ "$(started_at "$pid")" = "$t" ] && ! grep -q '^State:.Z' "/proc/$pid/status" 2>/dev/null
}
pid_of() { local pid _; read -r pid _ < "$ST/pids/$1"; echo "$pid"; }
spawn() { # NAME COMMAND...: a process of its own session, its output in state/log/NAME.log
  local name=$1 pid t; shift
  setsid "$@" </dev/null >>"$ST/log/$name.log" 2>&1 9>&- &
  pid=$!
  t=$(started_at "$pid") || t=
  echo "$pid $t" > "$ST/pids/$name"
}
end() { # NAME [SIGNAL]: end it and wait until it is gone
  local name=$1 sig=${2:-TERM} pid i kids k
  if alive "$name"; then
    pid=$(pid_of "$name")
    kids=$(pgrep -P "$pid" || true)            # the first process of its PID namespace, if it has one
    kill -"$sig" "$pid" 2>/dev/null || true
    for ((i = 0; i < 100; i++)); do alive "$name" || break; [ $i != 50 ] || kill -KILL "$pid" 2>/dev/null || true; sleep 0.05; done
    # It is gone only when everything in its PID namespace is: then its mounts are free too.
    for k in $kids; do
      for ((i = 0; i < 100; i++)); do
        [ -d "/proc/$k" ] && ! grep -q '^State:.Z' "/proc/$k/status" 2>/dev/null || break
        sleep 0.05
      done
    done
  fi
  rm -f "$ST/pids/$name"
}
wait_for() { # SECONDS WHAT COMMAND...
  local limit=$1 what=$2 i; shift 2
  for ((i = 0; i < limit * 20; i++)); do "$@" >/dev/null 2>&1 && return 0; sleep 0.05; done
  die "$what did not come up in $limit s (see $ST/log)"
}
# The namespaces' first process is the child of `unshare`.
init_of() { local p; p=$(pid_of "$1"); pgrep -P "$p" | head -1; }
