"""boto3 and dataknobs-data. Arguments: PEER WORK PLACE; prints what the work took, without the start before it."""

import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor


def read_records(place):
    with open(place["recordsFile"], encoding="utf8") as file:
        return [json.loads(line) for line in file]


def boto3_works(place):
    import boto3
    from botocore.config import Config

    threads = place["threads"]
    client = boto3.client("s3", config=Config(max_pool_connections=threads, s3={"addressing_style": "path"}))
    bucket, prefix = place["bucket"], place["prefix"]

    def put(record):
        body = record["body"].encode()
        client.put_object(Bucket=bucket, Key=prefix + record["key"], Body=body, ContentType="application/json")
        return len(body)

    def get(record):
        return len(client.get_object(Bucket=bucket, Key=prefix + record["key"])["Body"].read())

    def each(run):
        def work(records):
            with ThreadPoolExecutor(threads) as pool:
                return {"records": len(records), "bytes": sum(pool.map(run, records))}

        return work

    def delete(records):
        for start in range(0, len(records), 1000):
            objects = [{"Key": prefix + record["key"]} for record in records[start : start + 1000]]
            client.delete_objects(Bucket=bucket, Delete={"Objects": objects, "Quiet": True})
        return {"records": len(records), "bytes": 0}

    def list_keys(_records):
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        return {"records": sum(len(page.get("Contents", [])) for page in pages), "bytes": 0}

    return {"create": each(put), "read": each(get), "delete": delete, "list": list_keys}


def dataknobs_works(place):
    from dataknobs_data import Record
    from dataknobs_data.backends.s3 import SyncS3Database

    database = SyncS3Database(
        {"bucket": place["bucket"], "prefix": place["prefix"], "endpoint_url": place["endpoint"], "region": "us-east-1"}
    )
    database.connect()

    def create(records):
        made = [Record(json.loads(record["body"]), id=record["id"]) for record in records]
        return {"records": len(database.create_batch(made)), "bytes": 0}

    def read(records):
        found = database.read_batch([record["id"] for record in records])
        return {"records": sum(record is not None for record in found), "bytes": 0}

    def delete(records):
        return {"records": sum(database.delete_batch([record["id"] for record in records])), "bytes": 0}

    def list_ids(_records):
        return {"records": len(database.list_all()), "bytes": 0}

    return {"create": create, "read": read, "delete": delete, "list": list_ids}


def main():
    peer, work, place = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
    works = boto3_works(place) if peer == "boto3" else dataknobs_works(place)
    records = [] if work == "list" else read_records(place)
    cpu, began = time.process_time(), time.perf_counter()
    done = works[work](records)
    wall = (time.perf_counter() - began) * 1000
    print(json.dumps({**done, "wall": wall, "cpu": (time.process_time() - cpu) * 1000}))


main()
