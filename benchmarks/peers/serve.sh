#!/bin/bash
# Starts this project twice: on the Neo4j at $BOLT_URL (port 4111) and on its embedded engine (port 4112, data in $BENCH_HOME/embedded).
set -u
sociograph=$(cd "$(dirname "$0")/../.." && pwd)/.venv/bin/sociograph
pids=()
trap 'kill "${pids[@]}" 2>/dev/null; wait; exit 0' TERM INT EXIT
rm -rf "$BENCH_HOME/embedded" "$BENCH_HOME/on-neo4j"
SOCIOGRAPH_PORT=4111 SOCIOGRAPH_DATA=$BENCH_HOME/on-neo4j SOCIOGRAPH_NEO4J_URI=$BOLT_URL "$sociograph" serve & pids+=($!)
SOCIOGRAPH_PORT=4112 SOCIOGRAPH_DATA=$BENCH_HOME/embedded "$sociograph" serve & pids+=($!)
wait
