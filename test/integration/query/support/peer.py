"""Answers queries with dataknobs-data itself.

Standard input, one JSON value a line: first the records, `[{"id", "body"}, …]` in listing order, bodies as texts; then a
query a line. Standard output, a line a query: `{"ids": […], "sorted": bool}`; `sorted` is false where the library cannot
sort the values that it found, then the ids are in listing order.
"""

import json
import sys
import warnings

from dataknobs_data import Record
from dataknobs_data.backends.memory import SyncMemoryDatabase
from dataknobs_data.query import Filter, Query, SortSpec, coerce_operator, coerce_sort_order
from dataknobs_data.query_logic import ComplexQuery, FilterCondition, LogicCondition, LogicOperator

warnings.simplefilter("ignore")


def read(text):
    """Every NaN an object of its own: json shares one, and Python's lists take what is the same object for equal."""
    return json.loads(text, parse_constant=float)


def condition_of(rule):
    if "rules" not in rule:
        return FilterCondition(Filter(rule["field"], coerce_operator(rule["operator"]), rule.get("value")))
    group = LogicCondition(LogicOperator(rule["combinator"]), [condition_of(one) for one in rule["rules"]])
    return LogicCondition(LogicOperator.NOT, [group]) if rule.get("not") else group


def query_of(query, is_sorted):
    sort = [SortSpec(key["field"], coerce_sort_order(key["direction"])) for key in query.get("sort", [])]
    return ComplexQuery(
        condition=condition_of(query["where"]) if "where" in query else None,
        sort_specs=sort if is_sorted else [],
        limit_value=query.get("limit") if is_sorted else None,
        offset_value=query.get("offset") if is_sorted else None,
    )


def main():
    database = SyncMemoryDatabase({})
    for record in json.loads(sys.stdin.readline()):
        database.upsert(record["id"], Record.from_dict(read(record["body"])))
    for line in sys.stdin:
        query = read(line)
        try:
            found, is_sorted = database.search(query_of(query, True)), True
        except TypeError:
            found, is_sorted = database.search(query_of(query, False)), False
        print(json.dumps({"ids": [record.storage_id for record in found], "sorted": is_sorted}), flush=True)


main()
