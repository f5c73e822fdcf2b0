"""Postal addresses: name, street, postcode, city, country, company."""

from __future__ import annotations

from .. import values
from ..record import Field, RecordKind, plain
from .person import PHONE

NAME = Field(
    "name", plain(values.full_name), natural=0.7,
    keys=("recipient", "full_name", "addressee", "contact", "fullName", "to"),
    labels=("Name", "Recipient", "To", "Addressee", "Full name", "Attn", "Contact", "Receiver"),
    said=(
        "my name is {name}", "the name on the door is {name}", "address it to {name}", "I am {name}",
        "the parcel is for {name}", "it is for {name}", "{name} is on the bell", "this is {name}",
    ),
    apart=(
        "the [recipient|addressee] is {name}", "the name is {name}", "[it|the letter] goes to {name}",
        "address it to {name}", "attn {name}", "to: {name}", "the bell says {name}", "it is for {name}", "name: {name}",
    ),
)  # fmt: skip
STREET = Field(
    "street", plain(values.street), natural=0.92,
    keys=("address", "street_address", "address_line", "streetAddress", "street_and_number", "line1"),
    labels=(
        "Street", "Address", "Street address", "Street and number", "Address line 1", "Street name", "Line 1", "House",
    ),
    verb=(
        "lives at {street}", "has moved to {street}", "can be found at {street}", "gets post at {street}",
        "has a flat at {street}", "resides at {street}", "has the address {street}", "is registered at {street}",
        "now stays at {street}",
    ),
    tail=(
        "at {street}", "{street}", "address {street}", "of {street}", "living at {street}", "street: {street}",
        "residing at {street}", "c/o {street}",
    ),
    said=(
        "I live at {street}", "my address is {street}", "the street is {street}", "send it to {street}",
        "we moved to {street}", "you find me at {street}", "the house is at {street}", "street: {street}",
        "my new address is {street}", "please deliver to {street}",
    ),
    apart=(
        "the street is {street}", "street: {street}", "the address is {street}", "the house stands at {street}",
        "deliver to {street}", "[the parcel|it] goes to {street}", "the flat is at {street}", "we deliver to {street}",
        "go to {street}",
    ),
)  # fmt: skip
POSTCODE = Field(
    "postcode", plain(values.postcode), natural=0.75,
    keys=("zip", "postal_code", "zip_code", "postalCode", "zipCode", "plz"),
    labels=("Postcode", "ZIP", "Postal code", "Zip code", "Post code", "ZIP code", "Code", "P.C."),
    verb=(
        "has the postcode {postcode}", "uses the zip code {postcode}", "gave the postcode {postcode}",
        "has {postcode} as postal code", "is in the area {postcode}", "writes {postcode} as the code",
        "lives in the postal area {postcode}", "belongs to postcode {postcode}",
    ),
    tail=(
        "postcode {postcode}", "zip {postcode}", "{postcode}", "postal code {postcode}", "ZIP {postcode}",
        "code {postcode}", "zip code {postcode}", "area {postcode}",
    ),
    said=(
        "the postcode is {postcode}", "my zip code is {postcode}", "postal code {postcode}", "ZIP: {postcode}",
        "our postcode is {postcode}", "the code is {postcode}", "it has the postcode {postcode}",
        "the zip is {postcode}",
    ),
    apart=(
        "the postcode is {postcode}", "zip code: {postcode}", "postal code: {postcode}", "the zip is {postcode}",
        "postcode: {postcode}", "its postal code is {postcode}", "the code for the post is {postcode}",
        "ZIP {postcode}",
    ),
)  # fmt: skip
CITY = Field(
    "city", plain(values.city), natural=0.92,
    keys=("town", "locality", "city_name", "place", "cityName"),
    labels=("City", "Town", "Place", "Locality", "City or town", "City/Town", "Town or city", "City name"),
    verb=(
        "lives in {city}", "has moved to {city}", "resides in {city}", "can be found in {city}", "is at home in {city}",
        "gets mail in {city}", "has an address in {city}", "is now in {city}", "stays in {city}",
    ),
    tail=(
        "in {city}", "{city}", "of {city}", "city {city}", "town: {city}", "living in {city}", "from {city}",
        "based in {city}",
    ),
    said=(
        "I live in {city}", "the city is {city}", "we moved to {city}", "it is in {city}", "our town is {city}",
        "city: {city}", "that is in {city}", "my city is {city}", "the place is {city}",
    ),
    apart=(
        "the city is {city}", "city: {city}", "the town is {city}", "it is in {city}", "that is in {city}",
        "town: {city}", "the house is in {city}", "the place is called {city}", "delivery is in {city}",
    ),
)  # fmt: skip
COUNTRY = Field(
    "country", plain(values.country), natural=0.45,
    keys=("nation", "country_name", "countryName", "land"),
    labels=(
        "Country", "Nation", "Land", "State", "Country name", "Country / region", "Destination country", "In country",
    ),
    verb=(
        "lives in the country of {country}", "has moved to the country {country}",
        "is a resident of {country} as a country", "sends from the country {country}",
        "resides in the country {country}", "gets mail in the country {country}", "has a home in the country {country}",
        "names {country} as the country",
    ),
    tail=("country {country}", "country: {country}"),
    said=(
        "the country is {country}", "country: {country}", "my country is {country}", "we are in the country {country}",
        "it goes to the country {country}", "the parcel leaves for the country {country}", "the land is {country}",
        "it's the country of {country}",
    ),
    apart=(
        "the country is {country}", "country: {country}", "the land is {country}", "this is in the country {country}",
        "the destination country is {country}", "on the map it is in the country {country}", "nation: {country}",
        "for customs the country is {country}",
    ),
)  # fmt: skip
COMPANY = Field(
    "company", plain(values.company), natural=0.2,
    keys=("organization", "firm", "company_name", "organisation", "business"),
    labels=("Company", "Firm", "Organisation", "Business", "Company name", "Organization", "Business name", "c/o"),
    verb=(
        "works at {company}", "is with {company}", "represents {company}", "belongs to {company}",
        "gets mail at {company}", "sits at {company}", "is employed by {company}", "runs {company}",
    ),
    tail=(
        "of {company}", "at {company}", "from {company}", "c/o {company}", "with {company}", "company {company}",
        "for {company}", "{company}",
    ),
    said=(
        "the company is {company}", "deliver to {company}", "our firm is {company}", "I work at {company}",
        "it goes to {company}", "the sign says {company}", "company: {company}", "ask for {company}",
    ),
    apart=(
        "the company is {company}", "company: {company}", "the firm is {company}", "the sign says {company}",
        "c/o {company}", "it goes to {company}", "business: {company}", "the office belongs to {company}",
    ),
)  # fmt: skip

