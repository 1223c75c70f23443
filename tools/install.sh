#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# install BUILD PROGRAM.c CC... - installs BUILD into an empty folder, builds and runs the program
# against it through pkg-config, with the shared library and with the static one, and uninstalls.
set -eu
build=$1 program=$2
shift 2
dest=$(mktemp -d)
log=$build/meson-logs/install-log.txt
[ ! -e "$log" ] || cp "$log" "$dest.log"
# A real installation keeps its log, or it could not be uninstalled any more.
trap 'rm -rf "$dest"; if [ -e "$dest.log" ]; then mv "$dest.log" "$log"; else rm -f "$log"; fi' EXIT
trap 'exit 1' HUP INT TERM
fail() { echo "$*"; exit 1; }

DESTDIR=$dest meson install -C "$build" --no-rebuild --quiet
pc=$(find "$dest" -name yufu.pc)
[ -n "$pc" ] || fail "no yufu.pc"
export PKG_CONFIG_PATH="${pc%/*}" PKG_CONFIG_SYSROOT_DIR="$dest"
lib=${pc%/pkgconfig/yufu.pc}

# shellcheck disable=SC2046 # the flags are words
"$@" -o "$dest/use" "$program" $(pkg-config --cflags --libs yufu) || fail "does not build with the shared library"
# shellcheck disable=SC2046
"$@" -o "$dest/use-static" "$program" $(pkg-config --static --cflags --libs yufu | sed 's/-lyufu/-l:libyufu.a/') ||
    fail "does not build with the static library"
ldd "$dest/use-static" | grep libyufu && fail "the static program asks for the shared library"
for use in use use-static; do
    LD_LIBRARY_PATH=$lib "$dest/$use" "$dest" || fail "$use does not run"
    rm "$dest/$use"
done
program=$(find "$dest" -path '*/bin/yufu')
if [ -n "$program" ]; then
    LD_LIBRARY_PATH=$lib "$program" help >/dev/null || fail "the installed program does not run"
    [ -n "$(find "$dest" -path '*/man1/yufu.1')" ] || fail "no man page"
    [ -n "$(find "$dest" -path '*/bash-completion/completions/yufu.bash')" ] || fail "no shell completion"
fi
count=$(find "$dest" ! -type d | wc -l)

DESTDIR=$dest ninja -C "$build" uninstall >/dev/null
left=$(find "$dest" ! -type d)
[ -z "$left" ] || fail "uninstall leaves $left"
echo "$count files installed, used and uninstalled"
