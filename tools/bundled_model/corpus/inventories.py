"""Word lists: names, places, goods and the parts that coined words are made of. `values` composes values from them."""

from __future__ import annotations

from .draw import words

FIRST_NAMES = words(
    "Maria Ana John James Mary Linda David Peter Paul Anna Emma Olivia Noah Liam Mia Sofia Lucas Hugo Clara Elena "
    "Ivan Olga Boris Nina Yuki Kenji Hana Wei Li Mei Chen Jun Aisha Omar Fatima Ahmed Layla Yusuf Amina Kofi Ama "
    "Kwame Zola Thabo Priya Arjun Ravi Anita Sanjay Deepa Diego Carlos Lucia Pablo Marta Jorge Pedro Ines Tiago "
    "Joana Rui Marco Giulia Luca Chiara Paolo Pierre Claire Julien Camille Luc Hans Greta Karl Heidi Jonas Lena "
    "Felix Ingrid Lars Astrid Sven Freya Nils Erik Aino Mikko Katya Dmitri Zofia Jan Piotr Ewa Tomas Petra Vera "
    "Milan Dana Andrei Ioana Nikos Eleni Yannis Deniz Elif Emre Ayse Noor Sam Alex Robin Kim Taylor Jordan Grace "
    "Henry Jack Ruby Oscar Ella Leo Ivy Max Zoe Adam Eve Tom Kate Ben Lucy Joe Sarah José André Zoë Renée Søren "
    "Jürgen Łukasz Çelik Núria Björn Chloé Raúl Mónica Gülay Siân Maeve Niamh Oisín"
)
LAST_NAMES = words(
    "Chen Smith Jones Brown Taylor Wilson Evans Walker Wright Green Hall Wood Clarke Patel Khan Singh Sharma "
    "Gupta Kumar Das Wang Li Zhang Liu Yang Huang Tanaka Sato Suzuki Ito Mori Kim Park Lee Choi Nguyen Tran Pham "
    "Silva Santos Costa Sousa Ferreira Pereira Garcia Lopez Martinez Gomez Ruiz Torres Rossi Russo Ferrari "
    "Bianchi Romano Ricci Martin Bernard Dubois Durand Moreau Laurent Müller Schmidt Weber Fischer Becker Wagner "
    "Hoffmann Koch Berg Hansen Olsen Larsen Nilsson Lind Virtanen Korhonen Novak Kowalski Nowak Horvat Popov "
    "Ivanova Petrov Sokolov Popescu Papadopoulos Yilmaz Kaya Demir Haddad Hassan Ali Mensah Okafor Adeyemi "
    "Dlamini Nkosi Abebe Cohen Levi O'Brien O'Neill McKay MacLeod Fitzgerald Baker Cook Hill Stone Rivers Marsh "
    "Lake Fields Young King Bishop Núñez Gonçalves Łuczak Ström Brûlé"
)
CITIES = words(
    "Lisbon Porto Madrid Seville Paris Lyon Nantes Rome Milan Turin Naples Berlin Hamburg Munich Cologne Vienna "
    "Graz Zurich Geneva Basel Prague Brno Warsaw Krakow Gdansk Oslo Bergen Stockholm Malmo Copenhagen Aarhus "
    "Helsinki Turku Tallinn Riga Vilnius Dublin Cork Galway London Leeds Bristol York Oxford Glasgow Cardiff "
    "Athens Patras Sofia Bucharest Budapest Zagreb Split Belgrade Istanbul Ankara Izmir Cairo Tunis Rabat Lagos "
    "Accra Nairobi Kampala Durban Pretoria Mumbai Delhi Pune Chennai Dhaka Lahore Karachi Tokyo Osaka Kyoto Seoul "
    "Busan Taipei Hanoi Bangkok Manila Jakarta Sydney Perth Auckland Toronto Montreal Vancouver Boston Chicago "
    "Denver Austin Dallas Seattle Portland Miami Atlanta Lima Quito Bogota Santiago Montevideo Recife Havana "
    "Malaga Ghent Antwerp Utrecht Leiden Delft Bern Linz Salzburg Bonn Kiel Mainz Essen Győr Köln"
)
COUNTRIES = words(
    "Portugal Spain France Italy Germany Austria Switzerland Poland Norway Sweden Denmark Finland Estonia Latvia "
    "Ireland Greece Bulgaria Romania Hungary Croatia Serbia Turkey Egypt Tunisia Morocco Nigeria Ghana Kenya "
    "Uganda India Pakistan Japan Korea Vietnam Thailand Indonesia Australia Canada Mexico Peru Chile Colombia "
    "Brazil Argentina Belgium Netherlands Iceland Malta Cyprus Slovenia Slovakia Ukraine Israel Jordan Lebanon "
    "Nepal USA UK"
)
JOBS = words(
    "nurse teacher engineer baker lawyer plumber designer architect pilot farmer chef librarian carpenter dentist "
    "journalist accountant translator photographer electrician gardener musician painter writer driver chemist "
    "biologist physicist tailor florist butcher barber mechanic welder miner judge editor actor singer dancer "
    "coach trainer programmer surgeon midwife pharmacist optician geologist historian economist analyst "
    "consultant clerk cashier waiter bartender receptionist"
)
JOB_PREFIXES = (
    "junior",
    "senior",
    "school",
    "freelance",
    "chief",
    "night",
    "head",
    "software",
    "marine",
    "civil",
    "data",
    "lead",
    "trainee",
)
COLOURS = words(
    "red blue green black white grey yellow purple orange pink brown silver golden beige navy teal ivory olive"
)
MATERIALS = words(
    "ceramic wooden steel glass leather cotton woollen plastic copper bamboo linen rubber marble oak silk paper"
)
THINGS = words(
    "mug lamp chair table kettle notebook backpack keyboard mouse monitor desk scarf jacket jumper shirt clock "
    "vase bowl plate knife pan teapot blanket pillow towel curtain rug shelf mirror frame candle umbrella wallet "
    "belt watch ring bottle flask toaster blender mixer grinder heater fan speaker headset charger cable printer "
    "scanner camera tripod drone tent stove bike helmet glove boot sandal puzzle kite drum guitar flute easel "
    "brush hammer drill saw ladder bucket hose rake planter bench"
)
SIZES = (
    "small",
    "large",
    "folding",
    "portable",
    "wireless",
    "electric",
    "waterproof",
    "compact",
    "heavy",
    "travel",
    "garden",
    "kitchen",
    "double",
)
STREET_WORDS = (
    "Street",
    "Road",
    "Avenue",
    "Lane",
    "Way",
    "Square",
    "Drive",
    "Close",
    "Court",
    "Hill",
    "Walk",
    "Place",
    "St",
    "Rd",
    "Ave",
    "Terrace",
)
STREET_PREFIXES = (
    "Rua",
    "Rue de",
    "Calle",
    "Via",
    "Avenida",
    "Rua da",
    "Rue du",
    "Plaza",
    "Ulica",
    "Largo do",
    "Via dei",
    "Chemin des",
)
TREES = (
    "Oak",
    "Elm",
    "Baker",
    "Station",
    "Church",
    "Mill",
    "Park",
    "High",
    "King",
    "Queen",
    "Bridge",
    "Market",
    "School",
    "River",
    "Garden",
    "Hill",
    "Castle",
    "North",
    "Long",
    "New",
)

