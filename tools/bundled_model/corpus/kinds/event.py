"""Events: title, date, time, place, organizer, number of guests."""

from __future__ import annotations

from .. import inventories, values
from ..draw import Draw, words
from ..record import Field, RecordKind, plain

TOPICS = words(
    "jazz poetry chess garden science cooking film pottery history robot coffee book wine cycling yoga theatre "
    "design music photo dance climate startup python sales budget safety marketing football bread tea astronomy "
    "knitting language"
)
GATHERINGS = words(
    "night meeting workshop festival market evening tour class talk fair contest show dinner party conference "
    "course seminar breakfast lunch review training concert race club day week summit picnic walk exhibition "
    "reading"
)
VENUES = words(
    "Hall Centre Library Museum Theatre Garden Park Hotel Arena Club House School Church Castle Gallery Cafe Room "
    "Square Barn Pier"
)
EDITIONS = words("Annual Summer Winter Spring Monthly Open Great First International")
VENUE_NAMES = words("Town City Old New Grand Royal Blue Red Green")


def title(draw: Draw) -> str:
    def make(inner: Draw) -> str:
        topic, gathering = inner.any(TOPICS), inner.any(GATHERINGS)
        match inner.between(0, 7):
            case 0:
                return f"{inner.any(EDITIONS)} {topic.title()} {gathering.title()}"
            case 1:
                return f"{topic} {gathering}"
            case 2:
                return f"{values.coined(inner, 1, 3)} {gathering.title()}"
            case 3:
                return f"{topic.title()} {gathering.title()} {inner.between(2018, 2030)}"
            case 4:
                return f"{topic.title()} in {values.coined(inner, 1, 2)}"
            case 5:
                return f"{topic.title()} and {inner.any(TOPICS).title()}"
            case 6:
                return f"{inner.any(('board', 'team', 'family', 'staff', 'project', 'parents'))} {gathering}"
            case _:
                return f"{topic.title()} {gathering.title()}"

    return draw.value(make)


def place(draw: Draw) -> str:
    def make(inner: Draw) -> str:
        match inner.between(0, 5):
            case 0:
                return f"Room {inner.between(1, 499)}"
            case 1:
                return f"{values.coined(inner, 1, 3)} {inner.any(VENUES)}"
            case 2:
                return f"{inner.any(VENUE_NAMES)} {inner.any(VENUES)}"
            case 3:
                return f"{values.coined(inner, 1, 2)} {inner.any(VENUES)}, {values.coined(inner, 1, 2)}"
            case 4:
                return f"{inner.any(VENUES)} {inner.any('ABCDEFGH')}"
            case _:
                return f"{inner.any(inventories.TREES)} {inner.any(VENUES)}"

    return draw.value(make)


