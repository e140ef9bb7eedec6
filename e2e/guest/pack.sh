#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Packs what every guest of the kernel matrix needs into one initramfs: busybox, the JDK's runtime, the jars of
# this build, libbpf, openssl, the peers, the loader. Every file keeps its path and time: the class archive of the build
# is valid only for the very files it was made from.
#
# usage: pack.sh ARCHIVE JAVA_HOME SETTINGS PROGRAMS JARS...
#   PROGRAMS  a folder with shunt-load, shunt-peers, try-connect, *.bpf.o and cases
set -euo pipefail
PATH=$PATH:/usr/sbin:/sbin
archive=$1 java_home=$2 settings=$3 programs=$4
shift 4
here=$(cd "${BASH_SOURCE[0]%/*}" && pwd)
stage=$(mktemp -d "${archive%/*}/stage.XXXXXX")
trap 'rm -rf "$stage"' EXIT

keep() { # keep FILE...: at its own path, links followed
  tar -C / --create --dereference -- "${@#/}" | tar -x -C "$stage"
}

libraries_of() {
  { ldd "$@" 2>/dev/null || true; } \
    | awk -v own="$java_home/" '$2 == "=>" { $1 = $3 } $1 ~ /^\/[^:]*$/ && index($1, own) != 1 { print $1 }' \
    | sort -u
}

mkdir -p "$stage"/{bin,guest,modules,tmp,etc}
mkdir -p "$stage/usr/lib64"
cp -L "$(command -v busybox)" "$stage/bin/busybox"
install -m 755 "$here/init" "$stage/init"
cp "$here/matrix.sh" "$programs"/{shunt-load,shunt-peers,try-connect,cases} "$programs"/*.bpf.o "$stage/guest/"
cp "$settings" "$stage/guest/settings"
printf '127.0.0.1 localhost\n::1 localhost\n' >"$stage/etc/hosts"
printf 'root:x:0:0:root:/root:/bin/sh\n' >"$stage/etc/passwd"

runtime=("$java_home"/bin/java "$java_home"/conf)
for name in modules server jvm.cfg security tzdb.dat jspawnhelper \
  lib{java,jimage,jli,jsig,management,management_ext,net,nio,extnet,verify,zip,instrument}.so; do
  [[ -e $java_home/lib/$name ]] && runtime+=("$java_home/lib/$name")
done
[[ -e $java_home/release ]] && runtime+=("$java_home/release")
keep "${runtime[@]}" "$@"

# To the end of the list: a reader that leaves early fails the pipe.
library_named() { ldconfig -p | awk -v name="$1" '$1 == name && !path { path = $NF } END { print path }'; }

libbpf=$(library_named libbpf.so.1)
ip=$(readlink -f "$(command -v ip)")
openssl=$(readlink -f "$(command -v openssl)")
mapfile -t needed < <(libraries_of "$java_home"/bin/java "$java_home"/lib/{libjli,libnet,libnio,libzip}.so \
  "$java_home"/lib/server/libjvm.so "$libbpf" "$ip" "$openssl")
keep "$libbpf" "$openssl" "${needed[@]}"
mkdir -p "$stage/usr/sbin" && cp -L "$ip" "$stage/usr/sbin/ip"
# Libraries that the JVM loads by name.
for library in libgcc_s.so.1 libdl.so.2 libpthread.so.0 librt.so.1; do
  path=$(library_named "$library")
  [[ -z $path ]] || keep "$path"
done
(cd "$stage" && find . -print0 | cpio --null --quiet --create --format=newc --owner=0:0) >"$archive.new"
mv "$archive.new" "$archive"
