#!/bin/busybox sh
# SPDX-License-Identifier: Apache-2.0
# What the kernel matrix does on one kernel, the same on the host and in a guest: load each program alone,
# start the real node, ask it for its hooks and its self-test, run each case on plain TCP and accelerated.
#
# usage: matrix.sh SETTINGS RESULTS
#   SETTINGS  a file of shell variables: NAME HOME_DIR CGROUP SHUNT PEERS TRY LOADER OBJECTS CASES METRICS_PORT IP
#   RESULTS   where the lines go, tab-separated: program, status, selftest, rule, trace, case, note, failed, end
settings=$1 results=$2
. "$settings"

emit() { printf '%s\n' "$*" >>"$results"; }
tab=$(printf '\t')
server=$NAME-s client=$NAME-c
pins=/sys/fs/bpf/$NAME
socket=$HOME_DIR/node.sock
node= tls_server=

in_server() { nsenter --net="/run/netns/$server" -- "$@"; }

uptime_s() { cut -d. -f1 /proc/uptime; }

clean_up() {
  if [ -n "$tls_server" ]; then
    kill "$tls_server" 2>/dev/null
    wait "$tls_server"
  fi
  if [ -n "$node" ]; then
    kill -TERM "$node" 2>/dev/null
    wait "$node"
  fi
  "$IP" netns delete "$server" 2>/dev/null
  "$IP" netns delete "$client" 2>/dev/null
  # a process that has just ended keeps its cgroup busy for a moment
  local tries=0
  while [ -d "$CGROUP" ] && [ "$tries" -lt 50 ]; do
    rmdir "$CGROUP"/fast/run-* "$CGROUP"/plain/run-* "$CGROUP"/fast "$CGROUP"/plain "$CGROUP" 2>/dev/null
    tries=$((tries + 1))
    [ ! -d "$CGROUP" ] || sleep 0.1
  done
  [ ! -d "$CGROUP" ] || emit "note${tab}cgroup $CGROUP left behind: $(cat "$CGROUP"/cgroup.procs "$CGROUP"/*/cgroup.procs | tr '\n' ' ')"
}

fail() {
  emit "failed${tab}$1"
  clean_up
  emit "end${tab}1"
  exit 0
}

make_namespaces() {
  local namespace
  for namespace in "$server" "$client"; do
    "$IP" netns add "$namespace" || return 1
    "$IP" -n "$namespace" link set lo up
  done
  "$IP" -n "$server" link add eth0 type veth peer name eth0 netns "$client" || return 1
  "$IP" -n "$server" address add 10.83.0.1/24 dev eth0
  "$IP" -n "$client" address add 10.83.0.2/24 dev eth0
  "$IP" -n "$server" address add fd53:686e:7470::1/64 dev eth0 nodad
  "$IP" -n "$client" address add fd53:686e:7470::2/64 dev eth0 nodad
  "$IP" -n "$server" link set eth0 up
  "$IP" -n "$client" link set eth0 up
  in_server sysctl -q -w net.ipv4.tcp_fastopen=3
}

policy() {
  cat <<END
apiVersion: shunt.dev/v1alpha1
kind: Acceleration
metadata:
  name: $1
spec:
  hostSelector:
    networkNamespace: $1
  mode: accelerate
  paths:
    samePod: true
    sameNode: true
END
}

# Denies by executable, destination and port, to the server's addresses and v4-mapped ones.
connect_policy() {
  cat <<END
apiVersion: shunt.dev/v1alpha1
kind: ClusterConnectPolicy
metadata:
  name: matrix
spec:
  hostSelector:
    executable: $TRY
  rules:
    - name: cut
      action: deny
      to: [10.83.0.1, "fd53:686e:7470::1"]
      ports: [4711]
END
}

