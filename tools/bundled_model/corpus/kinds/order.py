"""Orders: number, customer, product, quantity, total, date, city of delivery, e-mail."""

from __future__ import annotations

from .. import values
from ..draw import Draw
from ..record import Field, Record, RecordKind, plain
from ..values import Value
from .person import own_email


def marked_code(draw: Draw, _record: Record) -> Value:
    """A number that the text may write with a leading mark, which does not belong to it."""
    number = Value.of(values.code(draw))
    return Value(draw.any(("#", "#", "no. ", "No ", "", "", "", "")) + number.text, number.literal)


def item_count(draw: Draw, _record: Record) -> Value:
    """How many, sometimes spelled out."""
    return values.whole_number(draw, 1, 12 if draw.chance(0.6) else 250, spelled_rate=0.25)


STATUSES = (
    "pending",
    "shipped",
    "delivered",
    "cancelled",
    "on hold",
    "paid",
    "unpaid",
    "packed",
    "returned",
    "in transit",
    "delayed",
    "lost",
    "confirmed",
    "open",
    "closed",
    "processing",
    "ready for pickup",
    "refunded",
)

ORDER_ID = Field(
    "order_id", marked_code, natural=0.8,
    keys=("order_number", "orderId", "order_no", "id", "orderNumber", "reference", "order"),
    labels=(
        "Order", "Order number", "Order ID", "Order no.", "Order id", "Reference", "Order ref", "Ref", "Order code",
    ),
    verb=(
        "has the number {order_id}", "was saved as {order_id}", "is listed under {order_id}",
        "carries the number {order_id}", "got the number {order_id}",
    ),
    said=(
        "my order number is {order_id}", "this is about order {order_id}", "[it|that] is order {order_id}",
        "the number on my receipt is {order_id}", "[I mean|I am writing about] order {order_id}",
        "order {order_id} [is mine|it is]", "the order has the number {order_id}", "reference {order_id}",
        "order number: {order_id}",
    ),
    apart=(
        "the order number is {order_id}", "this is order {order_id}", "order {order_id} [came in|was received|is new]",
        "the order is listed as {order_id}", "reference: {order_id}", "[see|check|open] order {order_id}",
        "we saved it as order {order_id}", "order number: {order_id}", "it concerns order {order_id}",
    ),
)  # fmt: skip
CUSTOMER = Field(
    "customer", plain(values.full_name), natural=0.7,
    keys=("customer_name", "name", "buyer", "customerName", "client", "ordered_by"),
    labels=("Customer", "Name", "Buyer", "Client", "Customer name", "Ordered by", "For", "Purchaser"),
    verb=(
        "was placed by {customer}", "comes from {customer}", "was made by {customer}", "is for {customer}",
        "belongs to {customer}", "was ordered by {customer}", "is in the name of {customer}",
        "was sent in by {customer}", "goes to {customer}", "was bought by {customer}",
    ),
    tail=(
        "placed by {customer}", "for {customer}", "by {customer}", "customer {customer}", "in the name of {customer}",
        "ordered by {customer}", "buyer {customer}", "from {customer}",
    ),
    said=(
        "my name is {customer}", "I am {customer}", "I'm {customer}", "this is {customer}",
        "it was placed under the name {customer}", "{customer} here", "the name is {customer}",
        "the order is in the name of {customer}", "customer: {customer}", "I ordered as {customer}",
    ),
    apart=(
        "the customer is {customer}", "[the buyer's name|the name] is {customer}",
        "{customer} [is the buyer|placed it|ordered it|paid for it]", "customer: {customer}",
        "the order is for {customer}", "we thank {customer} for [it|the order]", "the client is called {customer}",
        "bought by {customer}", "it was {customer} who ordered [it|this]",
    ),
)  # fmt: skip
PRODUCT = Field(
    "product", plain(values.product), natural=0.8,
    keys=("item", "product_name", "article", "productName", "goods", "item_name"),
    labels=("Product", "Item", "Article", "Goods", "Product name", "What", "Model", "Ordered item"),
    verb=(
        "is for the {product}", "contains the {product}", "includes the {product}", "lists the {product}",
        "is about the {product}", "covers the {product}", "was for a {product}", "has one line: {product}",
        "concerns the {product}", "asks for the {product}",
    ),
    tail=(
        "product {product}", "item: {product}", "with the {product}", "for the {product}", "containing the {product}",
        "article {product}", "{product}", "goods: {product}",
    ),
    said=(
        "I ordered the {product}", "I bought a {product}", "it is about the {product}",
        "[what I want is|I would like] the {product}", "I need the {product}", "the item is the {product}",
        "my product is the {product}", "the thing I chose is the {product}", "product: {product}",
        "it was the {product} I picked",
    ),
    apart=(
        "the product is the {product}", "the item ordered is the {product}", "product: {product}",
        "[what was ordered|the thing ordered] is the {product}", "it's all about the {product}",
        "the box holds the {product}", "[the warehouse|we] picked the {product}", "article: {product}",
        "item: {product}",
    ),
)  # fmt: skip
QUANTITY = Field(
    "quantity", item_count, "integer", natural=0.6,
    keys=("count", "qty", "amount_of_items", "number_of_items", "pieces", "units"),
    labels=("Quantity", "Qty", "Pieces", "Count", "Units", "Number of items", "How many", "Pcs"),
    verb=(
        "[has|contains|counts] {quantity} [pieces|units|items]", "is for {quantity} [pieces|units|items]",
        "asks for {quantity} of them", "lists a quantity of {quantity}", "comes to {quantity} [pieces|units]",
        "says {quantity} [pieces|pcs]", "includes {quantity} of these", "has the quantity {quantity}",
    ),
    tail=(
        "quantity {quantity}", "qty {quantity}", "{quantity} pieces", "{quantity} pcs", "{quantity} units",
        "in all {quantity} pieces", "{quantity} of them", "x{quantity}",
    ),
    said=(
        "I [need|want|ordered|took] {quantity} of them", "the quantity is {quantity}",
        "I'd like {quantity} [pieces|units]", "{quantity} [pieces|units], please",
        "please send {quantity} [pieces|units]", "quantity: {quantity}", "there should be {quantity} of them",
        "make it {quantity} [pieces|of them]", "in all {quantity} pieces",
    ),
    apart=(
        "the quantity is {quantity}", "quantity: {quantity}", "[there are|we need] {quantity} [pieces|units]",
        "{quantity} [pieces|units] in all", "[please pack|pack] {quantity} of them", "number of pieces: {quantity}",
        "the count is {quantity}", "qty {quantity}", "{quantity} of these were asked for",
    ),
)  # fmt: skip
TOTAL = Field(
    "total", lambda draw, _record: values.amount(draw), "number", natural=0.5,
    keys=("total_price", "amount", "price", "totalAmount", "sum", "order_total"),
    labels=("Total", "Amount", "Price", "Sum", "Total price", "To pay", "Order total", "Cost", "Total amount"),
    verb=(
        "costs {total}", "comes to {total}", "has a total of {total}", "adds up to {total}", "amounts to {total}",
        "was paid with {total}", "is worth {total}", "totals {total}", "makes {total} in all",
    ),
    tail=(
        "total {total}", "at {total}", "for {total}", "in total {total}", "worth {total}", "sum {total}",
        "{total} in all", "price {total}",
    ),
    said=(
        "I paid {total}", "the total was {total}", "it cost me {total}", "my card was charged {total}",
        "the price was {total}", "I was billed {total}", "the sum is {total}", "that made {total} in all",
        "total: {total}", "I transferred {total}",
    ),
    apart=(
        "the total is {total}", "total: {total}", "[it|all of it] costs {total}", "the amount [due|to pay] is {total}",
        "{total} [was paid|is due|in all]", "the bill says {total}", "the sum comes to {total}", "we charged {total}",
        "payment: {total}",
    ),
)  # fmt: skip
DATE = Field(
    "date", plain(values.date), natural=0.35,
    keys=("order_date", "ordered_on", "orderDate", "placed_on", "day"),
    labels=("Date", "Order date", "Ordered on", "Placed on", "Day", "Date of order", "When", "Dated"),
    verb=(
        "was placed on {date}", "is dated {date}", "came in on {date}", "was received on {date}", "was made on {date}",
        "is from {date}", "has the date {date}", "reached us on {date}", "arrived in our system on {date}",
    ),
    tail=(
        "placed on {date}", "dated {date}", "of {date}", "date {date}", "from {date}", "on {date}", "received {date}",
        "as of {date}",
    ),
    said=(
        "I ordered on {date}", "I placed it on {date}", "the date was {date}", "it was on {date}",
        "I bought it on {date}", "order date: {date}", "the order is from {date}", "date: {date}", "that was on {date}",
    ),
    apart=(
        "the order date is {date}", "date: {date}", "it came in on {date}", "[it|this] was ordered on {date}",
        "the date on it is {date}", "on {date} it was placed", "dated {date}", "the stamp says {date}",
        "the day was {date}",
    ),
)  # fmt: skip
SHIP_CITY = Field(
    "city", plain(values.city), natural=0.35,
    keys=("ship_to", "delivery_city", "shipping_city", "destination", "shipTo", "town"),
    labels=("City", "Ship to", "Delivery to", "Destination", "Delivery city", "Town", "Send to", "Shipping city"),
    verb=(
        "ships to {city}", "goes to {city}", "will be delivered to {city}", "is on its way to {city}",
        "has to reach {city}", "is to be sent to {city}", "will go out to {city}", "has {city} as its destination",
        "was shipped to {city}",
    ),
    tail=(
        "to {city}", "delivery to {city}", "for delivery in {city}", "shipping to {city}", "destination {city}",
        "sent to {city}", "bound for {city}", "going to {city}",
    ),
    said=(
        "please deliver to {city}", "I live in {city}", "ship it to {city}", "the destination is {city}",
        "send it to {city}", "it should go to {city}", "delivery to {city}", "my city is {city}",
        "I'm waiting in {city}",
    ),
    apart=(
        "delivery is to {city}", "the destination is {city}", "ship to: {city}", "it goes to {city}",
        "the parcel is for {city}", "city: {city}", "[please ship|ship] [it|everything] to {city}",
        "the delivery city is {city}", "it will travel to {city}",
    ),
)  # fmt: skip
STATUS = Field(
    "status", lambda draw, _record: Value.of(draw.any(STATUSES)), natural=0.2,
    keys=("order_status", "state", "orderStatus", "current_status"),
    labels=("Status", "State", "Order status", "Current status", "Progress", "Status now", "Stage", "Order state"),
    verb=(
        "is {status}", "is marked as {status}", "has the status {status}", "shows as {status}", "is now {status}",
        "was set to {status}", "is currently {status}", "stands at {status}",
    ),
    tail=(
        "{status}", "status {status}", "currently {status}", "now {status}", "marked {status}", "status: {status}",
        "still {status}",
    ),
    said=(
        "your page says {status}", "the status is {status}", "it shows as {status}", "it is marked {status}",
        "status: {status}", "online it says {status}", "the app says {status}", "it has been {status} for days",
    ),
    apart=(
        "status: {status}", "the status is {status}", "it is marked {status}", "[the system|the screen] says {status}",
        "state: {status}", "we set it to {status}", "the order shows {status}", "at the moment it is {status}",
    ),
)  # fmt: skip
ORDER_EMAIL = Field(
    "email", own_email, natural=0.15,
    keys=("customer_email", "email_address", "mail", "contact_email", "customerEmail"),
    labels=("Email", "E-mail", "Mail", "Customer e-mail", "Contact", "E-mail address", "Contact e-mail", "Receipt to"),
    tail=("e-mail {email}", "contact {email}", "mail {email}"),
    said=(
        "my e-mail is {email}", "write to {email}", "please confirm to {email}", "send the receipt to {email}",
        "reach me at {email}", "mail: {email}", "you have my address {email}", "answer to {email}",
    ),
    apart=(
        "the customer's e-mail is {email}", "e-mail: {email}", "the receipt went to {email}", "contact: {email}",
        "we wrote to {email}", "confirmation goes to {email}", "the mail address is {email}", "reply to {email}",
    ),
)  # fmt: skip

