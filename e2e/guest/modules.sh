#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Takes the kernel and the modules that a guest needs out of a kernel package of the distribution.
#
# usage: modules.sh PACKAGE.deb OUTPUT    writes OUTPUT/vmlinuz and OUTPUT/modules.cpio
set -euo pipefail
package=$1 output=$2
# With what each needs before it; absent where the kernel has it built in or not at all.
wanted=(veth sch_ingress cls_bpf inet_diag tcp_diag)
work=$(mktemp -d "${output%/*}/unpack.XXXXXX")
trap 'rm -rf "$work"' EXIT
members=('./boot/vmlinuz-*')
for name in "${wanted[@]}"; do members+=("*/$name.ko*"); done
# tar fails for a module that the kernel does not have; a package without a kernel is found out below
dpkg-deb --fsys-tarfile "$package" | tar -x -C "$work" --wildcards "${members[@]}" 2>/dev/null || true
mkdir -p "$output" "$work/initrd/modules"
mv "$work"/boot/vmlinuz-* "$output/vmlinuz"
: >"$work/initrd/modules/order"
for name in "${wanted[@]}"; do
  found=$(find "$work" -name "$name.ko*" -print -quit)
  [[ -n $found ]] || continue
  case $found in
    *.xz) xz -dc "$found" >"$work/initrd/modules/$name.ko" ;;
    *.zst) zstd -qdc "$found" >"$work/initrd/modules/$name.ko" ;;
    *) cp "$found" "$work/initrd/modules/$name.ko" ;;
  esac
  echo "$name.ko" >>"$work/initrd/modules/order"
done
(cd "$work/initrd" && find . -print0 | cpio --null --quiet --create --format=newc --owner=0:0) >"$output/modules.cpio.new"
mv "$output/modules.cpio.new" "$output/modules.cpio"