start_node() {
  mkdir -p "$HOME_DIR/state" "$HOME_DIR/policies"
  connect_policy >"$HOME_DIR/policies/connect.yaml"
  policy "$server" >"$HOME_DIR/policies/server.yaml"
  policy "$client" >"$HOME_DIR/policies/client.yaml"
  $SHUNT node --cgroup "$CGROUP/fast" --netns "$server" --netns "$client" --pin-dir "$pins" \
    --socket "$socket" --state-dir "$HOME_DIR/state" --policy-dir "$HOME_DIR/policies" \
    --metrics-port "$METRICS_PORT" --on-stop drain >"$HOME_DIR/node.log" 2>&1 &
  node=$!
  local deadline=$(($(uptime_s) + 150))
  until [ "$(reading shunt_node_ready)" = 1 ]; do
    if ! kill -0 "$node" 2>/dev/null || [ "$(uptime_s)" -gt "$deadline" ]; then
      return 1
    fi
    sleep 0.5 # each look takes a guest some time
  done
}

# A client that is emulated on a busy machine may miss its deadline: asked again for a minute.
report_status() {
  local answer
  local deadline=$(($(uptime_s) + 60))
  until answer=$($SHUNT status --socket "$socket" -o json 2>"$HOME_DIR/status.err") || [ -n "$answer" ]; do
    if [ "$(uptime_s)" -gt "$deadline" ]; then
      emit "failed${tab}ask the node for its status failed: $(tr '\n\t' '| ' <"$HOME_DIR/status.err")"
      return
    fi
    sleep 1
  done
  emit "status${tab}$(echo "$answer" | one_line)"
}

metrics() { busybox wget -q -O - "http://127.0.0.1:$METRICS_PORT/metrics" 2>/dev/null; }

# The sum of all series of a metric.
reading() { metrics | awk -v name="$1" 'index($1, name) == 1 { sum += $2 } END { printf "%d", sum }'; }

# One line a try: HOW, ADDRESS:PORT, whether it must be denied, the errno.
try_rules() {
  local how address port
  local deadline=$(($(uptime_s) + 60))
  until [ "$(reading shunt_filter_rules)" -ge 1 ] || [ "$(uptime_s)" -gt "$deadline" ]; do
    sleep 0.2
  done
  for how in tcp-connect tcp-fastopen udp-connect udp-send mptcp-connect; do
    for address in 10.83.0.1 ::ffff:10.83.0.1 fd53:686e:7470::1; do
      for port in 4711 4712; do
        emit "rule${tab}$how${tab}$address $port${tab}$([ $port = 4711 ] && echo denied || echo allowed)${tab}$(
          echo "$how $address $port" \
            | sh -c 'echo 0 >"$0/cgroup.procs" && exec "$@"' "$CGROUP/fast" \
              nsenter --net="/run/netns/$client" -- timeout 20 "$TRY"
        )"
      done
    done
  done
  emit "hits${tab}$(reading shunt_filter_rule_denied_total)"
}

