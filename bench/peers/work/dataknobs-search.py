"""Milliseconds that dataknobs-data takes for queries over records in its memory.

Standard input, one JSON value a line: the records, `[[id, body], …]`, bodies as texts; then a query a line, with how often it
is asked: `{"query", "runs"}`. Standard output, a line a query: the median.
"""

import json
import statistics
import sys
import time

from dataknobs_data import Record
from dataknobs_data.backends.memory import SyncMemoryDatabase
from dataknobs_data.query import Filter, Query, SortSpec, coerce_operator, coerce_sort_order

database = SyncMemoryDatabase({})
for id, body in json.loads(sys.stdin.readline()):
    database.upsert(id, Record.from_dict(json.loads(body)))
for line in sys.stdin:
    asked = json.loads(line)
    query = asked["query"]
    where = query.get("where", {"rules": []})
    rules = where.get("rules", [where])
    times = []
    for _ in range(asked["runs"]):
        began = time.perf_counter()
        database.search(
            Query(
                filters=[Filter(rule["field"], coerce_operator(rule["operator"]), rule.get("value")) for rule in rules],
                sort_specs=[SortSpec(key["field"], coerce_sort_order(key["direction"])) for key in query["sort"]],
                limit_value=query["limit"],
            )
        )
        times.append((time.perf_counter() - began) * 1000)
    print(statistics.median(times), flush=True)
