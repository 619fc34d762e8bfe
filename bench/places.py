"""Where the benchmarks happen: the one county that their restricted user works in."""

COUNTY = 511123000000  # 犍为县
TOWNSHIP = 511123100000
