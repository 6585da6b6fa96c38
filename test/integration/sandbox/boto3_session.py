"""Drives the sandbox with boto3, which signs and frames with code of its own. Prints one line of JSON."""

import io
import json
import os
import sys

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

endpoint, access_key, secret_key, samples = sys.argv[1:5]


def client(**config):
    return boto3.client(
        "s3",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id=access_key,
        aws_secret_access_key=secret_key,
        config=Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}, **config),
    )


def code(call, **arguments):
    try:
        call(**arguments)
        return "done"
    except ClientError as error:
        return f"{error.response['Error']['Code']} {error.response['ResponseMetadata']['HTTPStatusCode']}"


found = {}
for mode in ("when_supported", "when_required"):
    s3 = client(request_checksum_calculation=mode, response_checksum_validation=mode)
    bucket = f"boto3-{mode.replace('_', '-')}"
    s3.create_bucket(Bucket=bucket)
    keys = ["a b+c", "a//b", "a/../b", "%41", "ü", "😀", "ﬀ", "tab\tand\u0001", "<&>\"'", "~!*()"]
    for key in keys:
        s3.put_object(Bucket=bucket, Key=key, Body=key.encode(), Metadata={"note": "x"}, Tagging="a=b%20c")
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, PaginationConfig={"PageSize": 3})
    listed = [entry["Key"] for page in pages for entry in page["Contents"]]
    read = [s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode() for key in listed]
    large = os.urandom(3_000_000)
    s3.put_object(Bucket=bucket, Key="large", Body=io.BytesIO(large))
    back = s3.get_object(Bucket=bucket, Key="large")["Body"].read()
    found[mode] = {
        "listed": listed == sorted(keys, key=lambda key: key.encode()),
        "read": read == listed,
        "large": back == large,
        "tags": s3.get_object_tagging(Bucket=bucket, Key="ü")["TagSet"],
        "head": s3.head_object(Bucket=bucket, Key="ü")["Metadata"],
        "exists": code(s3.put_object, Bucket=bucket, Key="ü", Body=b"", IfNoneMatch="*"),
        "missing": code(s3.head_object, Bucket=bucket, Key="none"),
        "not empty": code(s3.delete_bucket, Bucket=bucket),
    }
# The sample penguins are bodies that Python would have written, and records that dataknobs reads.
bodies = [json.loads(line) for line in open(samples, encoding="utf8")]
found["bytes"] = sum(json.dumps(json.loads(entry["body"])) != entry["body"] for entry in bodies)
from dataknobs_data.records import Record  # noqa: E402

records = [Record.from_dict(json.loads(entry["body"])) for entry in bodies]
found["records"] = len(records)
found["first"] = [records[0].id, records[0].get_value("beak_length"), records[0].fields["flipper_length"].type.value]
print(json.dumps(found))
