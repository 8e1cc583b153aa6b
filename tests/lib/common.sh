# Sourced by tests/run and tests/demo: messages, packages, the one build.
TESTS=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
REPO=$(dirname "$TESTS")
CONFIGURATION=${CONFIGURATION:-Release}
RESULTS=$REPO/out/test-results
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1

say() { printf '%s\n' "$*" >&2; }
die() { say "${0##*/}: $*"; exit 1; }
part() { printf '\n== %s  [%s]\n' "$*" "$(date +%T)"; }

# Packages come by the lab's own installer, which keeps their services from starting.
packages() { # PROGRAM-OR-FILE=PACKAGE...: installs what is missing
  local pair want=()
  for pair; do command -v "${pair%%=*}" >/dev/null || [ -f "${pair%%=*}" ] || want+=("${pair#*=}"); done
  [ ${#want[@]} -gt 0 ] || return 0
  [ "$(id -u)" = 0 ] || die "missing: ${want[*]}; install them, or run as root"
  (ST=$TESTS/lab/state; CACHE=$TESTS/lab/cache; mkdir -p "$ST/log"; . "$TESTS/lab/lib/tools.sh"; install "${want[@]}")
}

build() { # once a run: whoever has built already says so
  [ -z "${KAMAL_TESTS_BUILT:-}" ] || return 0
  command -v dotnet >/dev/null || die "the .NET SDK 10 is missing (dotnet)"
  packages git=git
  part "build ($CONFIGURATION)"
  local from=$SECONDS
  dotnet build "$REPO/Kamal.sln" -c "$CONFIGURATION" --nologo -v quiet -clp:NoSummary || die "the build failed"
  say "built in $((SECONDS - from)) s"
  export KAMAL_TESTS_BUILT=1
}
