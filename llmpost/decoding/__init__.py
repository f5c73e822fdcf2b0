"""Token flow: decoders that say what they want fed, and the driver that batches them over a model."""

from llmpost.decoding.assignment import Assignment
from llmpost.decoding.conditional import decode_conditionally
from llmpost.decoding.driver import Driver, Job, News
from llmpost.decoding.plain import decode_plainly
from llmpost.decoding.stop_strings import StopStrings
from llmpost.decoding.tentative import decode_tentatively
from llmpost.decoding.text_stream import TextStream

__all__ = [
    "Assignment",
    "Driver",
    "Job",
    "News",
    "StopStrings",
    "TextStream",
    "decode_conditionally",
    "decode_plainly",
    "decode_tentatively",
]
