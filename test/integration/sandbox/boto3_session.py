"""Drives the sandbox with boto3, which signs and frames with code of its own. Prints one line of JSON."""

import io
import json
import os
import sys
import urllib.error
import urllib.request
from xml.etree import ElementTree

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
# What boto3 signs in a query, frames with trailers, and asks for in bulk.
s3 = client(signature_version="s3v4")
bucket = "boto3-more"
s3.create_bucket(Bucket=bucket)


def ask(method, url, body=None, **headers):
    request = urllib.request.Request(url, data=body, method=method, headers=headers)
    try:
        with urllib.request.urlopen(request) as response:
            return f"{response.read().decode()} {response.status}"
    except urllib.error.HTTPError as error:
        return f"{ElementTree.fromstring(error.read()).find('Code').text} {error.code}"


target = {"Bucket": bucket, "Key": "a b+c/ü😀"}
put = s3.generate_presigned_url("put_object", Params={**target, "Metadata": {"note": "x"}})
get = s3.generate_presigned_url("get_object", Params={**target, "ResponseContentType": "text/html"})
found["presigned"] = [
    ask("PUT", put, b"body"),
    ask("PUT", put, b"body", **{"x-amz-meta-note": "x"}),
    ask("GET", get),
    ask("GET", get.replace("text%2Fhtml", "text%2Fplain")),
    ask("GET", s3.generate_presigned_url("get_object", Params=target, ExpiresIn=0)),
    # Unless told otherwise boto3 presigns as S3 did until 2014.
    ask("GET", client().generate_presigned_url("get_object", Params=target)),
]
sums = {}
for algorithm in ("CRC32", "SHA1", "SHA256"):
    stream = io.BufferedReader(io.BytesIO(large))
    s3.put_object(Bucket=bucket, Key=algorithm, Body=stream, ChecksumAlgorithm=algorithm)
    got = s3.get_object(Bucket=bucket, Key=algorithm, ChecksumMode="ENABLED")
    # Reading checks the sum.
    sums[algorithm] = got["Body"].read() == large and got["ChecksumType"] == "FULL_OBJECT"
found["sums"] = sums
found["wrong sum"] = code(s3.put_object, Bucket=bucket, Key="x", Body=b"x", ChecksumSHA256="A" * 43 + "=")
deleted = s3.delete_objects(
    Bucket=bucket, Delete={"Objects": [{"Key": "CRC32"}, {"Key": "SHA1", "ETag": "other"}, {"Key": "<&>\t"}]}
)
found["deleted"] = [entry["Key"] for entry in deleted["Deleted"]]
found["kept"] = [f"{entry['Key']} {entry['Code']}" for entry in deleted["Errors"]]
listing = s3.list_objects(Bucket=bucket, MaxKeys=1)
found["version 1"] = [listing["IsTruncated"], listing["Contents"][0]["Key"]]
# The sample penguins are bodies that Python would have written, and records that dataknobs reads.
bodies = [json.loads(line) for line in open(samples, encoding="utf8")]
found["bytes"] = sum(json.dumps(json.loads(entry["body"])) != entry["body"] for entry in bodies)
from dataknobs_data.records import Record  # noqa: E402

records = [Record.from_dict(json.loads(entry["body"])) for entry in bodies]
found["records"] = len(records)
found["first"] = [records[0].id, records[0].get_value("beak_length"), records[0].fields["flipper_length"].type.value]
print(json.dumps(found))
