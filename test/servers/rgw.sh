#!/usr/bin/env bash
# rgw.sh PORT: Ceph's S3 gateway on 127.0.0.1:PORT over one monitor and one OSD in memory. Unpacks Debian's packages into
# the user's cache where they are missing (600 MB) and runs them there, in namespaces of their own: nothing is installed on
# the machine. Prints its address when it answers and serves until its standard input ends, which ends all of its daemons.
# Keys testkey and testsecret; storage classes STANDARD, STANDARD_IA and GLACIER.
# Needs root, and Linux with apt-get and a Debian mirror set up.
set -euo pipefail

# Ceph 20.2 is what Debian's "forky" has; 18 and 16 of the releases before lack conditional writes.
suite=forky
cache=${XDG_CACHE_HOME:-$HOME/.cache}/dipper-servers
root=$cache/rgw-$suite

fail() { echo "rgw.sh: $*" >&2; exit 1; }

debian_mirror() {
  {
    apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Origin: Debian' 2>/dev/null
    # Before the machine's first apt-get update there are no index targets.
    awk '/^URIs:/ { print $2 } /^deb / { print $2 }' /etc/apt/sources.list /etc/apt/sources.list.d/* 2>/dev/null
  } | grep -E '/debian/?$' | head -n 1 || true
}

install() {
  [[ -e $root/complete ]] && return
  local work mirror
  mirror=$(debian_mirror)
  [[ -n $mirror ]] || fail 'no Debian mirror is set up on this machine'
  rm -rf "$root"
  mkdir -p "$root"/{proc,dev,run,tmp}
  work=$(mktemp -d "$cache/apt.XXXXXX")
  mkdir -p "$work"/{lists/partial,cache/archives/partial}
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$work/sources.list"
  : >"$work/status"
  # Apt with a state of its own: it takes the machine to be empty, so that every library comes too.
  local apt=(apt-get -qq -o "Dir::Etc::sourcelist=$work/sources.list" -o Dir::Etc::sourceparts=/dev/null
    -o "Dir::State::lists=$work/lists" -o "Dir::State::status=$work/status" -o "Dir::Cache=$work/cache"
    -o APT::Sandbox::User=root -o APT::Install-Recommends=false -o Debug::NoLocking=1)
  "${apt[@]}" update >&2
  "${apt[@]}" --yes --download-only install base-files bash coreutils dash libc-bin mount curl \
    radosgw ceph-mon ceph-osd ceph-common >"$work/log" 2>&1 || { tail -n 20 "$work/log" >&2; fail 'the download failed'; }
  local package
  for package in "$work"/cache/archives/*.deb; do dpkg-deb --extract "$package" "$root"; done
  [[ -e $root/bin/sh ]] || ln -s dash "$root/usr/bin/sh"
  rm -rf "$work"
  touch "$root/complete"
}

# In the chroot, as the first process of its namespace: what it starts ends with it.
serve() {
  local port=$1 folder=/run/ceph key=/run/ceph/keyring monitor_port cluster osd class
  mount -t proc proc /proc
  mount -t tmpfs tmpfs /run
  mkdir -p $folder/{monitor,osd,sockets}
  monitor_port=$(free_port)
  cluster=$(cat /proc/sys/kernel/random/uuid)
  osd=$(cat /proc/sys/kernel/random/uuid)
  cat >$folder/ceph.conf <<CONF
[global]
fsid = $cluster
mon host = v1:127.0.0.1:$monitor_port
mon initial members = a
ms bind ipv6 = false
ms bind msgr2 = false
public addr = 127.0.0.1
cluster addr = 127.0.0.1
keyring = $key
run dir = $folder/sockets
admin socket = $folder/sockets/\$name.\$pid.asok
log file = $folder/\$name.log
crash dir = $folder
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 8
osd crush chooseleaf type = 0
mon allow pool size one = true
mon osd min down reporters = 1
mon data avail crit = 1
mon max pg per osd = 1000
paxos propose interval = 0.02
paxos min wait = 0.01
osd objectstore = memstore
memstore device bytes = 4294967296
osd class load list = *
osd class default list = *
[mon.a]
mon data = $folder/monitor
[osd.0]
osd data = $folder/osd
[client.rgw]
rgw frontends = beast endpoint=127.0.0.1:$port tcp_nodelay=1
rgw dns name = localhost
rgw enable usage log = false
rgw enable ops log = false
rgw run sync thread = false
CONF
  export CEPH_CONF=$folder/ceph.conf
  trap "tail -n 20 $folder/log >&2" ERR
  {
    ceph-authtool -C $key --gen-key -n mon. --cap mon 'allow *'
    ceph-authtool $key --gen-key -n client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
    ceph-authtool $key --gen-key -n client.rgw --cap mon 'allow *' --cap osd 'allow *'
    ceph-authtool $key --gen-key -n osd.0 --cap mon 'allow profile osd' --cap osd 'allow *'
    monmaptool --create --addv a "[v1:127.0.0.1:$monitor_port]" --fsid "$cluster" $folder/monmap
    ceph-mon --mkfs -i a --monmap $folder/monmap --keyring $key
    ceph-mon -i a -f </dev/null &
    timeout 60 ceph osd new "$osd"
    ceph-osd -i 0 --mkfs --osd-uuid "$osd"
    ceph-osd -i 0 -f </dev/null &
    timeout 60 radosgw-admin user create --uid test --display-name test --access-key testkey --secret-key testsecret
    for class in STANDARD_IA GLACIER; do
      timeout 60 radosgw-admin zonegroup placement add --rgw-zonegroup default --placement-id default-placement \
        --storage-class $class
      timeout 60 radosgw-admin zone placement add --rgw-zone default --placement-id default-placement \
        --storage-class $class --data-pool default.rgw.buckets.data
    done
    radosgw -n client.rgw -f </dev/null &
  } >$folder/log 2>&1
  trap - ERR
  for _ in $(seq 300); do
    if curl -sf --noproxy '*' -m 2 -o /dev/null "http://127.0.0.1:$port/"; then
      echo "http://127.0.0.1:$port"
      cat >/dev/null
      return
    fi
    sleep 0.2
  done
  tail -n 20 $folder/log >&2
  fail 'the gateway does not answer'
}

free_port() {
  local port
  while :; do
    port=$((20000 + RANDOM % 10000))
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
  done
  echo "$port"
}

if [[ ${1:-} == serve ]]; then
  serve "$2"
  exit 0
fi
port=${1:?a port}
[[ $(uname -s) == Linux ]] && command -v apt-get dpkg-deb unshare >/dev/null || fail 'runs on Linux with apt-get only'
[[ $(id -u) == 0 ]] || fail 'needs root: it runs in a chroot with namespaces of its own'
mkdir -p "$cache"
exec 9>"$cache/rgw.lock"
flock 9
install
# Another may be running with it: replaced as a whole, never written over.
cp "${BASH_SOURCE[0]}" "$root/.rgw.sh.$$"
mv "$root/.rgw.sh.$$" "$root/rgw.sh"
exec 9>&-
exec unshare --mount --pid --fork --kill-child bash -c 'mount --rbind /dev "$0/dev" && exec chroot "$0" /usr/bin/env -i \
  PATH=/usr/bin:/usr/sbin:/bin:/sbin HOME=/tmp LC_ALL=C.UTF-8 /bin/bash /rgw.sh serve "$1"' "$root" "$port"
