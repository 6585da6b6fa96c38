# What the scripts of servers that are one process share; sourced, after `port` is set. Sets `cache`, `endpoint`, `folder`.
set -euo pipefail

cache=${XDG_CACHE_HOME:-$HOME/.cache}/dipper-servers
endpoint=http://127.0.0.1:$port
folder=''
server=''

fail() { echo "${0##*/}: $*" >&2; exit 1; }

[[ $(uname -s) == Linux ]] || fail 'runs on Linux only'
mkdir -p "$cache"

# locked NAME COMMAND: of several that start at once, one installs and the others wait for it.
locked() {
  exec 9>"$cache/$1.lock"
  flock 9
  "$2"
  exec 9>&-
}

finish() {
  [[ -z $server ]] || kill -9 "$server" 2>/dev/null || true
  rm -rf "$folder"
}

# make_folder NAME...: a folder that is removed at the end, with folders of these names in it.
make_folder() {
  folder=$(mktemp -d)
  trap finish EXIT
  trap 'exit 1' INT TERM
  local name
  for name; do mkdir "$folder/$name"; done
}

# serve ANSWERS COMMAND...: runs the server, prints its address once ANSWERS succeeds, and ends it with standard input.
serve() {
  local answers=$1
  shift
  "$@" </dev/null >"$folder/log" 2>&1 &
  server=$!
  for _ in $(seq 300); do
    kill -0 "$server" 2>/dev/null || break
    if "$answers"; then
      echo "$endpoint"
      cat >/dev/null
      exit 0
    fi
    sleep 0.2
  done
  tail -n 20 "$folder/log" >&2
  fail 'does not answer'
}
