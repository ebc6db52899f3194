#!/usr/bin/env bash
# A Spark cluster on loopback for tests: a master, two workers, and a Connect server in front of them.
# Usage: spark_cluster.sh VENV MASTER_PORT CONNECT_PORT WORK_FOLDER; runs until it is killed, and takes all with it.
set -euo pipefail
venv=$1 master=$2 connect=$3 work=$4
export SPARK_LOCAL_IP=127.0.0.1 SPARK_LOCAL_DIRS="$work" SPARK_LOG_DIR="$work" SPARK_NO_DAEMONIZE=1
export SPARK_HOME="$("$venv/bin/python" -c 'import pathlib, pyspark; print(pathlib.Path(pyspark.__file__).parent)')"
export PYSPARK_PYTHON="$venv/bin/python"
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
trap 'exit 143' TERM
mkdir -p "$work"
class="$SPARK_HOME/bin/spark-class"
"$class" org.apache.spark.deploy.master.Master --host 127.0.0.1 --port "$master" --webui-port 0 &
for number in 1 2; do
    "$class" org.apache.spark.deploy.worker.Worker --host 127.0.0.1 --webui-port 0 --cores 1 --memory 2g \
        --work-dir "$work/worker-$number" "spark://127.0.0.1:$master" &
done
"$SPARK_HOME/bin/spark-submit" --master "spark://127.0.0.1:$master" --driver-memory 1g --executor-memory 1536m \
    --conf spark.driver.host=127.0.0.1 --conf spark.ui.enabled=false --conf spark.sql.shuffle.partitions=4 \
    --conf "spark.connect.grpc.binding.port=$connect" --conf spark.connect.grpc.binding.address=127.0.0.1 \
    --class org.apache.spark.sql.connect.service.SparkConnectServer spark-internal &
wait -n
