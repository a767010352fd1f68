#!/usr/bin/env bash
# `make fresh`: what a stranger does first. HEAD is cloned into an empty Debian 12 (debootstrap) that has Python with
# venv, pip, make and g++, and there `make demo` and `make test` run. Nothing of this machine is seen there: no cache, no
# package, no variable, but what it takes to reach the network (name servers, a proxy, a bundle of certificates).
#
# Needs root, for the root file system and its mounts. FRESH=FOLDER: where the Debian goes (default .cache/fresh);
# COMMANDS: what runs there (default "make demo;make test").
set -euo pipefail
cd "$(dirname "$0")/.."
source=$PWD
folder=$(realpath -m "${FRESH:-.cache/fresh}")
root=$folder/root
commands=${COMMANDS:-make demo;make test}

die() {
  echo "make fresh: $1" >&2
  exit 2
}
[ "$(uname)" = Linux ] || die "it needs Linux. Run it in a virtual machine or a container."
[ "$(id -u)" = 0 ] || die "it needs root to make an empty Debian. Run: sudo make fresh"
if ! command -v debootstrap >/dev/null; then
  command -v apt-get >/dev/null || die "debootstrap is missing. Install it with your package manager."
  { apt-get update -qq && apt-get install -y -qq --no-install-recommends debootstrap; } >/dev/null 2>&1 ||
    die "debootstrap is missing and cannot be installed. Install it with: apt-get install debootstrap"
fi
[ -z "$(git status --porcelain --untracked-files=no)" ] ||
  echo "make fresh: what is not committed is left out" >&2

# The Debian itself is made once and kept as an archive; every run unpacks a new one.
mkdir -p "$folder"
base=$folder/base.tar
if [ ! -f "$base" ]; then
  rm -rf "$root"
  debootstrap --variant=minbase --include=ca-certificates,python3,python3-venv,python3-pip,make,g++ \
    bookworm "$root" "${DEBIAN_MIRROR:-http://deb.debian.org/debian}" >"$folder/debootstrap.log" 2>&1 ||
    die "debootstrap failed; $folder/debootstrap.log says why. A mirror of your own: DEBIAN_MIRROR=ADDRESS"
  tar -C "$root" --one-file-system -cf "$base.part" . && mv "$base.part" "$base"
fi
rm -rf --one-file-system "$root"
mkdir "$root"
tar -C "$root" -xf "$base"

settings=(PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root TERM=dumb LANG=C.UTF-8)
for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
  [ -z "${!name:-}" ] || settings+=("$name=${!name}")
done
cp -L /etc/resolv.conf "$root/etc/resolv.conf"
# Debian's installer writes this, debootstrap does not.
printf '127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\n' >"$root/etc/hosts"
# A machine behind a proxy that signs with a certificate of its own trusts more than Debian does.
bundle=${SSL_CERT_FILE:-/etc/ssl/certs/ca-certificates.crt}
if [ -f "$bundle" ]; then
  cp -L "$bundle" "$root/etc/ssl/certs/ca-certificates.crt"
  settings+=(PIP_CERT=/etc/ssl/certs/ca-certificates.crt NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt)
fi
git clone -q --no-hardlinks "$source" "$root/irlens"

# In namespaces of its own, so that its mounts and processes end with it. $1 is the root, the rest a command.
inside='
set -e
root=$1 && shift
mount --make-rprivate /
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t tmpfs -o mode=755 tmpfs "$root/dev"
mkdir "$root/dev/pts" "$root/dev/shm"
for node in null zero full random urandom tty; do
  touch "$root/dev/$node" && mount --bind "/dev/$node" "$root/dev/$node"
done
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx" && ln -s /proc/self/fd "$root/dev/fd"
ln -s /proc/self/fd/0 "$root/dev/stdin" && ln -s /proc/self/fd/1 "$root/dev/stdout" && ln -s /proc/self/fd/2 "$root/dev/stderr"
exec chroot "$root" "$@"
'
failed=0
number=0
IFS=';' read -ra each <<<"$commands"
for command in "${each[@]}"; do
  number=$((number + 1))
  log=$folder/$number.log
  began=$SECONDS
  echo "== $command ($log)"
  unshare --mount --pid --fork --kill-child --uts --ipc bash -c "$inside" fresh "$root" \
    /usr/bin/env -i "${settings[@]}" sh -c "cd /irlens && $command" >"$log" 2>&1 </dev/null && code=0 || code=$?
  tail -n "${TAIL:-12}" "$log"
  echo "== $command: exit code $code, $((SECONDS - began)) s"
  [ "$code" = 0 ] || failed=1
done
exit "$failed"
