"""People: name, age, city, and now and then e-mail, phone, job, company, date of birth, country."""

from __future__ import annotations

from .. import values
from ..draw import Draw
from ..record import Field, Record, RecordKind, plain
from ..values import Value


def own_email(draw: Draw, record: Record) -> Value:
    """An address that mostly fits the name in the record."""
    owner = record.get("name") or record.get("customer")
    return Value.of(values.email(draw, owner.text if owner else None))


NAME = Field(
    "name", plain(values.full_name), natural=0.95,
    keys=("full_name", "fullName", "person", "person_name", "contact", "contact_name", "who"),
    labels=(
        "Name", "Full name", "Person", "Contact", "Who", "Name of person", "Contact name", "Given and last name",
        "Member",
    ),
    said=(
        "[my|the] name is {name}", "I am {name}", "I'm {name}", "this is {name} [writing|speaking|here]",
        "[people call me|call me] {name}", "{name} [here|speaking]", "you can call me {name}", "I go by {name}",
        "[it's|it is] {name} [again|here]", "signed, {name}", "the name's {name}",
    ),
    apart=(
        "[the|their] name is {name}", "we spoke [with|to] {name}", "[this|it] is about {name}",
        "the person is [called|named] {name}", "[meet|say hello to] {name}",
        "{name} [is on our list|is new here|joined today|called us]", "the form was signed by {name}",
        "this entry is for {name}", "name given: {name}", "the card [says|reads] {name}",
    ),
)  # fmt: skip
AGE = Field(
    "age", lambda draw, _record: values.whole_number(draw, 3, 99), "integer", natural=0.7,
    keys=("years", "age_years", "ageInYears", "age_in_years", "years_old"),
    labels=("Age", "Years", "Age in years", "Years old", "Age (years)", "How old", "Current age"),
    verb=(
        "is {age}", "is {age} years old", "is {age} years of age", "[has just turned|turned|just turned] {age}",
        "is now {age}", "is aged {age}", "[will be|is going to be] {age} [soon|this year]",
        "is [already|only|about to be] {age}", "gives {age} as [her|his|their] age",
        "was {age} [at the last count|when we asked]", "celebrated [her|his|their] {age}. birthday",
        "has reached the age of {age}",
    ),
    tail=(
        "{age}", "aged {age}", "{age} years old", "a {age}-year-old", "age {age}", "{age} y/o", "{age} years of age",
        "at the age of {age}", "now {age}", "who is {age}",
    ),
    said=(
        "I am {age}", "I'm {age} years old", "I [just turned|turned|have just turned] {age}", "my age is {age}",
        "I am {age} years of age", "I will be {age} [soon|this year]", "at {age} I [feel young|am no beginner]",
        "I'm {age} now", "[being|I am] {age}, [I know what I want|that is how it is]", "age: {age}",
        "I'm a {age}-year-old",
    ),
    apart=(
        "[her|his|their|the] age is {age}", "age: {age}", "[the age given is|age given:] {age}",
        "that makes {age} years", "{age} years [have gone by|of age]", "we wrote down {age} as the age",
        "the age on the form is {age}", "aged {age}",
    ),
)  # fmt: skip
CITY = Field(
    "city", plain(values.city), natural=0.7,
    keys=("town", "home_city", "city_name", "lives_in", "location", "residence", "place"),
    labels=(
        "City", "Town", "Lives in", "Home town", "Residence", "City of residence", "Based in", "Location",
        "Place of residence",
    ),
    verb=(
        "lives in {city}", "is from {city}", "comes from {city}", "is based in {city}", "[has moved|moved] to {city}",
        "resides in {city}", "has [a home|a flat|a house] in {city}", "stays in {city}", "settled in {city}",
        "[has lived|has been living] in {city} for [years|a while|ages]", "[is living|is staying] in {city}",
        "calls {city} home", "can be found in {city}", "has an address in {city}",
    ),
    tail=(
        "from {city}", "of {city}", "living in {city}", "based in {city}", "a resident of {city}", "{city}",
        "resident in {city}", "who lives in {city}", "born and living in {city}", "at home in {city}",
    ),
    said=(
        "I live in {city}", "I am from {city}", "I'm based in {city}",
        "I moved to {city} [last year|recently|in spring]", "my home is [in|] {city}", "I come from {city}",
        "I write from {city}", "greetings from {city}", "you [will|can] find me in {city}",
        "I've lived in {city} [for years|all my life]", "home is {city}", "I reside in {city}",
        "I'm writing to you from {city}",
    ),
    apart=(
        "[her|his|their] home is in {city}", "the [city|town] is {city}", "home: {city}",
        "[the address is|the flat is] in {city}", "{city} is [home|the place]", "[we can visit|visit] in {city}",
        "city: {city}", "the letters go to {city}",
    ),
)  # fmt: skip
EMAIL = Field(
    "email", own_email, natural=0.3,
    keys=("email_address", "mail", "e_mail", "emailAddress", "contact_email", "reply_to"),
    labels=(
        "Email", "E-mail", "Mail", "E-mail address", "Email address", "Contact e-mail", "Reply to", "Electronic mail",
    ),
    verb=(
        "can be reached at {email}", "has the [address|e-mail address|email] {email}", "uses {email}",
        "writes from {email}", "gets mail at {email}", "answers at {email}", "left {email} as [an address|contact]",
        "is [available|reachable] under {email}", "reads {email} [daily|often]", "asks us to write to {email}",
    ),
    tail=(
        "{email}", "e-mail {email}", "mail: {email}", "reachable at {email}", "email {email}", "at {email}",
        "contact {email}", "(at) {email}", "write to {email}",
    ),
    said=(
        "my [e-mail|email|mail] is {email}", "write to me at {email}", "you can reach me at {email}",
        "my address is {email}", "[please reply|reply] to {email}", "I use {email}",
        "send [it|everything|the answer] to {email}", "mail me: {email}", "I read my mail at {email}",
        "contact: {email}", "best to write to {email}",
    ),
    apart=(
        "[the|her|his|their] [e-mail|email|mail address] is {email}", "[please write|write] to {email}",
        "contact: {email}", "email: {email}", "replies go to {email}", "mail can be sent to {email}",
        "for answers use {email}", "reach out at {email}", "the mailbox is {email}",
    ),
)  # fmt: skip
PHONE = Field(
    "phone", plain(values.phone), natural=0.22,
    keys=("phone_number", "telephone", "phoneNumber", "mobile", "tel", "contact_phone"),
    labels=("Phone", "Telephone", "Tel", "Mobile", "Phone number", "Tel.", "Cell", "Call", "Contact number"),
    verb=(
        "has the number {phone}", "can be called at {phone}", "answers the phone at {phone}",
        "is reachable by phone at {phone}", "uses the phone number {phone}", "left the number {phone}",
        "can be rung on {phone}", "takes calls on {phone}", "has a mobile: {phone}",
    ),
    tail=(
        "phone {phone}", "tel. {phone}", "call {phone}", "tel {phone}", "mobile {phone}", "phone: {phone}", "{phone}",
        "ring {phone}", "number {phone}",
    ),
    said=(
        "my [phone number|number|mobile] is {phone}", "call me at {phone}", "you can ring me on {phone}",
        "my phone: {phone}", "I answer at {phone}", "[please call|call] {phone}", "tel. {phone}", "phone me on {phone}",
        "the best number is {phone}",
    ),
    apart=(
        "[the|her|his|their] [phone|number|phone number] is {phone}", "[call|ring] {phone}", "tel.: {phone}",
        "the number to call is {phone}", "phone: {phone}", "by phone at {phone}", "a call to {phone} works best",
        "mobile {phone}",
    ),
)  # fmt: skip
JOB = Field(
    "job", plain(values.job), natural=0.25,
    keys=("occupation", "profession", "job_title", "role", "jobTitle", "works_as"),
    labels=("Job", "Occupation", "Profession", "Role", "Job title", "Works as", "Position", "Trade"),
    verb=(
        "works as a {job}", "is a {job}", "is [employed|working] as a {job}", "has a job as a {job}",
        "earns a living as a {job}", "became a {job} [last year|early|in spring]", "trained as a {job}",
        "is a {job} by profession", "has been a {job} for years",
    ),
    tail=(
        "a {job}", "{job}", "a {job} by trade", "working as a {job}", "our {job}", "the {job}", "who works as a {job}",
        "a well known {job}", "{job} by profession",
    ),
    said=(
        "I work as a {job}", "I am a {job}", "I'm a {job}", "my job is {job}", "by profession I'm a {job}",
        "I earn my living as a {job}", "my trade: {job}", "I have been a {job} for years", "I trained as a {job}",
    ),
    apart=(
        "[the|her|his|their] job is {job}", "profession: {job}", "the job title is {job}", "occupation: {job}",
        "the role is {job}", "job: {job}", "the trade given is {job}", "works as {job}",
    ),
)  # fmt: skip
COMPANY = Field(
    "company", plain(values.company), natural=0.15,
    keys=("employer", "organization", "organisation", "company_name", "firm", "works_for"),
    labels=("Company", "Employer", "Organisation", "Firm", "Works for", "Company name", "Business", "Organization"),
    verb=(
        "works for {company}", "is [employed|working] at {company}", "works at {company}",
        "joined {company} [recently|last year|in May]", "is with {company}", "has a job at {company}",
        "represents {company}", "runs {company}", "started at {company}",
    ),
    tail=(
        "of {company}", "from {company}", "with {company}", "working for {company}", "employed at {company}",
        "at {company}", "on behalf of {company}", "for {company}",
    ),
    said=(
        "I work for {company}", "I'm with {company}", "my employer is {company}", "I am employed at {company}",
        "I write on behalf of {company}", "I represent {company}", "my company is {company}", "my firm: {company}",
        "I joined {company} [recently|last year]",
    ),
    apart=(
        "[the|her|his|their] employer is {company}", "company: {company}", "the firm is called {company}",
        "employer: {company}", "the company is {company}", "on the payroll of {company}",
        "the business card says {company}", "firm: {company}",
    ),
)  # fmt: skip
BIRTH_DATE = Field(
    "birth_date", plain(values.date), natural=0.1,
    keys=("date_of_birth", "birthdate", "birthDate", "dob", "born"),
    labels=("Birth date", "Date of birth", "Born", "DOB", "Born on", "Birthday", "Birthdate", "Day of birth"),
    verb=(
        "was born on {birth_date}", "has a birthday on {birth_date}", "is born {birth_date}",
        "came into the world on {birth_date}", "gave {birth_date} as date of birth", "first saw light on {birth_date}",
        "celebrates on {birth_date}", "has the birth date {birth_date}",
    ),
    tail=(
        "born {birth_date}", "born on {birth_date}", "b. {birth_date}", "DOB {birth_date}",
        "date of birth {birth_date}", "birthday {birth_date}", "* {birth_date}", "birth date {birth_date}",
    ),
    said=(
        "I was born on {birth_date}", "my birthday is {birth_date}", "date of birth: {birth_date}", "born {birth_date}",
        "my date of birth is {birth_date}", "I came into the world on {birth_date}", "my birth date: {birth_date}",
        "DOB {birth_date}",
    ),
)  # fmt: skip
COUNTRY = Field(
    "country", plain(values.country), natural=0.1,
    keys=("nation", "country_name", "home_country", "state"),
    labels=("Country", "Nation", "Land", "State", "Home country", "Country of residence", "Country name", "In country"),
    tail=("in {country}", "{country}"),
    said=(
        "my country is {country}", "I am a citizen of {country}", "my passport is from {country}", "country: {country}",
        "that is in {country}", "I hold a passport of {country}", "the country is {country}",
        "we are in {country} here",
    ),
    apart=(
        "the country is {country}", "country: {country}", "that is in {country}", "all of this is in {country}",
        "it lies in {country}", "the state is {country}", "the passport is from {country}", "in {country}, that is",
    ),
)  # fmt: skip

