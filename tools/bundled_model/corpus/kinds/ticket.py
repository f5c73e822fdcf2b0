"""Support tickets: number, name, e-mail, product, issue, priority, date."""

from __future__ import annotations

from .. import values
from ..draw import Draw, words
from ..record import Field, RecordKind, plain
from ..values import Value
from .order import marked_code
from .person import own_email

PRIORITIES = (
    "low",
    "medium",
    "high",
    "urgent",
    "normal",
    "critical",
    "P1",
    "P2",
    "P3",
    "Low",
    "Medium",
    "High",
    "Urgent",
    "minor",
    "major",
)
PARTS = words(
    "screen battery charger button handle lid display sound light fan cable door wheel app login page password "
    "account invoice payment update download printer keyboard camera link form report filter search sync backup "
    "alarm timer sensor motor"
)
FAULTS = (
    "does not work", "is broken", "keeps crashing", "is too slow", "makes a strange noise", "cannot be opened",
    "will not start",
    "flickers", "is missing", "stopped working", "gets too hot", "is stuck", "shows an error", "freezes", "has a crack",
    "leaks",
    "turns off by itself", "is wrong", "failed twice", "does not respond", "was rejected", "is empty", "loops forever",
    "smells burnt",
    "never arrives", "cannot be found", "is not saved", "looks blurry", "drops the connection", "is locked",
)  # fmt: skip
WHEN = (
    "",
    "",
    "",
    "",
    " after the update",
    " since Monday",
    " every morning",
    " at night",
    " on start",
    " when charging",
    " on my phone",
    " in the cold",
    " after an hour",
    " for two users",
    " when I print",
    " without warning",
    " in the browser",
)
SHORT = (
    "broken",
    "cracked",
    "missing",
    "slow",
    "blank",
    "noisy",
    "stuck",
    "late",
    "wrong",
    "dirty",
    "loose",
    "bent",
    "faulty",
    "locked",
    "expired",
    "frozen",
)


def issue(draw: Draw) -> str:
    """What went wrong, in a few words that are to be copied."""

    def make(inner: Draw) -> str:
        part = inner.any(PARTS)
        match inner.between(0, 6):
            case 0:
                return f"{inner.any(SHORT)} {part}"
            case 1:
                return f"{part} error {inner.between(10, 999)}"
            case 2:
                return f"{part} {inner.any(('problem', 'failure', 'fault', 'trouble', 'issue', 'question'))}"
            case 3:
                return f"no {part}{inner.any(WHEN)}"
            case _:
                return f"{inner.any(('', '', 'the '))}{part} {inner.any(FAULTS)}{inner.any(WHEN)}"

    return draw.value(make)


