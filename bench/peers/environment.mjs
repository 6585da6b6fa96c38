/** A Python that has boto3 and the others. */
export const python = process.env.BENCH_PYTHON ?? 'python3';

/** What the clients of Amazon's and of Python take keys and place from. */
export function environmentOf(place) {
  return {
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: place.endpoint,
    /** s5cmd's. */
    S3_ENDPOINT_URL: place.endpoint,
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}
