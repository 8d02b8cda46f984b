"""The register that the benchmark measures: A actions, 6·A employment lines, A/2 persons, as a delivery.

`python -m bench.made FOLDER --actions A [--csv] [--seed S]` writes a full delivery; with `--changes OF` a delivery of
changes to the Parquet delivery OF instead, which touches one person in a hundred. The same arguments give the same rows
under one version of DuckDB, whose `hash` they are drawn with. Memory does not grow with A: files are written in turn.
"""