TICKET_ID = Field(
    "ticket_id", marked_code, natural=0.75,
    keys=("ticket", "id", "ticket_number", "ticketId", "case_id", "case_number"),
    labels=("Ticket", "Ticket ID", "Ticket number", "Case", "Case number", "ID", "Ticket no.", "Case ID"),
    said=(
        "my ticket number is {ticket_id}", "this is about ticket {ticket_id}", "I was given the number {ticket_id}",
        "the case number is {ticket_id}", "ticket {ticket_id} is mine", "my case: {ticket_id}",
        "you opened ticket {ticket_id} for me", "see ticket {ticket_id}",
    ),
    apart=(
        "the ticket number is {ticket_id}", "this is ticket {ticket_id}", "ticket {ticket_id} was opened",
        "[see|read|check] ticket {ticket_id}", "case: {ticket_id}", "it was saved as {ticket_id}",
        "ticket: {ticket_id}", "the case has the number {ticket_id}", "filed under {ticket_id}",
    ),
)  # fmt: skip
NAME = Field(
    "name", plain(values.full_name), natural=0.75,
    keys=("customer", "customer_name", "reporter", "reported_by", "customerName", "user", "requester"),
    labels=("Name", "Customer", "Reported by", "Reporter", "User", "From", "Opened by", "Requester"),
    verb=(
        "was opened by {name}", "comes from {name}", "was sent by {name}", "was filed by {name}",
        "was reported by {name}", "belongs to {name}", "was raised by {name}", "is from {name}",
        "was created by {name}",
    ),
    tail=(
        "opened by {name}", "from {name}", "reported by {name}", "by {name}", "customer {name}", "user {name}",
        "filed by {name}", "sent by {name}",
    ),
    said=(
        "my name is {name}", "I am {name}", "I'm {name}", "this is {name}", "{name} here", "{name} [writing|speaking]",
        "you can ask for {name}", "the name is {name}", "signed, {name}",
    ),
    apart=(
        "the [customer|user|reporter] is {name}", "{name} [called|wrote|reported it|opened it]",
        "it was reported by {name}", "name: {name}", "the customer's name is {name}", "we heard of it from {name}",
        "reported by {name}", "[please ask|ask] for {name}", "{name} is waiting for an answer",
    ),
)  # fmt: skip
PRODUCT = Field(
    "product", plain(values.product), natural=0.65,
    keys=("item", "device", "product_name", "productName", "affected_product", "article"),
    labels=("Product", "Device", "Item", "Product name", "Article", "Model", "Concerns", "Affected product"),
    verb=(
        "is about the {product}", "concerns the {product}", "deals with the {product}", "is for the {product}",
        "names the {product}", "relates to the {product}", "affects the {product}", "was opened for the {product}",
    ),
    tail=(
        "product {product}", "about the {product}", "for the {product}", "concerning the {product}",
        "device: {product}", "{product}", "item {product}", "on the {product}",
    ),
    said=(
        "it is about the {product}", "I have a {product}", "I use the {product}", "my product is the {product}",
        "I bought the {product}", "the device is a {product}", "it concerns my {product}",
        "I'm talking about the {product}", "product: {product}",
    ),
    apart=(
        "the product is the {product}", "it is about the {product}", "product: {product}",
        "the device in question is the {product}", "affected: {product}", "this concerns the {product}",
        "the item is a {product}", "it was a {product}", "the {product} is [affected|concerned]",
    ),
)  # fmt: skip
ISSUE = Field(
    "issue", plain(issue), natural=0.7,
    keys=("problem", "subject", "description", "issue_description", "complaint", "topic"),
    labels=("Issue", "Problem", "Subject", "Description", "Complaint", "Topic", "What happened", "Fault"),
    verb=(
        'says "{issue}"', "has the subject: {issue}", 'is titled "{issue}"', "reports: {issue}", "reads: {issue}",
        'mentions "{issue}"', "describes this: {issue}", "notes: {issue}",
    ),
    said=(
        "the problem is: {issue}", "here is what is wrong: {issue}", 'my issue: "{issue}"', "problem: {issue}",
        'in short: "{issue}"', "what I see: {issue}", "issue: {issue}", 'it is this: "{issue}"',
        "my complaint: {issue}",
    ),
    apart=(
        "the issue: {issue}", "problem: {issue}", 'the subject is "{issue}"', "reported problem: {issue}",
        "fault: {issue}", 'in their words: "{issue}"', "complaint: {issue}", "issue: {issue}", 'description: "{issue}"',
        "the problem is: {issue}",
    ),
)  # fmt: skip
PRIORITY = Field(
    "priority", lambda draw, _record: Value.of(draw.any(PRIORITIES)), natural=0.45,
    keys=("urgency", "severity", "prio", "priority_level", "level"),
    labels=("Priority", "Urgency", "Severity", "Prio", "Level", "Priority level", "Importance", "How urgent"),
    verb=(
        "has {priority} priority", "is of {priority} priority", "was given the priority {priority}",
        "is marked {priority}", "is ranked {priority}", "has priority {priority}", "was rated {priority}",
        "was set to {priority} priority",
    ),
    tail=(
        "priority {priority}", "{priority} priority", "prio {priority}", "priority: {priority}", "marked {priority}",
        "urgency {priority}", "rated {priority}", "severity {priority}",
    ),
    said=(
        "the priority is {priority}", "please treat it as {priority}", "for me it is {priority}",
        "priority: {priority}", "I would call it {priority}", "this is {priority} for us", "mark it {priority}, please",
        "urgency: {priority}",
    ),
    apart=(
        "the priority is {priority}", "priority: {priority}", "it is marked {priority}",
        "we set the priority to {priority}", "urgency: {priority}", "severity: {priority}", "we rate it {priority}",
        "please treat it as {priority}", "prio {priority}",
    ),
)  # fmt: skip
EMAIL = Field(
    "email", own_email, natural=0.4,
    keys=("customer_email", "email_address", "contact_email", "mail", "contact", "reply_to"),
    labels=("Email", "E-mail", "Mail", "Contact", "Reply to", "Customer e-mail", "E-mail address", "Answer to"),
    verb=(
        "was sent from {email}", "came from {email}", "should be answered to {email}", "lists {email} as contact",
        "came in by mail from {email}", "gives {email} for replies", "was mailed by {email}", "has the contact {email}",
    ),
    tail=(
        "{email}", "e-mail {email}", "contact {email}", "mail {email}", "sent from {email}", "reply to {email}",
        "via {email}", "address {email}",
    ),
    said=(
        "my e-mail is {email}", "please answer to {email}", "reach me at {email}", "write to {email}",
        "mail me at {email}", "my address is {email}", "contact: {email}", "you can use {email}",
        "I read mail at {email}",
    ),
    apart=(
        "the e-mail is {email}", "reply to {email}", "contact: {email}", "mail came from {email}", "answer to: {email}",
        "please write to {email}", "email: {email}", "the customer reads {email}", "an answer should go to {email}",
    ),
)  # fmt: skip
DATE = Field(
    "date", plain(values.date), natural=0.25,
    keys=("opened_on", "created", "created_at", "reported_on", "openedAt", "day"),
    labels=("Date", "Opened on", "Created", "Reported on", "Opened", "Created on", "Day", "Since"),
    verb=(
        "was opened on {date}", "is dated {date}", "was created on {date}", "came in on {date}",
        "has been open since {date}", "was filed on {date}", "is from {date}", "reached us on {date}",
    ),
    tail=(
        "opened {date}", "of {date}", "dated {date}", "created on {date}", "from {date}", "since {date}", "{date}",
        "filed {date}",
    ),
    said=(
        "it happened on {date}", "it began on {date}", "I noticed it on {date}", "I wrote on {date}", "date: {date}",
        "it has been like this since {date}", "that was on {date}", "it started {date}",
    ),
    apart=(
        "date: {date}", "it was opened on {date}", "it came in on {date}", "the date is {date}", "reported on {date}",
        "opened: {date}", "the first report is from {date}", "it dates from {date}",
    ),
)  # fmt: skip