ADDRESS = RecordKind(
    "address",
    nouns=(
        "address", "address", "postal address", "shipping address", "delivery address", "mailing address",
        "address data", "new address",
    ),
    head="name",
    subject=(
        "{name}", "{name}", "[our|the] customer {name}", "our friend {name}", "the [tenant|owner|resident] {name}",
        "[my|our] colleague {name}", "the customer", "the [tenant|recipient|owner]", "she", "he", "our customer",
        "the resident",
    ),
    again=(
        "she", "he", "the customer", "the [tenant|owner]", "this person", "the resident", "the recipient",
        "the same person",
    ),
    fields=(NAME, COMPANY, STREET, POSTCODE, CITY, COUNTRY, PHONE),
    openings=(
        "{name}, {street}, {postcode} {city}", "{name} lives at {street}, {city}", "{name} lives at {street} in {city}",
        "[please send|send|ship|deliver] it to {name}, {street}, {postcode} {city}",
        "[please send|ship|deliver] [it|this|the parcel] to {street}, {postcode} {city}",
        "the new address is {street}, {postcode} {city}", "{name} has moved to {street}, {city}",
        "the parcel goes to {name}, {street}, {city}", "{name} of {company}, {street}, {city}",
        "{street}, {postcode} {city}, {country}", "{street}, {city} {postcode}", "{street}, {city}, {country}",
        "deliver to {company}, {street}, {city}", "{company} is at {street} in {city}",
        "write to {name} at {street}, {postcode} {city}, {country}",
        "letters to {name} go to {street}", "{city}, {street}", "{postcode} {city}, {street}",
        "the address of {name} is {street}, {postcode} {city}",
        "{name} is now registered at {street}, {postcode} {city}", "in {city} you find {name} at {street}",
        "the house at {street} in {city} belongs to {name}", "{street} in {postcode} {city} is the address",
        "{name} can be reached at {street}, {city}, {country}", "address for {name}: {street}, {postcode} {city}",
    ),
    said_openings=(
        "I live at {street}, {postcode} {city}", "I live at {street} in {city}",
        "my new address is {street}, {postcode} {city}", "my address is {street}, {city}",
        "please send it to {street}, {postcode} {city}", "I moved to {street}, {city}, {country}",
        "I am {name} and I live at {street}", "my name is {name} and my address is {street}, {postcode} {city}",
        "please deliver to {name}, {street}, {city}", "change my address to {street}, {postcode} {city}",
        "we have moved to {street} in {city}", "you can find us at {street}, {postcode} {city}",
        "our office is at {street}, {city}", "ship to {street}, {city} {postcode}",
        "the address: {street}, {postcode} {city}, {country}",
    ),
    distractors=(
        "[the old|a former] address was in {other_city}", "[the door|the gate|the lift] code is {other_code}",
        "[the neighbour|the caretaker] is called {other_name}", "[ring|knock] at {other_name} if nobody opens",
        "[the parcel|the letter] weighs {other_number} kilos", "valid from {other_date}",
        "[it|the parcel] holds a {other_product}", "[go|walk] up to floor {other_number}",
        "postage is {other_amount}", "[please deliver|deliver] before {other_date}",
        "{other_first} [has the key|is at home|signs for it]", "the courier is {other_company}",
        "order {other_code} [is in it|belongs to it]", "[the bus from|the road from] {other_city} is closed",
        "[before|earlier] it was {other_city}",
    ),
    tight=(
        "{name}\n{street}\n{postcode} {city}", "{name}\n{street}\n{city} {postcode}\n{country}",
        "{name}\n{street}\n{postcode} {city}\n{country}", "{street}\n{postcode} {city}", "{street}\n{city}",
        "{name}\n{company}\n{street}\n{postcode} {city}", "{company}\n{street}\n{postcode} {city}\n{country}",
        "{street}, {postcode} {city}", "{street}, {city}",
        "{name}, {street}, {postcode} {city}, {country}", "{name}, {street}, {city}",
        "{name} - {street} - {postcode} {city}", "{name}; {street}; {postcode}; {city}",
        "{street}, {city}, {postcode}, {country}", "{company}, {street}, {city}", "{postcode} {city}, {street}",
        "{street} / {postcode} {city} / {country}", "{city} {postcode}, {street}",
        "{name}\n{street}\n{city}\n{country}", "{name}, {street}, {postcode} {city}",
        "{name} | {street} | {city} | {country}", "{street}\n{city}\n{postcode}",
        "{street}\n{postcode} {city}\n{country}",
    ),
)  # fmt: skip
