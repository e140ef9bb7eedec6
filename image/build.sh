#!/usr/bin/env bash
# Builds the container image from a build of Shunt and from Debian packages, without a container
# engine and without a base image; `./shunt image` calls it.
#
#   image/build.sh ROOTFS|TAR BUILD ARCH OUTPUT
#
# BUILD is a folder with jars, the order of the class path (jars), the coordinates of the libraries
# (libraries) and JVM settings (jvm/). TAR writes an OCI image layout, ROOTFS only the file system.
#
# What is in it, and in which layer, so that an upgrade of Shunt transfers the last one only:
#   1 C library, libbpf and what they need; a shell, for the entry point and `kubectl exec`
#   2 a Java runtime with the modules that Shunt uses
#   3 libraries (jars)
#   4 Shunt itself, its shared class archive, the bill of materials
set -euo pipefail
export LC_ALL=C TZ=UTC

readonly HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
# Everything has this time, that of the pom: the same sources and packages give the same layers, but for
# the class archive, which the JVM writes differently each time.
readonly EPOCH=1767225600 CREATED=2026-01-01T00:00:00Z
readonly USER_ID=65532 # not root, and no user of any distribution
readonly -a MODULES=(
  java.base
  java.logging java.xml java.naming # logback
  java.management jdk.management    # JVM metrics
  java.net.http jdk.httpserver      # the API server's client of `uninstall`; metrics and probes
  java.sql                          # Gson's adapters, loaded when there
  jdk.crypto.ec jdk.unsupported     # TLS; Netty, JNR and Protobuf
  jdk.attach                        # JVMs are asked for the names of their methods
)
# "a|b": the first of these that the distribution has.
readonly -a PACKAGES=(libc6 libgcc-s1 libstdc++6 zlib1g libzstd1 libbpf1 "libelf1t64|libelf1" dash)

die() {
  printf 'shunt: image: %s\n' "$*" >&2
  exit 3
}

say() { printf 'shunt: image: %s\n' "$*" >&2; }

# ------------------------------------------------------------------------------------- packages

# apt with an architecture and folders of its own: the host's configuration stays as it is.
apt() {
  local tool=$1
  shift
  "$tool" -q -q -o APT::Architecture="$arch" -o APT::Architectures="$arch" \
    -o APT::Sandbox::User="$(id -un)" -o Dir::State="$cache/state" -o Dir::Cache="$cache/apt" \
    -o Dir::State::status=/dev/null "$@"
}

