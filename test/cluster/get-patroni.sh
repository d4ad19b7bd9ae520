#!/bin/sh
# Fetches Patroni from Debian's next release and puts it into a folder of its own, where the system's own is absent or too old. It is Python alone and
# runs on the system's modules. Nothing that is installed is touched, and no list of packages changes. As root; used by .ci/run and test/cluster.
set -eu
release=${1:-trixie}
place=/usr/local/lib/docket-patroni
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
mkdir -p "$work/lists/partial" "$work/archives/partial"
# The same mirror as the system's.
mirror=$(apt-get indextargets --format '$(SITE) $(ORIGIN)' 'Created-By: Packages' | awk '$2 == "Debian" && $1 !~ /security/ { print $1; exit }')
[ -n "$mirror" ] || { echo 'No mirror of Debian is set up here.'; exit 1; }
keyring=/usr/share/keyrings/debian-archive-keyring.gpg
echo "deb [signed-by=$keyring] $mirror $release main" > "$work/sources.list"
apt() {
  apt-get -qq -o Dir::Etc::sourcelist="$work/sources.list" -o Dir::Etc::sourceparts=/dev/null -o Dir::State::lists="$work/lists" \
    -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=root "$@"
}
apt update
cd "$work"
apt download patroni
rm -rf "$place"
dpkg -x patroni_*.deb "$place"
