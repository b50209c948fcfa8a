#!/bin/bash
# The peers and this project, on Neo4j and embedded, in the same rounds. Run it on an idle machine, from a set-up checkout.
# usage: NEO4J_LIBS=<folder with 5.26.30/*.jar> benchmarks/peers/run.sh SCRATCH_DIR
#   PEERS        the peer benchmark (default ../shared/peers)       PG_BIN  directory of initdb and pg_ctl (PostgreSQL 15)
#   EVENTS       deskdrop.csv.gz (default ../shared/data/...)       SKIP    parts to leave out (default "p2 raw")
#   REPS, SECS   repetitions and seconds of each cell (default 3, 3)
#   WORKS        works to measure (default "W1 W2 W3 W4 W5")
# Everything it makes is in SCRATCH_DIR, which PostgreSQL's user must be able to reach; the tables are in SCRATCH_DIR/results.
set -eu
root=$(cd "$(dirname "$0")/../.." && pwd)
peers=${PEERS:-$root/../shared/peers}
export EVENTS=${EVENTS:-$root/../shared/data/deskdrop.csv.gz} BENCH_HOME=${1:?where to work}
export SKIP=${SKIP-"p2 raw"} NEO4J_LIBS=${NEO4J_LIBS:?folder with one folder of Neo4j jars per version}
export PG_BIN=${PG_BIN:-$(ls -d /usr/lib/postgresql/15/bin)}
export WORKS=${WORKS:-"W1 W2 W3 W4 W5"}
mkdir -p "$BENCH_HOME/results"; chmod o+x "$BENCH_HOME"
suite=$BENCH_HOME/suite
rm -rf "$suite"; cp -r "$peers" "$suite"; chmod -R u+w "$suite"
export NEO4J_START=$suite/start_neo4j.sh
changed() { echo "$1 has changed: cannot $2"; exit 1; }

# The suite has room for one product. The embedded engine is a second one, served and loaded by the same two commands,
# and W3 is asked in two more ways on each: with every feature and a score, and in columns.
more=()
for variant in product features columns; do
  sed -e 's/Sociograph on Neo4j/Sociograph embedded/' -e 's/:4111/:4112/' "$root/benchmarks/peers/$variant.json" > "$BENCH_HOME/embedded_$variant.json"
  [ "$variant" = product ] || more+=("'$root/benchmarks/peers/$variant.json'")
  more+=("'$BENCH_HOME/embedded_$variant.json'")
done
sed -i "s|^rm -f \"\$OUT/times.jsonl\"|peers+=(${more[*]})\n&|" "$suite/run_all.sh"
grep -q embedded_product.json "$suite/run_all.sh" || changed run_all.sh "add the embedded engine"

# Only the works asked for.
reads=$(for work in $WORKS; do case $work in W3|W4|W5) echo -n "$work ";; esac; done)
sed -i "s|\"\$WORK_DIR\" W3 W4 W5|\"\$WORK_DIR\" ${reads:-W1}|" "$suite/run_all.sh"
sed -i 's|^  for p in "\$@"; do|  [[ " $WORKS " == *" $w "* ]] \|\| exit 0\n&|' "$suite/time_all.sh"
grep -q 'WORKS' "$suite/time_all.sh" || changed time_all.sh "leave works out"

checked=$BENCH_HOME/results/sociograph_checks.jsonl
PRODUCT_PEER=$root/benchmarks/peers/product.json PRODUCT_URL=http://127.0.0.1:4111 \
PRODUCT_CMD=$root/benchmarks/peers/serve.sh \
PRODUCT_LOAD="cd $root && .venv/bin/python -m benchmarks.peers.load \$WORK_DIR 4111 4112 && .venv/bin/python -m benchmarks.peers.check \$WORK_DIR 4111 4112 | tee $checked" \
exec "$suite/run_all.sh"