PERSON = RecordKind(
    "person",
    nouns=(
        "person", "person", "contact", "contact details", "person's details", "personal details", "profile", "member",
        "applicant", "guest", "user", "people data",
    ),
    head="name",
    subject=(
        "{name}", "{name}", "[our|my] [friend|colleague|guest|neighbour|client] {name}",
        "a [certain|new member called|person named] {name}", "the [applicant|member|candidate|guest] {name}",
        "the [customer|applicant|caller|visitor|guest]", "this person", "our [new|latest] [member|guest|contact]",
        "she", "he",
    ),
    again=(
        "she", "he", "she", "he", "this person", "the [client|customer|member|guest|caller]", "the same person",
        "the [applicant|candidate|visitor]",
    ),
    fields=(NAME, AGE, CITY, EMAIL, PHONE, JOB, COMPANY, BIRTH_DATE, COUNTRY),
    openings=(
        "{name}, {age}, lives in {city}", "{name}, {age}, from {city}", "{name} is {age} and lives in {city}",
        "{name} ({age}) lives in {city}", "{name}, {age}, {city}", "{name} from {city} is {age} years old",
        "{name} is a {age}-year-old from {city}", "{age}-year-old {name} lives in {city}",
        "in {city} lives {name}, {age}", "at {age}, {name} lives in {city}",
        "{name} lives in {city} and is {age} years old",
        "{name}, aged {age}, [resides in|comes from|is from|is based in|has moved to] {city}",
        "[meet|here is|this is|we welcome] {name}, {age}, [of|from] {city}", "{name}, a {job} from {city}",
        "{name}, {age}, works as a {job}",
        "{name}, {age}, is a {job} in {city}", "{name} ({email})", "{name} <{email}>",
        "[the|a] {job} {name} lives in {city}", "{name} [works|is] at {company}", "{name}, {job} at {company}",
        "{name} of {company}",
        "from {city} [comes|came|writes] {name}", "{name}, who is {age}, [lives|works|stays] in {city}",
        "{name}, who lives in {city}, is {age}", "at the age of {age} {name} moved to {city}",
        "{name}, born {birth_date}, lives in {city}",
        "{name} is {age}", "{name} lives in {city}", "{name} [turned|has turned] {age} in {city}",
        "the {age}-year-old {job} {name}", "the {job} {name}, {age}", "{name} (age {age}, {city})",
        "{name} is {age}, {city} is home",
        "a {age} year old {job} named {name}", "a {job} called {name}, {age} years old, from {city}",
        "{city}: {name}, {age}", "name {name}, age {age}", "{name}, phone {phone}", "{name}, {age}, {job}, {city}",
    ),
    said_openings=(
        "my name is {name} and I am {age}", "I'm {name}, {age}, from {city}",
        "my name is {name}, I'm {age} and I live in {city}", "I am {name} from {city}", "this is {name} from {city}",
        "{name} here, {age}, {city}",
        "I am {age} and live in {city}", "I'm a {job} from {city}", "I'm {name}, a {job}",
        "I am {name} and work as a {job}", "my name is {name} and my email is {email}", "I'm {name} ({email})",
        "I am a {age}-year-old {job}",
        "I'm {age} years old and come from {city}", "I work for {company} in {city}", "{name} speaking, from {city}",
        "this is {name}, {age} years old", "I am {name}, born on {birth_date}", "I'm {name} with {company}",
    ),
    distractors=(
        (
            "[her|his] [colleague|brother|sister|neighbour|friend|boss] {other_name} [is away|will call back|knows "
            "more|sends greetings]"
        ),
        "[the interview|the call|the meeting] was on {other_date}",
        "[the last visit|the last call] was on {other_date}",
        "we met [in|near] {other_city} [once|last year|on a trip]",
        "[she|he] [grew up|was born|studied] in {other_city}", "[the file|the case] has the number {other_code}",
        "{other_name} [took this note|wrote this down|introduced us]",
        "[please send|send] a copy to {other_name}",
        "[a train|the bus] to {other_city} [takes|needs] {other_number} minutes",
        "[she|he] has {other_number} [books|followers|stamps|chickens]",
        "the [room|seat|locker] number is {other_number}",
        "{other_company} [sponsored the event|was not there|also asked]",
        "[she|he] bought a {other_product} [there|last week]",
        "[her|his] [mother|father|son|daughter] {other_first} [likes tea|is at school|plays chess]",
        "[the fee|the deposit] of {other_amount} [is paid|was waived]", "[she|he] used to [work|live] in {other_city}",
    ),
    tight=(
        "{name}, {age}, {city}", "{name} {age} {city}", "{name} / {age} / {city}", "{name} ({age}), {city}",
        "{city}, {name}, {age}", "{name}; {age}; {city}", "{name} - {age} - {city}", "{name}\n{age}\n{city}",
        "{name} | {age} | {city}",
        "{name}, {age}", "{name}, {city}", "{name} ({city})", "{name} ({age})", "{name} <{email}>", "{name}, {email}",
        "{name} {phone}", "{name}, {job}, {company}", "{name}, {age}, {job}", "{age}, {city}", "{job} in {city}, {age}",
        "{name}, {job}", "{name}, {age}, {city}, {email}", "{name} ({age}) from {city}, {email}",
        "{name}, {city}, {phone}", "{name} {email} {phone}", "{name} / {city}", "{name}: {age}, {city}",
        "{name}, {age}, {city}, {job}",
    ),
)  # fmt: skip
