"""The API: what a program may do with a token, by the same rules of access as the pages. OpenAPI at /api/v1/docs."""
