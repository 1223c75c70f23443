#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# run IMAGE - runs an image on the emulated board; what it says on the serial line is TAP.
command -v qemu-system-arm >/dev/null || { echo '1..0 # SKIP qemu-system-arm is not installed'; exit 0; }
exec qemu-system-arm -machine mps2-an386 -display none -monitor none -serial stdio \
    -semihosting-config enable=on,target=native -kernel "$1" </dev/null
