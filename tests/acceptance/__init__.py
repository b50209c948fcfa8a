"""The service as its callers meet it: HTTP in, JSON out."""
