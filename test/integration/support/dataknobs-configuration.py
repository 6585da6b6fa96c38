"""What dataknobs-data makes of configurations: a line of JSON for each database of each file that is named."""

import json
import logging
import sys

from dataknobs_config import Config
from dataknobs_data.factory import async_database_factory, database_factory
from dataknobs_data.pooling.s3 import create_boto3_s3_client

logging.disable(logging.CRITICAL)


def described(entry):
    loaded = {key: value for key, value in entry.items() if key not in ("type", "name", "factory", "class")}
    factory = async_database_factory if "async" in str(entry.get("factory", "")) else database_factory
    try:
        database = factory.create(**loaded)
        if factory is database_factory:
            session, key = database._session_config, database._get_object_key("ID")
            workers = database.max_workers
        else:
            session, key = database._pool_config.to_session_config(), database._get_key("ID")
            workers = None
        client = create_boto3_s3_client(session)
    except Exception as error:
        return {"error": str(error)}
    return {
        "bucket": database.config.bucket,
        "key": key,
        "endpoint": session.to_client_kwargs().get("endpoint_url"),
        "region": client.meta.region_name,
        "accessKeyId": session.aws_access_key_id or None,
        "workers": workers,
    }


for path in sys.argv[1:]:
    config = Config.from_file(path)
    for place, name in enumerate(config.get_names("databases")):
        entry = config.get("databases", place)
        if entry.get("backend", "").strip().lower() == "s3":
            print(json.dumps({"file": path, "name": name, **described(entry)}))