ONSETS = words("b br c ch d dr f fr g gr h j k kl l m n p pr qu r s sh st t tr v w y z th sl")
VOWELS = words("a e i o u ai ea ia io ou ee oa")
CODAS = ("", "", "", "n", "r", "l", "s", "m", "t", "k", "nd", "rt", "ss", "x", "ck")
CITY_ENDS = words(
    "ton ville burg ford stad holm mouth bridge port field haven minster grad polis ham by heim dorf pur abad"
)
CITY_FRONTS = words("San Port New Saint Santa El Los Bad Fort Upper Lake")
CITY_BACKS = ("City", "Bay", "Falls", "Springs", "Beach", "Heights", "on Sea")
TRADES = words("Books Bakery Motors Energy Textiles Toys Optics Travel")
ADD_ONS = words("set cover stand holder kit case bag cleaner")
CODE_FRONTS = words("ORD INV TCK REF CASE PO SO")
COMPANY_ENDS = (
    "Ltd",
    "Inc",
    "GmbH",
    "& Co",
    "Group",
    "Labs",
    "Systems",
    "Foods",
    "Logistics",
    "Partners",
    "Studio",
    "SA",
    "Media",
    "Works",
    "Bank",
)
DOMAIN_ENDS = ("com", "org", "net", "io", "co.uk", "de", "pt", "fr", "eu", "example", "app", "dev")
SAFE_DOMAINS = ("example.com", "example.org", "mail.com", "example.net", "post.example", "inbox.org")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
NUMBER_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
