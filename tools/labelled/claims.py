"""Sources, and sentences about them with what is to be thought of each: borne out or not."""

from __future__ import annotations

from typing import NamedTuple


class Case(NamedTuple):
    source: str
    founded: tuple[str, ...]
    unfounded: tuple[str, ...]


CASES = (
    Case(
        "The Harbour Museum opened in 1987 in the old customs house. It shows 340 model ships and a lighthouse lamp. "
        "Entry costs 9 euros; children under 12 do not pay. The museum is closed on Mondays. Its director since 2015 "
        "is Elena Fischer.",
        (
            "The museum opened in 1987.",
            "It is in the old customs house.",
            "Children under 12 do not pay.",
            "Entry costs 9 euros.",
            "On Mondays the museum is closed.",
            "Elena Fischer has been its director since 2015.",
            "It has a lighthouse lamp and 340 model ships.",
            "You pay nine euros to get in.",
        ),
        (
            "The museum opened in 1978.",
            "It is in the old railway station.",
            "Children under 16 do not pay.",
            "Entry costs 12 euros.",
            "The museum is not closed on Mondays.",
            "Thomas Weber has been its director since 2015.",
            "Its café serves fresh fish every evening.",
            "Every year 50,000 visitors come to the museum.",
        ),
    ),
    Case(
        "The order was placed on March 3 and paid by card. The parcel weighs 2.5 kg and was handed to the carrier in "
        "Rotterdam on March 5. Delivery is expected within four working days. The customer has not returned the broken "
        "lamp. A refund of 1,250 euros was approved by Priya Nair.",
        (
            "The order was paid by card.",
            "The parcel weighs 2,5 kg.",
            "The carrier got the parcel in Rotterdam on March 5.",
            "Delivery is expected within 4 working days.",
            "Priya Nair approved a refund of 1250 euros.",
            "The broken lamp has not been returned by the customer.",
            "The order was placed on March 3.",
            "They expect it to arrive in four days.",
        ),
        (
            "The order was paid in cash.",
            "The parcel weighs 25 kg.",
            "The carrier got the parcel in Hamburg on March 5.",
            "Delivery is expected within 10 working days.",
            "Priya Nair approved a refund of 2,150 euros.",
            "The customer has returned the broken lamp.",
            "The parcel was insured against theft.",
            "The order was placed on March 5.",
        ),
    ),
    Case(
        "Version 4.2 of the library reads files in blocks of 64 kilobytes. It never writes to the folder it reads "
        "from. Errors are raised as ReadError and carry the line number. Support for Python 3.9 was "
        "dropped in version 4.0. The cache is off by default and can be switched on with cache=True.",
        (
            "Version 4.2 reads files in blocks of 64 kilobytes.",
            "The library never writes to the folder it reads from.",
            "Errors carry the line number.",
            "By default the cache is off.",
            "Python 3.9 is not supported any more since version 4.0.",
            "Set cache=True to switch the cache on.",
        ),
        (
            "Version 4.2 reads files in blocks of 128 kilobytes.",
            "The library writes to the folder it reads from.",
            "Errors carry the name of the user.",
            "By default the cache is on.",
            "Python 3.9 support was dropped in version 5.1.",
            "It uses several threads to decompress archives.",
        ),
    ),
)