known() {
  local name
  for name in ${1//|/ }; do
    if [[ -n $(apt apt-cache show --no-all-versions "$name" 2>/dev/null) ]]; then
      printf '%s' "$name"
      return
    fi
  done
  die "no package ${1//|/ or } for $arch in this host's package sources"
}

fetch_packages() {
  local package
  mkdir -p "$cache"/{state/lists/partial,apt/archives/partial,debs}
  say "fetching the package lists of $arch"
  apt apt-get update >&2 || die "apt-get update for $arch failed; connect this host to its package sources"
  names=()
  for package in "${PACKAGES[@]}" "openjdk-$java_version-jdk-headless"; do
    names+=("$(known "$package")")
  done
  say "fetching ${names[*]}"
  # In a folder of its own, so that what is there is exactly what was asked for.
  rm -rf "$work/debs"
  mkdir "$work/debs"
  for package in "${names[@]}"; do
    fetch_package "$package"
  done
}

# Takes a package of the wanted version from the cache when it is there.
fetch_package() {
  local version file
  version=$(apt apt-cache show --no-all-versions "$1" | sed -n 's/^Version: //p' | head -n 1)
  file=$cache/debs/${1}_${version//:/%3a}_$arch.deb
  if [[ ! -e $file ]]; then
    rm -f "$cache/debs/${1}"_*
    (cd "$cache/debs" && apt apt-get download "$1" >&2) || die "apt-get download $1:$arch failed"
    [[ -e $file ]] || die "apt-get download $1 gave another file than $file"
  fi
  ln "$file" "$work/debs/" 2>/dev/null || cp "$file" "$work/debs/"
}

unpack_packages() {
  local file
  mkdir -p "$work/all/usr/"{bin,lib,lib64,sbin}
  # Merged /usr, whether the packages are that far or not.
  ln -sfn usr/bin "$work/all/bin"
  ln -sfn usr/sbin "$work/all/sbin"
  ln -sfn usr/lib "$work/all/lib"
  ln -sfn usr/lib64 "$work/all/lib64"
  for file in "$work"/debs/*.deb; do
    dpkg-deb --fsys-tarfile "$file" | tar -x --keep-directory-symlink --no-same-owner -C "$work/all"
  done
}

# ------------------------------------------------------------------------------------------ files

make_root() {
  mkdir -p "$root"/{etc,proc,sys,dev,run,tmp,var/lib,usr/bin,usr/lib64,opt/shunt,usr/share/doc}
  mkdir -p "$root/usr/lib/$triplet"
  ln -s usr/bin "$root/bin"
  ln -s usr/lib "$root/lib"
  ln -s usr/lib64 "$root/lib64"
  chmod 1777 "$root/tmp"
  printf 'root:x:0:0:root:/:/bin/sh\nshunt:x:%d:%d:shunt:/:/bin/sh\n' $USER_ID $USER_ID >"$root/etc/passwd"
  printf 'root:x:0:\nshunt:x:%d:\n' $USER_ID >"$root/etc/group"
  printf 'hosts: files dns\n' >"$root/etc/nsswitch.conf"
  install -m 755 "$work/all/usr/bin/dash" "$root/usr/bin/sh"
  install -m 755 "$HERE/shunt.sh" "$root/usr/bin/shunt"
  local library
  # The native libraries inside jars name the old parts of the C library.
  for library in libbpf.so.1 libdl.so.2 libpthread.so.0 librt.so.1; do
    copy_library "$library"
  done
}

link_runtime() {
  local jmods
  jmods=$(echo "$work"/all/usr/lib/jvm/*/jmods)
  [[ -d $jmods ]] || die "no jmods in openjdk-$java_version-jdk-headless"
  say "linking a Java runtime of ${#MODULES[@]} modules"
  "$java_home/bin/jlink" --module-path "$jmods" --add-modules "$(IFS=, && echo "${MODULES[*]}")" \
    --strip-java-debug-attributes --no-header-files --no-man-pages --output "$root/opt/shunt/jre" \
    || die "jlink failed"
  rm -f "$root/opt/shunt/jre/lib/security/cacerts" # a link to a package that is not here
}

# Copies a library and, in turn, those that it names.
copy_library() {
  local name=$1 file
  [[ -e $root/usr/lib/$triplet/$name || -e $root/usr/lib64/$name || -e $root/usr/lib/$name ]] && return
  file=$(find "$work/all/usr/lib/$triplet" "$work/all/usr/lib64" "$work/all/usr/lib" \
    -maxdepth 1 -name "$name" -print -quit 2>/dev/null || true)
  [[ -n $file ]] || die "no $name in ${PACKAGES[*]}"
  case $name in
    # Programs name their loader by this path (System V ABI of each architecture).
    ld-linux-x86-64.so.2) install -m 755 "$file" "$root/usr/lib64/$name" ;;
    ld-linux-aarch64.so.1) install -m 755 "$file" "$root/usr/lib/$name" ;;
    *) install -m 644 "$file" "$root/usr/lib/$triplet/$name" ;;
  esac
  copy_needed "$file"
}

copy_needed() {
  local name
  while read -r name; do
    # The runtime's own libraries find each other beside themselves.
    [[ -n $(find "$root/opt/shunt/jre/lib" -name "$name" -print -quit 2>/dev/null) ]] || copy_library "$name"
  done < <(llvm-readelf -d "$1" 2>/dev/null | sed -n 's/.*(NEEDED).*\[\(.*\)\].*/\1/p')
}