# Telemetry of modules that use all kinds of hooks, while a case runs on plain TCP over veth, the node is asked for
# its metrics, a JVM with a small heap collects, and two ends of OpenSSL shake hands and pass a request.
trace_modules() {
  local module each watched= deadline=$(($(uptime_s) + 300)) modules="connect rtt http http-tls jvm tls"
  mkfifo "$HOME_DIR/silence" # s_server hangs up at the end of its input
  nsenter --net="/run/netns/$client" -- \
    openssl s_server -nocert -psk 1a2b -accept 127.0.0.1:4433 -quiet <>"$HOME_DIR/silence" >"$HOME_DIR/openssl.log" 2>&1 &
  tls_server=$!
  for module in $modules; do
    local filter="--netns $client"
    [ "$module" = http ] && filter="--port $METRICS_PORT"
    [ "$module" = http-tls ] && filter="$filter --tls"
    [ "$module" = jvm ] && filter=
    [ "$module" = rtt ] && filter="$filter --interval 0.5"
    # shellcheck disable=SC2086 # several words
    $SHUNT trace "${module%-tls}" --socket "$socket" $filter -o ndjson \
      >"$HOME_DIR/trace-$module.json" 2>"$HOME_DIR/trace-$module.err" &
    watched="$watched $module:$!"
  done
  # one that no hook takes has ended
  for each in $watched; do
    until grep -q attached "$HOME_DIR/trace-${each%:*}.err" || ! kill -0 "${each#*:}" 2>/dev/null \
      || [ "$(uptime_s)" -gt "$deadline" ]; do
      sleep 0.5
    done
  done
  runs=trace
  run_case plain pingpong v4 nonblock cross >/dev/null
  metrics >/dev/null
  { printf 'GET /inside HTTP/1.1\r\nHost: a\r\n\r\n' && sleep 5; } | nsenter --net="/run/netns/$client" -- \
    timeout 60 openssl s_client -psk 1a2b -connect 127.0.0.1:4433 >>"$HOME_DIR/openssl.log" 2>&1
  JDK_JAVA_OPTIONS="$JDK_JAVA_OPTIONS -Xmn1m" $SHUNT status --socket "$socket" >/dev/null 2>&1
  deadline=$(($(uptime_s) + 30))
  for module in $modules; do
    until [ -s "$HOME_DIR/trace-$module.json" ] || [ "$(uptime_s)" -gt "$deadline" ]; do
      sleep 0.2
    done
  done
  for each in $watched; do
    kill "${each#*:}" 2>/dev/null
    wait "${each#*:}"
  done
  for module in $modules; do
    emit "trace${tab}$module${tab}$(sed -n 's/.*attached to \([^;]*\);.*/\1/p' "$HOME_DIR/trace-$module.err")${tab}$(
      wc -l <"$HOME_DIR/trace-$module.json"
    )"
  done
}

run_case() { # run_case KIND NAME FAMILY MODE ROUTE: prints the document
  local cgroup="$CGROUP/$1/run-$runs" options=
  if [ "$5" = cross ]; then
    options="--client-netns /run/netns/$client --listen 10.83.0.1:0"
    [ "$3" = v6 ] && options="--client-netns /run/netns/$client --listen [fd53:686e:7470::1]:0"
  fi
  mkdir "$cgroup" || return
  # shellcheck disable=SC2086 # options are several words
  sh -c 'echo 0 >"$0/cgroup.procs" && exec "$@"' "$cgroup" nsenter --net="/run/netns/$server" -- \
    timeout 120 "$PEERS" run "$2" --family "$3" "--$4" $options 2>>"$HOME_DIR/cases.err"
  rmdir "$cgroup" 2>/dev/null
}

run_cases() {
  local name mode route family expected plain fast before bytes
  runs=0
  while read -r name mode route family expected; do
    [ -n "$name" ] || continue
    runs=$((runs + 1))
    plain=$(run_case plain "$name" "$family" "$mode" "$route")
    before=$(reading shunt_redirected_bytes_total)
    fast=$(run_case fast "$name" "$family" "$mode" "$route")
    bytes=$(($(reading shunt_redirected_bytes_total) - before))
    emit "case${tab}$name${tab}$family/$mode/$route${tab}$expected${tab}$bytes${tab}$plain${tab}$fast"
  done <"$CASES"
}

trap 'clean_up; exit 1' INT TERM
one_line() { tr -d '\n\t'; }

mkdir -p "$HOME_DIR"
emit "kernel${tab}$(uname -r)"
for object in $OBJECTS; do
  "$LOADER" "$object" 2>>"$HOME_DIR/verifier.log" >>"$results" \
    || emit "failed${tab}load $object failed: $(tail -n 1 "$HOME_DIR/verifier.log")"
done
mkdir -p "$CGROUP/fast" "$CGROUP/plain" || fail "make cgroup $CGROUP failed"
make_namespaces || fail "make network namespaces failed"
start_node || fail "start node failed: $(tail -n 12 "$HOME_DIR/node.log" | tr '\n\t' '| ')"
emit "note${tab}node ready after $(uptime_s) s"
report_status
try_rules
trace_modules
[ -e "$CASES" ] && run_cases
clean_up
emit "end${tab}0"