TICKET = RecordKind(
    "ticket",
    nouns=("ticket", "support ticket", "ticket", "support request", "issue report", "case", "complaint", "bug report"),
    head="ticket_id",
    subject=(
        "ticket {ticket_id}", "the ticket {ticket_id}", "case {ticket_id}", "ticket number {ticket_id}",
        "support case {ticket_id}", "our ticket {ticket_id}", "the ticket", "this ticket", "a new ticket", "the case",
        "this case", "the request",
    ),
    again=("it", "it", "the ticket", "this ticket", "the case", "the same ticket", "the request", "this one"),
    fields=(TICKET_ID, NAME, PRODUCT, ISSUE, PRIORITY, EMAIL, DATE),
    openings=(
        "{name} reports a problem with the {product}: {issue}", "ticket {ticket_id}: {issue}",
        "ticket {ticket_id} from {name}: {issue}", "{name} [writes|says|reports]: {issue}",
        "{name} has a problem with the {product}", "{name} <{email}> writes: {issue}",
        "ticket {ticket_id} ({priority}): {issue}", "{priority} priority: {issue}", "{name} opened ticket {ticket_id}",
        "{name} opened ticket {ticket_id} about the {product}", "on {date} {name} reported: {issue}",
        "the {product} of {name} has a fault: {issue}",
        "{product}: {issue}", "problem with the {product}, reported by {name}: {issue}",
        "{name} ({email}) needs help with the {product}", "{name} called about the {product}",
        "case {ticket_id}, {priority} priority, opened by {name}",
        "{issue} - this is what {name} wrote about the {product}",
        "a {priority} priority ticket from {name}", "we got a {priority} ticket about the {product}",
        "{name} ({email}): {issue}", "{ticket_id} - {product} - {issue}",
        "{name} complains about the {product}: {issue}", "new ticket {ticket_id} by {name}, {priority} priority",
        "{name} wrote to us on {date} about the {product}",
    ),
    said_openings=(
        "I have a problem with my {product}: {issue}", "my {product} has a problem: {issue}",
        "I'm {name} and I have trouble with the {product}", "I bought a {product} and now this: {issue}",
        "my name is {name} and my ticket is {ticket_id}", "please help with ticket {ticket_id}: {issue}",
        "since {date} I have had this problem: {issue}", "this is {name} about the {product}",
        "about my {product} ({ticket_id}): {issue}", "I write about ticket {ticket_id}",
        "I need help with the {product}", "I am {name} ({email}) and need help",
        "on {date} my {product} failed: {issue}", "can you look at ticket {ticket_id}? {issue}", "{name} here, {issue}",
        "it is {priority}: {issue}", "help needed: {issue}",
    ),
    distractors=(
        "[the agent|the technician|our engineer] {other_name} [will call|is on it|has read it]",
        "[an older|a similar|another] ticket was {other_code}",
        "[the customer|they] also [owns|owns|asked about] a {other_product}",
        "[the guarantee|the contract] ends on {other_date}",
        "[our office|the workshop] in {other_city} [is informed|can repair it]",
        "[a restart|a reset] did not help", "{other_number} [other people|users] [saw|have] the same",
        "{other_first} from [sales|accounts|the shop] [forwarded this|was told]", "a repair costs {other_amount}",
        "[please answer|answer] within {other_number} hours", "[photos|two photos|the log] are attached",
        "[bought|sold] by {other_company}", "[a call|the call] took {other_number} minutes",
        "the next review is on {other_date}", "{other_name} [closed|handled] the last one",
    ),
    tight=(
        "{name}: {issue}", "{ticket_id}: {issue}", "{ticket_id} {name} {product}", "{product} - {issue}",
        "{name}, {email}: {issue}", "{ticket_id} / {name} / {priority}", "{name} / {product} / {issue}",
        "{ticket_id} | {name} | {product} | {issue}", "{priority}: {issue}", "{name}, {product}",
        "{ticket_id}, {product}, {priority}", "{name} ({email}) - {product} - {issue}",
        "{ticket_id} - {name} - {issue}", "{product}, {issue}, {priority}", "{ticket_id} {priority}",
    ),
)  # fmt: skip
