"""Laws of strings take what time they take, and the same examples each time."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "strings", max_examples=100, deadline=None, derandomize=True, print_blob=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip
settings.load_profile("strings")
