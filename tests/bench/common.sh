# Sourced by the benches on the lab: the words of the program, times.
here=$(cd "$(dirname "$0")" && pwd)
lab=$here/../lab/lab
die() { echo "bench/${0##*/}: $*" >&2; exit 1; }
usage() { sed -n '2,/^[^#]/{/^#/p}' "$0"; exit 2; }
# The program is run in another folder: paths among its words become whole ones.
absolute() { # WORD...: into the array `words`
  local word
  words=()
  for word; do
    case $word in /*) ;; */*) [ ! -e "$word" ] || word=$(realpath -s "$word") ;; esac
    words+=("$word")
  done
}
median() { sort -n | awk '{v[NR] = $1} END {print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2}'; }
commit() { git add -A; git -c user.name=bench -c user.email=bench@example.com commit -q --allow-empty -m "$1"; }
