"""Policies as data: settings and their table, reading, checking shape, digest. Knows nothing of what they do."""

from llmpost.policy.policy import Policy
from llmpost.policy.settings import SETTINGS, Setting, Settings, read_settings

__all__ = ["SETTINGS", "Policy", "Setting", "Settings", "read_settings"]
