# A project of the sample app, as the demo, the benches and the tests deploy it; sourced by `lab`.

project_usage() {
  die "lab project [OPTION...] FOLDER [HOST...]
  --service NAME     its service and image (shop)
  --user NAME        the account on the servers (root)
  --ssh-config FILE  instead of the lab's
  --jump USER@HOST   connects through it
  --servers YAML     the value of \`servers\`, instead of HOST...
  --more YAML        keys after the common ones, instead of the sample's \`env\`
  --bare             only config/deploy.yml and .kamal/secrets: no app, no git"
}
cmd_project() { # [OPTION...] FOLDER [HOST...]
  local service=shop user=root config=$ST/ssh/config jump='' servers='' bare='' folder
  local more='env: { clear: { GREETING: hello }, secret: [ APP_SECRET ] }'
  while [ $# -gt 0 ]; do
    case $1 in
    --service) service=$2; shift ;;
    --user) user=$2; shift ;;
    --ssh-config) config=$2; shift ;;
    --jump) jump=$2; shift ;;
    --servers) servers=$2; shift ;;
    --more) more=$2; shift ;;
    --bare) bare=1 ;;
    -*) project_usage ;;
    *) break ;;
    esac
    shift
  done
  [ $# -gt 1 ] || { [ $# = 1 ] && [ -n "$servers" ]; } || project_usage
  folder=$1; shift
  [ -n "$servers" ] || servers="[ $(printf '%s, ' "$@" | sed 's/, $//') ]"
  mkdir -p "$folder/config" "$folder/.kamal"
  cat > "$folder/config/deploy.yml" <<Y
service: $service
image: $service
servers: $servers
registry: { server: "$REG", username: $REG_USER, password: [ REGISTRY_PASSWORD ] }
builder: { arch: amd64, driver: docker }
deploy_timeout: 10
drain_timeout: 5
ssh:
  user: $user
  keys: [ "$ST/ssh/id_ed25519" ]
  keys_only: true
  config: [ "$config" ]
${jump:+  proxy: "$jump"
}$more
Y
  [ -e "$folder/.kamal/secrets" ] ||
    printf 'REGISTRY_PASSWORD=%s\nAPP_SECRET=s3cr3t-of-the-app\n' "$REG_PASS" > "$folder/.kamal/secrets"
  [ -z "$bare" ] || return 0
  cp -r "$LAB/images/app/." "$folder/"
  [ -e "$folder/.git" ] || git -C "$folder" init -q .
  git -C "$folder" add -A
  git -C "$folder" -c user.name=lab -c user.email=lab@example.com commit -q --allow-empty -m "$service"
}