TITLE = Field(
    "title", plain(title), natural=0.9,
    keys=("event", "name", "event_name", "eventTitle", "event_title", "what"),
    labels=("Event", "Title", "What", "Name", "Event name", "Event title", "Topic", "Name of event"),
    said=(
        "the event is called {title}", "I am planning the {title}", "we host the {title}", "it is about the {title}",
        "I'd like to announce the {title}", "come to the {title}", "we invite you to the {title}", "our event: {title}",
        "my event is the {title}",
    ),
    apart=(
        "the event is the {title}", "the event is called {title}", "[join us for|come to|don't miss] the {title}",
        "the title is {title}", "[this is|it is] the {title}", "event: {title}", "we announce the {title}",
        "what: {title}", "it goes by the name of {title}",
    ),
)  # fmt: skip
DATE = Field(
    "date", plain(values.date), natural=0.8,
    keys=("day", "event_date", "eventDate", "when", "on", "start_date"),
    labels=("Date", "Day", "When", "Event date", "On", "Date of event", "Takes place on", "Which day"),
    verb=(
        "takes place on {date}", "is on {date}", "is planned for {date}", "will be held on {date}", "happens on {date}",
        "is scheduled for {date}", "was moved to {date}", "is set for {date}", "falls on {date}", "returns on {date}",
    ),
    tail=(
        "on {date}", "{date}", "planned for {date}", "date {date}", "set for {date}", "date: {date}", "held on {date}",
        "this {date}",
    ),
    said=(
        "it is on {date}", "we meet on {date}", "save the date: {date}", "the date is {date}",
        "we planned it for {date}", "it will be on {date}", "please come on {date}", "date: {date}",
        "see you on {date}",
    ),
    apart=(
        "the date is {date}", "date: {date}", "save the date: {date}", "it takes place on {date}",
        "[keep|mark] {date} free", "see you on {date}", "it is on {date}", "the day is {date}", "we meet on {date}",
    ),
)  # fmt: skip
TIME = Field(
    "time", plain(values.time), natural=0.6,
    keys=("start", "start_time", "startTime", "begins_at", "hour", "event_time"),
    labels=("Time", "Start", "Starts at", "Begins", "Start time", "Hour", "From", "Doors"),
    verb=(
        "starts at {time}", "begins at {time}", "opens at {time}", "is at {time}", "kicks off at {time}",
        "will start at {time}", "gets going at {time}", "is due to begin at {time}", "has its start at {time}",
    ),
    tail=(
        "at {time}", "starting at {time}", "{time}", "from {time}", "beginning at {time}", "start {time}",
        "time {time}", "{time} sharp",
    ),
    said=(
        "it starts at {time}", "we begin at {time}", "please be there at {time}", "doors open at {time}",
        "the start is at {time}", "time: {time}", "we meet at {time}", "we kick off at {time}", "come at {time}",
    ),
    apart=(
        "it starts at {time}", "time: {time}", "the start is at {time}", "doors open at {time}", "we begin at {time}",
        "be there at {time}", "start: {time}", "it kicks off at {time}", "the hour is {time}",
    ),
)  # fmt: skip
PLACE = Field(
    "place", plain(place), natural=0.65,
    keys=("location", "venue", "where", "event_location", "room", "address"),
    labels=("Place", "Location", "Venue", "Where", "Room", "At", "Held at", "Meeting point"),
    verb=(
        "takes place in {place}", "is held at {place}", "happens at {place}", "is in {place}", "will be at {place}",
        "meets in {place}", "was moved to {place}", "comes to {place}", "can be found at {place}",
    ),
    tail=(
        "at {place}", "in {place}", "venue {place}", "held in {place}", "place: {place}", "location {place}", "{place}",
        "to be held at {place}",
    ),
    said=(
        "we meet at {place}", "it is in {place}", "the place is {place}", "come to {place}", "we booked {place}",
        "venue: {place}", "you find us at {place}", "it will be held at {place}", "we have rented {place}",
    ),
    apart=(
        "the venue is {place}", "place: {place}", "the location is {place}", "where: {place}", "we meet at {place}",
        "it is held at {place}", "find us at {place}", "the place to go is {place}", "everybody meets in {place}",
    ),
)  # fmt: skip
CITY = Field(
    "city", plain(values.city), natural=0.25,
    keys=("town", "event_city", "city_name", "cityName"),
    labels=("City", "Town", "In", "Event city", "City or town", "Town or city", "Host city", "City name"),
    verb=(
        "is in the city of {city}", "comes to the city of {city}", "will be in the town of {city}",
        "visits the city of {city}", "goes to the city of {city}", "stays in the town of {city}",
        "has moved to the city of {city}", "belongs to the city of {city}",
    ),
    said=(
        "we are in the city of {city}", "the city is {city}", "it is in the town of {city}", "city: {city}",
        "our town is {city}", "travel to the city of {city}", "come to the town of {city}", "the host city is {city}",
    ),
    apart=(
        "the city is {city}", "city: {city}", "the host city is {city}", "town: {city}", "it is in the city of {city}",
        "this year's city is {city}", "the town is {city}", "all this in the city of {city}",
    ),
)  # fmt: skip
ORGANIZER = Field(
    "organizer", lambda draw,
    _record: values.Value.of(values.full_name(draw) if draw.chance(0.6) else values.company(draw)), natural=0.45,
    keys=("host", "organiser", "organized_by", "organizedBy", "contact", "hosted_by"),
    labels=("Organizer", "Organiser", "Host", "Hosted by", "Organized by", "Run by", "Organised by", "Held by"),
    verb=(
        "is organised by {organizer}", "is hosted by {organizer}", "is run by {organizer}",
        "was planned by {organizer}", "is presented by {organizer}", "is led by {organizer}",
        "is in the hands of {organizer}", "was set up by {organizer}", "is put on by {organizer}",
    ),
    tail=(
        "organised by {organizer}", "hosted by {organizer}", "by {organizer}", "run by {organizer}", "host {organizer}",
        "led by {organizer}", "organizer {organizer}", "presented by {organizer}",
    ),
    said=(
        "the host is {organizer}", "I organise it with {organizer}", "{organizer} is the host",
        "the organizer is {organizer}", "it is run by {organizer}", "{organizer} runs it", "we do it for {organizer}",
        "hosted by {organizer}",
    ),
    apart=(
        "the organizer is {organizer}", "{organizer} is the host", "host: {organizer}", "{organizer} organises it",
        "your host is {organizer}", "it is led by {organizer}", "organised by {organizer}",
        "it was {organizer} who set it up", "all run by {organizer}",
    ),
)  # fmt: skip
GUESTS = Field(
    "attendees", lambda draw, _record: values.whole_number(draw, 3, 12 if draw.chance(0.2) else 900, spelled_rate=0.3),
    "integer", natural=0.3,
    keys=("guests", "participants", "number_of_guests", "people", "seats", "expected_guests"),
    labels=(
        "Attendees", "Guests", "Participants", "People", "Number of guests", "Seats", "Expected guests", "Head count",
    ),
    verb=(
        "expects {attendees} guests", "has room for {attendees} people", "counts {attendees} participants",
        "will have {attendees} attendees", "is for {attendees} people", "welcomes {attendees} guests",
        "seats {attendees} people", "draws {attendees} visitors", "is open to {attendees} people",
    ),
    tail=(
        "{attendees} guests", "for {attendees} people", "with {attendees} participants", "{attendees} people",
        "{attendees} attendees", "{attendees} seats", "room for {attendees}", "with {attendees} guests",
    ),
    said=(
        "we expect {attendees} guests", "there will be {attendees} people", "we have {attendees} participants",
        "we are {attendees} people", "{attendees} people signed up", "I invited {attendees} guests",
        "{attendees} guests said yes", "{attendees} seats are booked",
    ),
    apart=(
        "{attendees} guests are expected", "we expect {attendees} people", "there are {attendees} participants",
        "{attendees} people signed up", "attendees: {attendees}", "the list has {attendees} guests",
        "{attendees} guests will come", "seats for {attendees} people", "the room seats {attendees} guests",
    ),
)  # fmt: skip

