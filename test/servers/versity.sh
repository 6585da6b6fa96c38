#!/usr/bin/env bash
# versity.sh PORT: Versity's S3 gateway on 127.0.0.1:PORT over a folder that is removed at the end. Builds it into the
# user's cache where it is missing (60 MB; some three minutes of two cores), prints its address when it answers, and serves
# until its standard input ends. Keys testkey and testsecret.
# Needs Linux, curl and Go 1.26.
port=${1:?a port}
source "$(dirname "${BASH_SOURCE[0]}")/one-process.sh"
version=v1.8.0
program=$cache/versitygw-$version

install() {
  if [[ -x $program ]]; then return; fi
  command -v go >/dev/null || fail 'needs Go'
  local work
  work=$(mktemp -d "$cache/go.XXXXXX")
  GOBIN=$work timeout 900 go install -trimpath -ldflags='-s -w' "github.com/versity/versitygw/cmd/versitygw@$version" \
    >"$work/log" 2>&1 || { cp "$work/log" "$cache/versity.log"; rm -rf "$work"; fail 'Go could not build it'; }
  mv "$work/versitygw" "$program"
  rm -rf "$work"
}

answers() {
  curl -s --noproxy '*' -m 2 -o /dev/null "$endpoint/"
}

locked versity install
make_folder objects versions
# It keeps what it knows of objects in extended attributes, which the file system has to have.
serve answers "$program" --port "127.0.0.1:$port" --access testkey --secret testsecret --quiet --keep-alive \
  posix --versioning-dir "$folder/versions" "$folder/objects"
