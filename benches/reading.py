"""The reduction of reading.rs in polars.

Usage: reading.py FOLDER. Reads grootboek/*.csv and indeling.csv, amounts exactly to cents, finds the line of
each posting by code and month of care, checks that every code has one, and sums per line, side, month of
care and booking month. Prints the number of sums, the sum of their sizes in cents, seconds on the wall, CPU
seconds and the most memory held in MB, Python's start not counted.
"""

import resource
import sys
import time

import polars as pl

TEXT = {
    name: pl.String
    for name in ("prestatiemaand", "product", "taakveld", "soort", "boekingssoort", "bedrag")
}
KEY = ["wet", "naam", "soort", "prestatiemaand", "boekjaar", "periode"]


def postings(folder):
    rows = pl.scan_csv(
        f"{folder}/grootboek/*.csv",
        separator=";",
        schema_overrides={"boekjaar": pl.Int16, "periode": pl.Int8, **TEXT},
    )
    # Every amount has two decimals, so without its mark it is a number of cents.
    cents = pl.col("bedrag").str.replace(",", "", literal=True).cast(pl.Int64)
    return rows.select(
        "boekjaar", "periode", "prestatiemaand", "product", "soort", "boekingssoort", cents
    )


def lines(folder):
    table = pl.scan_csv(
        f"{folder}/indeling.csv",
        schema_overrides={"geldig_van": pl.String, "geldig_tot": pl.String},
    )
    return table.select(
        "wet",
        pl.col("code").alias("product"),
        pl.col("product").alias("naam"),
        pl.col("geldig_van").fill_null("0000-00"),
        pl.col("geldig_tot").fill_null("9999-99"),
    )


def sums(folder):
    month = pl.col("prestatiemaand")
    valid = (pl.col("geldig_van") <= month) & (month <= pl.col("geldig_tot"))
    mapped = postings(folder).join(lines(folder), on="product", how="left").filter(
        valid | pl.col("naam").is_null()
    )
    return (
        mapped.group_by(KEY)
        .agg(pl.col("bedrag").sum(), pl.len().alias("rijen"))
        .collect(engine="streaming")
    )


def main():
    folder = sys.argv[1]
    wall, cpu = time.perf_counter(), time.process_time()
    found = sums(folder)
    assert found["naam"].null_count() == 0, "every code has a line"
    cents = found["bedrag"].abs().sum()
    spent = time.perf_counter() - wall, time.process_time() - cpu
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    print(found.height, cents, *spent, peak)


main()