EVENT = RecordKind(
    "event",
    nouns=("event", "event", "event details", "meeting", "calendar entry", "appointment", "invitation", "event data"),
    head="title",
    subject=("the {title}", "the {title}", "{title}", "our {title}", "the event {title}", "this year's {title}",
             "the event", "this event", "our event", "the [gathering|meeting]", "it all", "the occasion"),
    again=("it", "it", "the event", "this event", "everything", "it all", "the whole thing", "the occasion"),
    fields=(TITLE, DATE, TIME, PLACE, CITY, ORGANIZER, GUESTS),
    openings=(
        "the {title} takes place on {date} at {time}", "{title} on {date} at {place}", "{title}, {date}, {time}",
        "{title}: {date}, {time}, {place}", "join us for the {title} on {date}", "join us for the {title} at {place}",
        "on {date} at {time}, {place} hosts the {title}",
        "on {date} we hold the {title}", "{organizer} invites you to the {title}",
        "{organizer} invites you to the {title} on {date}", "{organizer} hosts the {title} at {place}",
        "come to {place} on {date} for the {title}", "the {title} [starts|begins] at {time} in {place}",
        "at {time} on {date} the {title} begins",
        "{attendees} people will attend the {title}", "{attendees} guests are expected at the {title}",
        "we meet at {place} on {date}", "we meet on {date} at {time}", "{place}, {date}, {time}: {title}",
        "don't miss the {title} at {place} on {date}", "the {title} was moved to {date}",
        "the {title} was moved to {place}",
        "the {title} by {organizer} is on {date}", "reminder: {title} on {date}, {time}",
        "the next {title} is on {date}", "save the date: {title} on {date}", "{title} ({date})",
        "{title} @ {place}, {time}", "{date} - {title} - {place}",
    ),
    said_openings=(
        "I invite you to the {title} on {date}", "we are holding the {title} at {place}",
        "please come to the {title} on {date} at {time}", "can you join the {title} at {time} on {date}",
        "we meet for the {title} in {place}", "I booked {place} for the {title}",
        "put the {title} in your calendar: {date}, {time}",
        "I would like to invite you to the {title}", "let's meet on {date} at {time}",
        "let's meet at {place} at {time}", "{attendees} of us are going to the {title}",
        "we planned the {title} for {date}", "the {title} is on {date}, so see you at {place}",
        "I'm hosting the {title} with {organizer}", "our {title} starts at {time}",
    ),
    distractors=(
        "[tickets|a ticket] cost {other_amount}", "[last year's|the last] one was on {other_date}",
        "[register|sign up] before {other_date}", "{other_name} [will give a speech|sings|brings the cake|cannot come]",
        "[buses|trains] leave from {other_city}", "the code for the door is {other_code}",
        "{other_company} [pays|sponsors the drinks|brings snacks]",
        "[please bring|bring] a {other_product}", "[last year|in the past] it was in {other_city}",
        "[the first|the best] {other_number} get a [gift|prize]", "parking costs {other_amount}",
        "{other_first} [takes photos|is the cook|is at the door]", "questions go to {other_name}",
        "the booking number is {other_code}", "[lunch|food] is [included|extra]",
    ),
    tight=(
        "{title}, {date}", "{title}, {date}, {time}", "{title} - {date} - {place}",
        "{title} / {date} / {time} / {place}", "{date}: {title}", "{date}, {time}: {title}",
        "{title} | {date} | {place}", "{title} @ {place}", "{title} ({organizer})", "{title}, {place}, {date}, {time}",
        "{date} {time} {title}", "{title}; {date}; {time}; {place}", "{title} by {organizer}, {date}",
        "{place}: {title}, {time}", "{title}, {attendees} guests", "{date} at {time}, {place}", "{title} - {time}",
        "{title} - {organizer} - {date}",
    ),
)  # fmt: skip