ORDER = RecordKind(
    "order",
    nouns=(
        "order", "order", "purchase", "order details", "order data", "purchase order", "customer order", "online order",
    ),
    head="order_id",
    subject=(
        "order {order_id}", "the order {order_id}", "order number {order_id}", "purchase {order_id}",
        "[our|your] order {order_id}", "[a|the] new order, {order_id},", "the order", "this order",
        "[a|the] [new|latest] order", "the purchase", "today's order", "an order",
    ),
    again=("it", "it", "the order", "this order", "the purchase", "the same order", "it all", "the whole order"),
    fields=(ORDER_ID, CUSTOMER, PRODUCT, QUANTITY, TOTAL, DATE, SHIP_CITY, STATUS, ORDER_EMAIL),
    openings=(
        "{customer} ordered {quantity} x {product}", "{customer} [ordered|bought] {quantity} {product} for {total}",
        "order {order_id}: {quantity} x {product}", "order {order_id}: {quantity}x {product}, {total}",
        "order {order_id} from {customer}",
        "on {date} {customer} ordered {quantity} {product}", "{customer} bought the {product}",
        "{customer} from {city} [ordered|bought] the {product}",
        "{customer} [has ordered|ordered|placed an order for] a {product}", "{customer} placed order {order_id}",
        "{customer} placed order {order_id} for {quantity} {product}", "{quantity} x {product} for {customer}",
        "{quantity} {product}, total {total}", "{customer} paid {total} for {quantity} {product}",
        "{customer} paid {total} for the {product}",
        "order {order_id} ({total}) for {customer}", "order {order_id} of {date}: {product}",
        "{product} x {quantity} for {customer}", "we received an order for {quantity} {product}",
        "please send {quantity} x {product} to {customer}", "the {product} was ordered by {customer} on {date}",
        "order {order_id}, {customer}, {city}",
        "{customer} wants {quantity} {product} [delivered|sent|shipped] to {city}",
        "[ship|send] {quantity} {product} to {customer} in {city}", "{order_id}: {customer}, {quantity} x {product}",
        "a total of {total} for {quantity} {product}",
        "{customer} [took|chose|picked] {quantity} pieces of the {product}",
        "{quantity} pieces of the {product} go to {city}", "for {total}, {customer} gets {quantity} {product}",
        "order {order_id} for the {product} is {status}", "order {order_id} is {status}",
        "{customer}'s order {order_id}",
    ),
    said_openings=(
        "I ordered {quantity} {product} on {date}", "I would like to order {quantity} {product}",
        "I ordered the {product} ({order_id})", "I placed order {order_id} on {date}",
        "please send {quantity} x {product} to {city}", "I want to buy {quantity} {product}",
        "my order {order_id} was for {quantity} {product}", "I paid {total} for the {product}",
        "I bought {quantity} {product} for {total}", "I'd like {quantity} of the {product}",
        "my name is {customer} and I ordered the {product}", "I'm {customer}, order {order_id}",
        "can I have {quantity} {product}, please", "order {order_id}: I bought the {product} for {total}",
        "I am {customer} and my order number is {order_id}", "we need {quantity} {product} in {city}",
        "on {date} I bought the {product}", "put me down for {quantity} x {product}",
    ),
    distractors=(
        "[the clerk|the agent|the driver] was {other_name}",
        "[another|an earlier|an older] order had the number {other_code}",
        "[the invoice|the bill] will be sent by {other_company}",
        "the {other_product} [is sold out|was not available|is not included]", "shipping takes {other_number} days",
        "[the depot|the warehouse] is in {other_city}",
        "a [voucher|discount] of {other_amount} [has expired|does not apply]", "[packed|checked] by {other_name}",
        "{other_first} [at the front desk|from the shop|in accounts] [knows|took it|helped]",
        "[the customer number|the account] is {other_code}",
        "the next truck leaves on {other_date}", "it is [customer|visit|call] number {other_number} [today|this week]",
        "[a gift card|a flyer] is [added|enclosed]", "[it|the parcel] may pass through {other_city}",
        "{other_name} [recommended|praised] the shop", "the offer [ends|ended] on {other_date}",
    ),
    tight=(
        "{order_id}, {customer}, {product}", "{quantity} x {product}", "{quantity}x {product} - {total}",
        "{quantity} {product}, {total}", "{customer}: {quantity} x {product}", "{order_id} / {customer} / {total}",
        "{order_id} {product} {quantity}", "{order_id}: {quantity} x {product} = {total}",
        "{product} ({quantity}), {total}", "{customer}, {product}, {quantity}",
        "{order_id} | {customer} | {product} | {quantity}", "{order_id} - {product}", "{customer}, {order_id}",
        "{product}, {quantity} pcs, {total}, {city}", "{order_id}, {date}, {total}", "{customer} - {product} - {city}",
        "{order_id} {customer} {quantity} {product}", "{order_id}: {customer}, {quantity} x {product}, {total}",
        "{customer}: {product}, {total}", "{date} {customer} {product} {total}",
    ),
)  # fmt: skip