copy_all_needed() {
  local file
  copy_needed "$root/usr/bin/sh"
  while read -r file; do
    copy_needed "$file"
  done < <(find "$root/opt/shunt/jre" -type f \( -name '*.so' -o -path '*/bin/*' \) | sort)
}

# The jars of the build but those of demo, bench and verify.
copy_jars() {
  local jar
  mkdir -p "$root/opt/shunt"/{lib,app}
  while read -r jar; do
    case $jar in
      e2e-* | HdrHistogram-*) ;;
      controller-* | proto-[0-9]* | bpf-[0-9]*) install -m 644 "$build/$jar" "$root/opt/shunt/app/$jar" && class_path+=("/opt/shunt/app/$jar") ;;
      *) install -m 644 "$build/$jar" "$root/opt/shunt/lib/$jar" && class_path+=("/opt/shunt/lib/$jar") ;;
    esac
  done <"$build/jars"
}

write_settings() {
  local kind joined
  joined=$(IFS=: && echo "${class_path[*]}")
  mkdir "$root/opt/shunt/jvm"
  for kind in node control-plane command; do
    {
      cat "$build/jvm/$kind"
      printf -- '-cp\n%s\n-XX:SharedArchiveFile=/opt/shunt/app/classes.jsa\n' "$joined"
    } >"$root/opt/shunt/jvm/$kind"
  done
}

copy_licences() {
  local package
  for package in "${names[@]}"; do
    [[ -e $work/all/usr/share/doc/$package/copyright ]] || continue
    install -D -m 644 "$work/all/usr/share/doc/$package/copyright" "$root/usr/share/doc/$package/copyright"
  done
  install -D -m 644 "$HERE/../LICENSE" "$root/usr/share/doc/shunt/LICENSE"
}

# ------------------------------------------------------------------------------- class archive

