# Sourced by tests/windows/{run,kamal,pwsh}: Windows' own .NET and PowerShell under Wine, without a display.
WINDOWS=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
. "$WINDOWS/../lib/common.sh"
MADE=$REPO/out/windows
WINE=/usr/lib/wine/wine64
export WINEARCH=win64 WINEDEBUG=-all DISPLAY= WINEDLLOVERRIDES='explorer.exe=d;winemenubuilder.exe=d;winedbg.exe=d'
# Wine 8 cannot map one page twice, as the runtime does to write and run code; the rest is time.
export DOTNET_EnableWriteXorExecute=0 DOTNET_TieredPGO=0 DOTNET_GCgen0size=${DOTNET_GCgen0size:-0x600000}
export PSExecutionPolicyPreference=Bypass POWERSHELL_TELEMETRY_OPTOUT=1 POWERSHELL_UPDATECHECK=Off

set_up() { # what the leg needs: packages, the console, the stand-ins, a prefix to copy
  packages "$WINE=wine64" wineserver=wine x86_64-w64-mingw32-gcc=gcc-mingw-w64-x86-64 python3=python3 unshare=util-linux
  local tool
  mkdir -p "$MADE/tools"
  dotnet build "$WINDOWS/Pwsh" -c "$CONFIGURATION" --nologo -v quiet -clp:NoSummary || die "the console for Windows could not be built"
  compile console -o "$MADE/console.exe"
  compile relay -lws2_32 -o "$MADE/relay.exe"
  for tool in docker ssh pack op bw bws lpass doppler enpass-cli gcloud aws passbolt; do
    ln -f "$MADE/relay.exe" "$MADE/tools/$tool.exe"
  done
  [ -e "$MADE/prefix/ready" ] || {
    rm -rf "$MADE/prefix"
    mkdir -p "$MADE/prefix"
    say "making a Wine prefix"
    export WINEPREFIX=$MADE/prefix
    { timeout -k 5 180 "$WINE" wineboot -i && timeout -k 5 60 "$WINE" winecfg -v win10; } </dev/null >"$MADE/prefix.log" 2>&1 ||
      { tail -5 "$MADE/prefix.log" >&2; die "Wine could not make a prefix (out/windows/prefix.log)"; }
    timeout -k 5 60 wineserver -w || wineserver -k
    touch "$MADE/prefix/ready"
  }
  local git="$MADE/prefix/drive_c/Program Files/Git"
  mkdir -p "$git/cmd" "$git/bin"
  ln -f "$MADE/relay.exe" "$git/cmd/git.exe"
  ln -f "$MADE/relay.exe" "$git/bin/sh.exe"
  ln -f "$MADE/relay.exe" "$git/bin/bash.exe"
}
compile() { x86_64-w64-mingw32-gcc -municode -O2 -Wall -Werror "$WINDOWS/$1.c" "${@:2}" || die "$1.c could not be compiled"; }

# The C# tests are programs whose code is the same on every system: the console's own .NET and starter run them, too. Only the starter
# names the file it starts. The folder is as deep as theirs, as some look for the repository from there.
unit_program() { # PROJECT: prints the program
  local folder=$MADE/unit/tests/$1 file
  rm -rf "$folder"
  mkdir -p "$folder"
  find "$MADE/console" -maxdepth 1 -name '*.dll' -exec ln -t "$folder" {} +
  for file in "$TESTS/$1/bin/$CONFIGURATION/net10.0/"*.dll; do
    case ${file##*/} in
      Kamal.*) ln -f "$file" "$folder/" ;;
      *) [ -e "$folder/${file##*/}" ] || ln "$file" "$folder/" ;;
    esac
  done
  ln "$MADE/console/pwsh.runtimeconfig.json" "$folder/$1.runtimeconfig.json"
  python3 -I - "$MADE/console/pwsh.exe" "$1.dll" "$folder/$1.exe" <<'END'
import sys
program, name = open(sys.argv[1], "rb").read(), sys.argv[2].encode()
at = program.index(b"pwsh.dll" + bytes(len(name)))
open(sys.argv[3], "wb").write(program[:at] + name + program[at + len(name):])
END
  echo "$folder/$1.exe"
}

new_prefix() { # FOLDER: a user's own files and registry; Windows itself is shared
  mkdir -p "$1/drive_c/users"
  cp "$MADE"/prefix/*.reg "$MADE/prefix/.update-timestamp" "$1/"
  cp -a "$MADE/prefix/dosdevices" "$1/"
  cp -a "$MADE/prefix/drive_c/users/." "$1/drive_c/users/"
  ln -s "$MADE"/prefix/drive_c/{windows,Program*} "$MADE/tools" "$1/drive_c/"
}
user_folder() { echo "$1/drive_c/users/$(id -un)"; } # PREFIX

helper() { # LOG: serves $WINEPREFIX's stand-ins as long as this script runs
  exec 8< <(exec python3 -I "$WINDOWS/helper.py" "$WINEPREFIX" 2>>"$1")
  read -r KAMAL_RELAY_PORT <&8
  export KAMAL_RELAY_PORT
}
windows() { # SECONDS PROGRAM ARGS...: in $WINEPREFIX; 124 when it took too long
  local rc=0 limit=(timeout -k 5 "$1")
  shift
  # A terminal is a console already, of which only the foreground may read.
  if [ -t 0 ] || [ -t 1 ]; then limit=(timeout --foreground "${limit[@]:1}"); else set -- "$MADE/console.exe" "$@"; fi
  "${limit[@]}" "$WINE" "$@" 2> >(grep -av '^wine: Read access denied for device' >&2) || rc=$?
  wineserver -k 2>/dev/null || true
  return $rc
}
