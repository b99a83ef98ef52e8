"""Forecast many municipalities with Apache Spark: one `prognose worker` per task, nothing kept.

    python3 notebooks/spark.py WORKSPACES OUT [PROGNOSE]

WORKSPACES holds a workspace per municipality, as `prognose synth DIR --municipalities 20` makes them; the folder is
where Spark can read it. OUT becomes a folder of Parquet files with the rows of every outlook.csv, as text: cast
amounts to decimal(18,2). PROGNOSE is the program on the machines of the cluster. Spark 4, Java 17.
"""
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import pyarrow as pa
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

FOLDER, OUT = Path(sys.argv[1]).resolve(), sys.argv[2]
PROGNOSE = str(Path(sys.argv[3]).resolve()) if len(sys.argv) > 3 else "prognose"
# The machines of a local cluster are this one, with the Python that has pyarrow.
os.environ.setdefault("PYSPARK_PYTHON", sys.executable)


def work(schema, batches):
    """Batches of postings in, batches of outlook rows out, through one worker on one core."""
    worker = subprocess.Popen([PROGNOSE, "worker"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              env={**os.environ, "RAYON_NUM_THREADS": "1"})
    failed = []

    def feed():
        try:
            with worker.stdin, pa.ipc.new_stream(worker.stdin, schema) as writer:
                for batch in batches:
                    writer.write_batch(batch)
        except BaseException as error:  # told below, where Spark sees it
            failed.append(error)
            worker.kill()

    feeder = threading.Thread(target=feed, daemon=True)
    feeder.start()
    try:
        with pa.ipc.open_stream(worker.stdout) as reader:
            yield from reader
        feeder.join()
        if worker.wait() or failed:
            raise RuntimeError(f"prognose worker stopped with {worker.returncode}: {failed}")
    finally:  # Spark may take no more rows, and a worker then waits for who reads them
        worker.kill()
        worker.wait()


def outlook(batches):
    """What Spark calls for each partition."""
    first = next(batches, None)
    if first is not None:
        def all_batches():
            yield first
            yield from batches
        yield from work(first.schema, all_batches())


def answered(fields):
    """The columns of an answer: the worker tells them for a stream without rows."""
    sink = pa.BufferOutputStream()
    pa.ipc.new_stream(sink, pa.schema(fields)).close()
    empty = subprocess.run([PROGNOSE, "worker"], input=sink.getvalue().to_pybytes(), stdout=subprocess.PIPE, check=True)
    return pa.ipc.open_stream(empty.stdout).schema.names


spark = SparkSession.builder.appName("prognose").getOrCreate()
# Every file as it is: how it is named and written stands in prognose.toml, and the worker reads it by that.
files = spark.read.format("binaryFile").option("recursiveFileLookup", "true").load(str(FOLDER))
place = F.regexp_extract("path", re.escape(FOLDER.as_posix()) + "/([^/]+)/(.+)$", 1)
name = F.regexp_extract("path", re.escape(FOLDER.as_posix()) + "/([^/]+)/(.+)$", 2)
rows = files.select(place.alias("gemeente"), name.alias("bestand"), F.col("content").alias("tekst"))
# What the program made itself is no input.
rows = rows.where("gemeente <> '' and bestand not rlike '^(out|state)/'")
# The rows of a municipality must stand together in one partition.
rows = rows.repartition("gemeente").sortWithinPartitions("gemeente")
columns = answered([("gemeente", pa.string()), ("bestand", pa.string()), ("tekst", pa.binary())])
answer = rows.mapInArrow(outlook, ", ".join(f"`{name}` string" for name in columns))
answer.write.mode("overwrite").parquet(OUT)
for row in spark.read.parquet(OUT).where("fout is not null").select("gemeente", "fout").collect():
    print(f"{row.gemeente}: {row.fout}", file=sys.stderr)
