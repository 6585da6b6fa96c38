"""Steps that boto3 takes in a bucket: boto3_steps.py STEP BUCKET. Prints one line of JSON; where and who: AWS_*."""

import http.client
import io
import json
import sys
import urllib.parse

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.config import Config
from botocore.exceptions import ClientError

STEP, BUCKET = sys.argv[1:3]
s3 = boto3.client(
    "s3", config=Config(s3={"addressing_style": "path"}, signature_version="s3v4", retries={"total_max_attempts": 1})
)


def outcome(call, **arguments):
    try:
        call(Bucket=BUCKET, **arguments)
        return "done"
    except ClientError as error:
        return f"{error.response['Error']['Code']} {error.response['ResponseMetadata']['HTTPStatusCode']}"


def read(**arguments):
    return s3.get_object(Bucket=BUCKET, **arguments)["Body"].read().decode()


def verbs():
    key = "é/a b+c"
    s3.put_object(
        Bucket=BUCKET, Key=key, Body=b"Dipper", Metadata={"Note": "x"}, ContentType="application/json", Tagging="a=b"
    )
    s3.put_object_tagging(Bucket=BUCKET, Key=key, Tagging={"TagSet": [{"Key": "place", "Value": "a b"}]})
    s3.copy_object(Bucket=BUCKET, Key="copy", CopySource={"Bucket": BUCKET, "Key": key})
    for name in ("gone", "many-0", "many-1"):
        s3.put_object(Bucket=BUCKET, Key=name, Body=io.BytesIO(b"x"))
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=BUCKET, PaginationConfig={"PageSize": 2})
    told = {
        "listed": [entry["Key"] for page in pages for entry in page["Contents"]],
        "read": read(Key=key),
        "range": read(Key=key, Range="bytes=2-3"),
        "exists": outcome(s3.put_object, Key=key, Body=b"", IfNoneMatch="*"),
        "missing": outcome(s3.head_object, Key="none"),
    }
    s3.delete_object(Bucket=BUCKET, Key="gone")
    answer = s3.delete_objects(Bucket=BUCKET, Delete={"Objects": [{"Key": "many-0"}, {"Key": "many-1"}]})
    told["deleted"] = sorted(entry["Key"] for entry in answer["Deleted"])
    told["not_empty"] = outcome(s3.delete_bucket)
    return told


def transfer():
    body = b"0123456789abcdef" * (12 * 1024 * 1024 // 16)
    config = TransferConfig(multipart_threshold=5 * 1024 * 1024, multipart_chunksize=5 * 1024 * 1024)
    s3.upload_fileobj(io.BytesIO(body), BUCKET, "large", Config=config)
    back = io.BytesIO()
    s3.download_fileobj(BUCKET, "large", back, Config=config)
    return {"same": back.getvalue() == body}


def checksums():
    told = {}
    for algorithm in ("CRC32", "SHA1", "SHA256"):
        s3.put_object(Bucket=BUCKET, Key=algorithm, Body=io.BytesIO(b"123456789"), ChecksumAlgorithm=algorithm)
        got = s3.get_object(Bucket=BUCKET, Key=algorithm, ChecksumMode="ENABLED")
        got["Body"].read()
        told[algorithm] = got.get(f"Checksum{algorithm}")
    told["wrong"] = outcome(s3.put_object, Key="wrong", Body=b"12345678", ChecksumCRC32="y/Q5Jg==")
    return told


def presigned():
    def address(verb, key, seconds=60):
        return s3.generate_presigned_url(verb, Params={"Bucket": BUCKET, "Key": key}, ExpiresIn=seconds)

    s3.put_object(Bucket=BUCKET, Key="a b", Body=b"Dipper")
    def send(verb, url, body=None):
        # No urllib, which adds the content type of a form: a signature without it need not allow it.
        place = urllib.parse.urlsplit(url)
        connection = http.client.HTTPConnection(place.netloc)
        connection.request(verb, f"{place.path}?{place.query}", body)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()

    return {
        "read": send("GET", address("get_object", "a b")),
        "written": send("PUT", address("put_object", "written"), b"through an address")[0],
        "no time": send("GET", address("get_object", "a b", -60))[0],
    }


def versions():
    s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
    first = s3.put_object(Bucket=BUCKET, Key="a", Body=b"first")["VersionId"]
    s3.put_object(Bucket=BUCKET, Key="a", Body=b"second")
    told = {"read": [read(Key="a"), read(Key="a", VersionId=first)]}
    marker = s3.delete_object(Bucket=BUCKET, Key="a")["VersionId"]
    told["gone"] = outcome(s3.get_object, Key="a")
    listed = s3.list_object_versions(Bucket=BUCKET)
    told["listed"] = [len(listed["Versions"]), len(listed["DeleteMarkers"])]
    s3.delete_object(Bucket=BUCKET, Key="a", VersionId=marker)
    told["back"] = read(Key="a")
    entries = [{"Key": entry["Key"], "VersionId": entry["VersionId"]} for entry in listed["Versions"]]
    s3.delete_objects(Bucket=BUCKET, Delete={"Objects": entries, "Quiet": True})
    told["left"] = len(s3.list_object_versions(Bucket=BUCKET).get("Versions", []))
    return told


STEPS = {step.__name__: step for step in (verbs, transfer, checksums, presigned, versions)}
print(json.dumps(STEPS[STEP]()))
