"""Where the contents of files are kept: on local disk, or in S3-compatible storage."""
