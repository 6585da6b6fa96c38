#!/usr/bin/env bash
# versity.sh PORT: Versity's S3 gateway on 127.0.0.1:PORT over a folder that is removed at the end. Builds it into the
# user's cache where it is missing (60 MB; some three minutes of two cores), prints its address when it answers, and serves
# until its standard input ends. Keys testkey and testsecret.
# Needs Linux, curl and Go 1.26.
set -euo pipefail

version=v1.8.0
port=${1:?a port}
cache=${XDG_CACHE_HOME:-$HOME/.cache}/dipper-servers
program=$cache/versitygw-$version
endpoint=http://127.0.0.1:$port

fail() { echo "versity.sh: $*" >&2; exit 1; }

[[ $(uname -s) == Linux ]] || fail 'runs on Linux only'
mkdir -p "$cache"
exec 9>"$cache/versity.lock"
flock 9
if [[ ! -x $program ]]; then
  command -v go >/dev/null || fail 'needs Go'
  work=$(mktemp -d "$cache/go.XXXXXX")
  GOBIN=$work timeout 900 go install -trimpath -ldflags='-s -w' "github.com/versity/versitygw/cmd/versitygw@$version" \
    >"$work/log" 2>&1 || { cp "$work/log" "$cache/versity.log"; rm -rf "$work"; fail 'Go could not build it'; }
  mv "$work/versitygw" "$program"
  rm -rf "$work"
fi
exec 9>&-

folder=$(mktemp -d)
mkdir "$folder/objects" "$folder/versions"
server=''
finish() {
  [[ -z $server ]] || kill -9 "$server" 2>/dev/null || true
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 1' INT TERM

# It keeps what it knows of objects in extended attributes, which the file system has to have.
"$program" --port "127.0.0.1:$port" --access testkey --secret testsecret --quiet --keep-alive \
  posix --versioning-dir "$folder/versions" "$folder/objects" \
  </dev/null >"$folder/log" 2>&1 &
server=$!
for _ in $(seq 300); do
  kill -0 "$server" 2>/dev/null || break
  if curl -s --noproxy '*' -m 2 -o /dev/null "$endpoint/"; then
    echo "$endpoint"
    cat >/dev/null
    exit 0
  fi
  sleep 0.2
done
tail -n 20 "$folder/log" >&2
fail 'does not answer'
