#!/bin/bash
# The peers and this project, on Neo4j and embedded, in the same rounds. Run it on an idle machine, from a set-up checkout.
# usage: NEO4J_LIBS=<folder with 5.26.30/*.jar> benchmarks/peers/run.sh SCRATCH_DIR
#   PEERS        the peer benchmark (default ../shared/peers)       PG_BIN  directory of initdb and pg_ctl (PostgreSQL 15)
#   EVENTS       deskdrop.csv.gz (default ../shared/data/...)       SKIP    parts to leave out (default "p2 raw")
#   REPS, SECS   repetitions and seconds of each cell (default 3, 3)
# Everything it makes is in SCRATCH_DIR, which PostgreSQL's user must be able to reach; the tables are in SCRATCH_DIR/results.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
peers=${PEERS:-$root/../shared/peers}
export EVENTS=${EVENTS:-$root/../shared/data/deskdrop.csv.gz} BENCH_HOME=${1:?where to work}
export SKIP=${SKIP-"p2 raw"} NEO4J_LIBS=${NEO4J_LIBS:?folder with one folder of Neo4j jars per version}
export PG_BIN=${PG_BIN:-$(ls -d /usr/lib/postgresql/15/bin)}
mkdir -p "$BENCH_HOME"; chmod o+x "$BENCH_HOME"
rm -rf "$BENCH_HOME/suite"; cp -r "$peers" "$BENCH_HOME/suite"; chmod -R u+w "$BENCH_HOME/suite"
export NEO4J_START=$BENCH_HOME/suite/start_neo4j.sh

# The suite has room for one product; the embedded engine is a second one, served and loaded by the same two commands.
embedded=$BENCH_HOME/embedded_peer.json
sed -e 's/Sociograph on Neo4j/Sociograph embedded/' -e 's/:4111/:4112/' "$root/benchmarks/peers/product.json" > "$embedded"
sed -i "s|^rm -f \"\$OUT/times.jsonl\"|peers+=('$embedded')\n&|" "$BENCH_HOME/suite/run_all.sh"
grep -q embedded_peer.json "$BENCH_HOME/suite/run_all.sh" || { echo "run_all.sh has changed: cannot add the embedded engine"; exit 1; }

PRODUCT_PEER=$root/benchmarks/peers/product.json PRODUCT_URL=http://127.0.0.1:4111 \
PRODUCT_CMD=$root/benchmarks/peers/serve.sh \
PRODUCT_LOAD="cd $root && .venv/bin/python -m benchmarks.peers.load \$WORK_DIR/events.jsonl 4111 4112" \
exec "$BENCH_HOME/suite/run_all.sh"
