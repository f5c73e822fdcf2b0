"""Recording: what becomes of requests and checks, told to whoever keeps records."""
