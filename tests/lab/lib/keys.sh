# SSH keys, and what the lab's clients need; sourced by `lab`.

keys() {
  mkdir -p "$ST/ssh"; chmod 700 "$ST/ssh"
  [ -e "$ST/ssh/id_ed25519" ] || ssh-keygen -q -t ed25519 -N '' -C lab -f "$ST/ssh/id_ed25519"
  [ -e "$ST/ssh/id_rsa" ] || ssh-keygen -q -t rsa -b 2048 -m PEM -N '' -C lab -f "$ST/ssh/id_rsa"
  cat "$ST"/ssh/id_*.pub > "$ST/ssh/authorized_keys"
}
host_key() { # NAME
  [ -e "$ST/ssh/host_$1" ] || ssh-keygen -q -t ed25519 -N '' -C "$1" -f "$ST/ssh/host_$1"
}
client_config() {
  local n p
  : > "$ST/ssh/known_hosts.new"; : > "$ST/hosts.new"
  echo "127.0.0.1 localhost" >> "$ST/hosts.new"
  echo "$NET.0.2 registry" >> "$ST/hosts.new"
  for p in "$ST"/ssh/host_s*.pub; do
    [ -e "$p" ] || continue
    n=${p##*/host_s}; n=${n%.pub}
    echo "$(ip_of "$n"),s$n $(cut -d' ' -f1,2 "$p")" >> "$ST/ssh/known_hosts.new"
    echo "$(ip_of "$n") s$n" >> "$ST/hosts.new"
  done
  [ ! -e "$ST/ssh/host_fan.pub" ] || echo "$NET.1.* $(cut -d' ' -f1,2 "$ST/ssh/host_fan.pub")" >> "$ST/ssh/known_hosts.new"
  mv "$ST/ssh/known_hosts.new" "$ST/ssh/known_hosts"; mv "$ST/hosts.new" "$ST/hosts"
  { for n in $(seq $MAX); do printf 'Host s%s\n  HostName %s\n' "$n" "$(ip_of "$n")"; done
    cat <<X
Host s* $NET.*
  User root
  IdentityFile "$ST/ssh/id_ed25519"
  IdentitiesOnly yes
  IdentityAgent none
  UserKnownHostsFile "$ST/ssh/known_hosts"
  StrictHostKeyChecking yes
  KexAlgorithms curve25519-sha256
  ConnectTimeout 10
  LogLevel ERROR
X
  } > "$ST/ssh/config"
  # Programs that run `ssh` find this one first when PATH comes from `lab env`.
  mkdir -p "$ST/bin"
  for p in ssh scp; do
    printf '#!/bin/sh\nexec /usr/bin/%s -F "%s" "$@"\n' $p "$ST/ssh/config" > "$ST/bin/$p"
    chmod +x "$ST/bin/$p"
  done
  ln -sf "$LAB/lab" "$ST/bin/lab"; ln -sf "$CACHE/bin/labload" "$ST/bin/labload"
}

cmd_env() { # one variable a line, in double quotes
  cat <<X
export PATH="$ST/bin:\$PATH"
export DOCKER_HOST="unix://$DEPLOYER/docker.sock"
export DOCKER_CONFIG="$ST/deployer/config"
export LAB_SSH_KEY="$ST/ssh/id_ed25519"
export LAB_SSH_RSA_KEY="$ST/ssh/id_rsa"
export LAB_SSH_CONFIG="$ST/ssh/config"
export LAB_KNOWN_HOSTS="$ST/ssh/known_hosts"
export LAB_REGISTRY="$REG"
export LAB_REGISTRY_USER="$REG_USER"
export LAB_REGISTRY_PASSWORD="$REG_PASS"
export LAB_HUB="$HUB"
export LAB_SERVERS="$(for n in $(running); do ip_of "$n"; done | paste -sd' ')"
X
  [ -z "${LAB_STATE:-}" ] || echo "export LAB_STATE=\"$ST\""
}
