# A project of the sample app, as the demo, the benches and the tests deploy it; sourced by `lab`.

cmd_project() { # [--service NAME] [--user NAME] [--ssh-config FILE] [--jump USER@HOST] FOLDER HOST...
  local service=shop user='' config=$ST/ssh/config jump='' folder hosts
  while [ $# -gt 0 ]; do
    case $1 in
    --service) service=$2 ;; --user) user=$2 ;; --ssh-config) config=$2 ;; --jump) jump=$2 ;;
    -*) die "unknown option $1" ;;
    *) break ;;
    esac
    shift 2
  done
  [ $# -gt 1 ] || die "lab project [--service NAME] [--user NAME] [--ssh-config FILE] [--jump USER@HOST] FOLDER HOST..."
  folder=$1; shift
  hosts=$(printf '  - %s\n' "$@")
  mkdir -p "$folder/config" "$folder/.kamal"
  cp -r "$LAB/images/app/." "$folder/"
  cat > "$folder/config/deploy.yml" <<Y
service: $service
image: $service
servers:
$hosts
registry:
  server: $REG
  username: $REG_USER
  password:
    - REGISTRY_PASSWORD
builder:
  arch: amd64
  driver: docker
env:
  clear:
    GREETING: hello
  secret:
    - APP_SECRET
deploy_timeout: 10
drain_timeout: 5
ssh:
  keys: [ "$ST/ssh/id_ed25519" ]
  keys_only: true
  config: [ "$config" ]
Y
  [ -z "$user" ] || echo "  user: $user" >> "$folder/config/deploy.yml"
  [ -z "$jump" ] || echo "  proxy: \"$jump\"" >> "$folder/config/deploy.yml"
  printf 'REGISTRY_PASSWORD=%s\nAPP_SECRET=s3cr3t\n' "$REG_PASS" > "$folder/.kamal/secrets"
  [ -e "$folder/.git" ] || git -C "$folder" init -q .
  git -C "$folder" add -A
  git -C "$folder" -c user.name=lab -c user.email=lab@example.com commit -qm "$service"
}
