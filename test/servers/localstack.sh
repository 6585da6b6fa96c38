#!/usr/bin/env bash
# localstack.sh PORT: LocalStack's S3 on 127.0.0.1:PORT, without Docker. Installs it into the user's cache where it is
# missing (180 MB), prints its address when it answers, and serves until its standard input ends. Any keys do.
# Needs Linux, curl and Python 3.13 (PYTHON names one that is not in PATH).
port=${1:?a port}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/one-process.sh"
venv=$cache/localstack
requirements=$here/localstack-requirements.txt

install() {
  if cmp -s "$requirements" "$venv/installed.txt"; then return; fi
  local python='' candidate
  for candidate in ${PYTHON:+"$PYTHON"} python3.13 python3 "$HOME"/.pyenv/versions/3.13.*/bin/python3; do
    if "$candidate" -c 'import ssl, sys, venv; sys.exit(sys.version_info[:2] != (3, 13))' 2>/dev/null; then
      python=$candidate
      break
    fi
  done
  [[ -n $python ]] || fail 'needs Python 3.13; name it with PYTHON='
  rm -rf "$venv"
  "$python" -m venv "$venv"
  # The list is whole: without --no-deps the newest of everything would come, which 4.14 does not work with.
  "$venv/bin/pip" install --quiet --disable-pip-version-check --no-input --no-deps --only-binary :all: -r "$requirements" >&2
  "$venv/bin/python" -c 'import localstack.services.s3.provider' || fail 'what was installed does not load'
  cp "$requirements" "$venv/installed.txt"
}

answers() {
  curl -sf --noproxy '*' -m 2 "$endpoint/_localstack/health" 2>/dev/null | grep -Eq '"s3": "(running|available)"'
}

locked localstack install
make_folder data temporary
# All files below the folder, even in a container; no telemetry, no certificate from its makers, no DNS server.
serve answers env -C "$folder" -u TMPDIR TEMP="$folder/temporary" XDG_CACHE_HOME="$folder/data" FILESYSTEM_ROOT="$folder/data" \
  OVERRIDE_IN_DOCKER=0 SERVICES=s3 EAGER_SERVICE_LOADING=1 GATEWAY_SERVER=twisted GATEWAY_LISTEN="127.0.0.1:$port" \
  DNS_ADDRESS=0 SKIP_SSL_CERT_DOWNLOAD=1 DISABLE_EVENTS=1 PYTHONWARNINGS=ignore \
  "$venv/bin/python" "$here/localstack_main.py"
