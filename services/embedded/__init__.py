"""The embedded default: a real PostgreSQL, a real S3 server and a fake WeChat beside the services. Never in production."""