# Less than half the start-up time. Written by the image's own runtime, inside its file system, as
# the archive holds the paths and times of the jars; so only on a host of the image's architecture.
archive_classes() {
  local -a mapped=()
  ((EUID == 0)) || mapped=(--map-root-user)
  if [[ $arch != "$(dpkg --print-architecture)" ]]; then
    say "no shared class archive: this host cannot run programs of $arch; commands start slower"
    return
  elif ! unshare "${mapped[@]}" --mount true 2>/dev/null; then
    say "no shared class archive: no mounts are allowed here; commands start slower"
    return
  fi
  settle_times
  cat >"$work/archive" <<'SCRIPT'
set -e
mount -t proc proc "$1/proc" 2>/dev/null || mount --rbind /proc "$1/proc"
mount --rbind /dev "$1/dev"
exec chroot "$1" /bin/sh -c '
  java="/opt/shunt/jre/bin/java @/opt/shunt/jvm/command"
  $java -XX:DumpLoadedClassList=/tmp/version dev.shunt.ShuntMain version -o json
  $java -XX:DumpLoadedClassList=/tmp/rehearse dev.shunt.ShuntMain rehearse'
SCRIPT
  in_root >"$work/archive.log" 2>&1 || die_of_archive
  # Each line once: a lambda listed twice crashes the writer of JDK 17.0.15.
  awk '!seen[$0]++' "$root/tmp/version" "$root/tmp/rehearse" >"$root/tmp/classes"
  sed -i '/^  java=/,$d' "$work/archive"
  # Written with G1: only that stores the heap part, which the other collectors can read.
  cat >>"$work/archive" <<'SCRIPT'
  exec /opt/shunt/jre/bin/java @/opt/shunt/jvm/command -XX:-UseSerialGC -XX:+UseG1GC -Xshare:dump \
    -XX:SharedClassListFile=/tmp/classes -XX:SharedArchiveFile=/opt/shunt/app/classes.jsa'
SCRIPT
  in_root >>"$work/archive.log" 2>&1 || die_of_archive
  rm -f "$root"/tmp/{version,rehearse,classes}
  rm -rf "$root"/tmp/*
}

# In a mount namespace of its own; one of users too where this user may not mount.
in_root() { unshare "${mapped[@]}" --mount sh "$work/archive" "$root"; }

die_of_archive() {
  tail -n 15 "$work/archive.log" >&2
  die "the image's own Java runtime failed in it"
}

settle_times() { find "$root" -exec touch --no-dereference --date="@$EPOCH" {} +; }

# ------------------------------------------------------------------------------ bill of materials

# CycloneDX 1.5: Debian packages, Java libraries, Shunt.
write_bill() {
  local version=$1 name file component separator=""
  {
    printf '{\n "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,\n'
    printf ' "metadata": {"timestamp": "%s", "component": {"type": "container", "name": "shunt", "version": "%s"}},\n' \
      "$CREATED" "$version"
    printf ' "components": [\n'
    for file in "$work"/debs/*.deb; do
      component=$(debian_component "$file")
      printf '%s  %s' "$separator" "$component"
      separator=$',\n'
    done
    while read -r name; do
      component=$(java_component "$name")
      printf '%s  %s' "$separator" "$component"
    done < <(libraries)
    printf '\n ]\n}\n'
  } >"$root/opt/shunt/app/sbom.cdx.json"
}

debian_component() {
  local name version
  name=$(dpkg-deb -f "$1" Package)
  version=$(dpkg-deb -f "$1" Version)
  printf '{"type": "library", "name": "%s", "version": "%s", "purl": "pkg:deb/debian/%s@%s?arch=%s", "hashes": [{"alg": "SHA-256", "content": "%s"}]}' \
    "$name" "$version" "${name//+/%2B}" "${version//+/%2B}" "$arch" "$(sha256 "$1")"
}

# GROUP:ARTIFACT:jar[:CLASSIFIER]:VERSION:SCOPE, as Maven lists them.
java_component() {
  local group artifact type classifier version scope extra="" file
  IFS=: read -r group artifact type classifier version scope <<<"$1"
  if [[ -z $scope ]]; then
    scope=$version version=$classifier classifier=""
  fi
  file=$root/opt/shunt/lib/$artifact-$version${classifier:+-$classifier}.$type
  [[ -e $file ]] || die "no $file, which Maven lists as $1"
  [[ -n $classifier ]] && extra="?classifier=$classifier"
  printf '{"type": "library", "group": "%s", "name": "%s", "version": "%s", "purl": "pkg:maven/%s/%s@%s%s", "hashes": [{"alg": "SHA-256", "content": "%s"}]}' \
    "$group" "$artifact" "$version" "$group" "$artifact" "$version" "$extra" "$(sha256 "$file")"
}

libraries() { sed -n 's/^ *\([^ :]*:[^ :]*:jar:[^ ]*\).*/\1/p' "$build/libraries" | grep -v ':HdrHistogram:' | sort; }

sha256() {
  local sum
  sum=$(sha256sum "$1")
  printf '%s' "${sum%% *}"
}

# ----------------------------------------------------------------------------------------- layout

# Adds a layer of the named paths of the file system.
add_layer() {
  local what=$1 file=$work/layer.tar
  shift
  tar --sort=name --mtime="@$EPOCH" --owner=0 --group=0 --numeric-owner --format=gnu \
    -C "$root" -cf "$file" "$@"
  diff_ids+=("\"sha256:$(sha256 "$file")\"")
  history+=("{\"created\": \"$CREATED\", \"created_by\": \"$what\"}")
  gzip -n -6 "$file"
  layers+=("$(descriptor application/vnd.oci.image.layer.v1.tar+gzip "$file.gz")")
}

# Moves a file among the blobs and describes it.
descriptor() {
  local sum size
  sum=$(sha256 "$2")
  size=$(stat -c %s "$2")
  mv "$2" "$layout/blobs/sha256/$sum"
  printf '{"mediaType": "%s", "digest": "sha256:%s", "size": %d}' "$1" "$sum" "$size"
}

joined() {
  local IFS=,
  printf '%s' "$*"
}

write_layout() {
  local version=$1 config manifest
  local -a diff_ids=() history=() layers=()
  mkdir -p "$layout/blobs/sha256"
  add_layer "Debian packages: C library, libbpf, shell" \
    --exclude=./opt/shunt/jre --exclude=./opt/shunt/lib --exclude=./opt/shunt/app --exclude=./opt/shunt/jvm .
  add_layer "Java runtime" ./opt/shunt/jre
  add_layer "Java libraries" ./opt/shunt/lib
  add_layer "Shunt" ./opt/shunt/app ./opt/shunt/jvm
  cat >"$work/config" <<JSON
{"created": "$CREATED", "architecture": "$arch", "os": "linux",
 "config": {"User": "$USER_ID:$USER_ID", "Entrypoint": ["/usr/bin/shunt"], "WorkingDir": "/",
  "Env": ["PATH=/usr/bin", "LANG=C.UTF-8", "MALLOC_ARENA_MAX=2"],
  "Labels": {"org.opencontainers.image.title": "shunt", "org.opencontainers.image.version": "$version",
   "org.opencontainers.image.licenses": "Apache-2.0"}},
 "rootfs": {"type": "layers", "diff_ids": [$(joined "${diff_ids[@]}")]},
 "history": [$(joined "${history[@]}")]}
JSON
  config=$(descriptor application/vnd.oci.image.config.v1+json "$work/config")
  printf '{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": %s, "layers": [%s]}\n' \
    "$config" "$(joined "${layers[@]}")" >"$work/manifest"
  manifest=$(descriptor application/vnd.oci.image.manifest.v1+json "$work/manifest")
  printf '{"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [%s, "platform": {"architecture": "%s", "os": "linux"}, "annotations": {"org.opencontainers.image.ref.name": "%s"}}]}\n' \
    "${manifest%\}}" "$arch" "$version" >"$layout/index.json"
  printf '{"imageLayoutVersion": "1.0.0"}\n' >"$layout/oci-layout"
}

# ------------------------------------------------------------------------------------------- main

main() {
  (($# == 4)) || die "usage: image/build.sh ROOTFS|TAR BUILD ARCH OUTPUT"
  local form=$1 build=$2 arch=$3 output=$4
  local triplet java_home java_version cache root layout version
  local -a class_path=() names=()
  case $arch in
    amd64) triplet=x86_64-linux-gnu ;;
    arm64) triplet=aarch64-linux-gnu ;;
    *) die "--arch: '$arch' (expected: amd64 or arm64)" ;;
  esac
  { read -r java_home && read -r java_version; } <"$build/java"
  cache=${XDG_CACHE_HOME:-$HOME/.cache}/shunt/image-$arch
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  root=$work/root layout=$work/layout
  version=$(sed -n 's/^controller-\(.*\)\.jar$/\1/p' "$build/jars")
  fetch_packages
  unpack_packages
  make_root
  link_runtime
  copy_all_needed
  copy_jars
  write_settings
  copy_licences
  archive_classes
  write_bill "$version"
  settle_times
  if [[ $form == ROOTFS ]]; then
    cp -a "$root" "$output"
    return
  fi
  say "packing"
  write_layout "$version"
  tar --sort=name --mtime="@$EPOCH" --owner=0 --group=0 --numeric-owner --format=gnu \
    -C "$layout" -cf "$work/image" .
  mv "$work/image" "$output"
  printf '%s\n' "$output: shunt:$version for linux/$arch, $(($(stat -c %s "$output") / 1048576)) MiB, $(du -sm "$root" | cut -f1) MiB unpacked, sha256 $(sha256 "$output")"
}

main "$@"
