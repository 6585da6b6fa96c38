"""Reads and writes records with the real dataknobs-data, for the tests of record-store.

Reads one JSON object from standard input: {"endpoint", "access_key", "secret_key", "region", "bucket", "prefix",
"steps": [{"do": a verb of `run`, ...}]}. Writes one JSON list with the answer of
each step to standard output. Non-finite numbers are written as Python writes them.
"""

import json
import sys

from dataknobs_data import Record
from dataknobs_data.backends.s3 import SyncS3Database
from dataknobs_data.streaming import StreamConfig


def plain(record):
    if record is None:
        return None
    return {
        "id": record.id,
        "fields": {name: record.get_value(name) for name in record.fields},
        "types": {name: field.type.value for name, field in record.fields.items()},
        "metadata": record.metadata,
    }


def run(database, step):
    verb = step["do"]
    if verb == "create":
        return database.create(Record(step["fields"], metadata=step.get("metadata", {}), id=step.get("id")))
    if verb == "read":
        return plain(database.read(step["id"]))
    if verb == "update":
        record = database.read(step["id"])
        for name, value in step["fields"].items():
            record.set_value(name, value)
        return database.update(step["id"], record)
    if verb == "list":
        return sorted(plain(record)["id"] for record in database.all())
    if verb == "delete":
        return database.delete(step["id"])
    if verb == "create_batch":
        return database.create_batch([Record(fields, id=id) for id, fields in step["records"].items()])
    if verb == "read_batch":
        return [plain(record) for record in database.read_batch(step["ids"])]
    if verb == "upsert_batch":
        return database.upsert_batch([Record(fields, id=id) for id, fields in step["records"]])
    if verb == "delete_batch":
        return database.delete_batch(step["ids"])
    if verb == "stream_write":
        records = [Record(fields, id=id) for id, fields in step["records"].items()]
        result = database.stream_write(records, StreamConfig(on_error=lambda error, record: True))
        return {"successful": result.successful, "failed": result.failed}
    raise ValueError(verb)


def main():
    task = json.load(sys.stdin)
    database = SyncS3Database(
        {
            "bucket": task["bucket"],
            "prefix": task["prefix"],
            "endpoint_url": task["endpoint"],
            "region": task["region"],
            "access_key_id": task["access_key"],
            "secret_access_key": task["secret_key"],
        }
    )
    database.connect()
    try:
        answers = [run(database, step) for step in task["steps"]]
    finally:
        database.close()
    json.dump(answers, sys.stdout)


main()
