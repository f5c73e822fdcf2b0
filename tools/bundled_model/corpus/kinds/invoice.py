"""Lines of invoices: item, quantity, unit price, total, number of the invoice, date, company."""

from __future__ import annotations

from .. import values
from ..record import Field, RecordKind, plain
from .order import item_count, marked_code

ITEM = Field(
    "item", plain(values.product), natural=0.95,
    keys=("description", "product", "article", "item_name", "position", "itemDescription"),
    labels=("Item", "Description", "Article", "Product", "Position", "Item name", "Goods", "What"),
    said=(
        "the item is the {item}", "I bought the {item}", "it is for the {item}", "you billed the {item}",
        "the article is the {item}", "item: {item}", "the line says {item}", "we got the {item}",
    ),
    apart=(
        "the item is the {item}", "item: {item}", "the article is the {item}", "[this line is|it is] for the {item}",
        "we billed the {item}", "position: {item}", "the line reads {item}", "description: {item}", "the goods: {item}",
    ),
)  # fmt: skip
QUANTITY = Field(
    "quantity", item_count, "integer", natural=0.85,
    keys=("qty", "count", "units", "pieces", "number", "amount_of_items"),
    labels=("Quantity", "Qty", "Units", "Pieces", "Count", "Pcs", "Number of units", "How many"),
    verb=(
        "was billed {quantity} times", "has a quantity of {quantity}", "is listed with {quantity} pieces",
        "was sold in {quantity} pieces", "comes {quantity} times", "was counted {quantity} times",
        "shows {quantity} units", "is charged for {quantity} units",
    ),
    tail=(
        "{quantity} pieces", "quantity {quantity}", "qty {quantity}", "{quantity} pcs", "{quantity} units",
        "x{quantity}", "{quantity} times", "count {quantity}",
    ),
    said=(
        "I took {quantity} of them", "there were {quantity} pieces", "quantity {quantity}",
        "we received {quantity} units", "you billed {quantity} pieces", "I ordered {quantity}",
        "{quantity} pieces arrived", "the count was {quantity}",
    ),
    apart=(
        "the quantity is {quantity}", "quantity: {quantity}", "{quantity} [pieces|units] were billed",
        "qty: {quantity}", "number of pieces: {quantity}", "the count is {quantity}",
        "[that is|it was] {quantity} pieces", "{quantity} units in all",
    ),
)  # fmt: skip
UNIT_PRICE = Field(
    "unit_price", lambda draw, _record: values.amount(draw, 300), "number", natural=0.7,
    keys=("price", "price_per_unit", "unitPrice", "each", "rate", "single_price"),
    labels=("Unit price", "Price", "Each", "Price per unit", "Rate", "Single price", "Per piece", "Price each"),
    verb=(
        "costs {unit_price} each", "has a unit price of {unit_price}", "is sold at {unit_price} per piece",
        "is {unit_price} per unit", "goes for {unit_price} a piece", "is priced at {unit_price} each",
        "was charged at {unit_price} per unit", "costs {unit_price} per piece",
    ),
    tail=(
        "{unit_price} each", "at {unit_price} each", "unit price {unit_price}", "{unit_price} per piece",
        "{unit_price} per unit", "@ {unit_price}", "{unit_price} apiece", "single price {unit_price}",
    ),
    said=(
        "each one costs {unit_price}", "the unit price is {unit_price}", "one piece is {unit_price}",
        "I paid {unit_price} each", "the price per piece was {unit_price}", "per unit: {unit_price}",
        "one costs {unit_price}", "a single one is {unit_price}",
    ),
    apart=(
        "each costs {unit_price}", "the unit price is {unit_price}", "one piece costs {unit_price}",
        "price per unit: {unit_price}", "unit price: {unit_price}", "per piece we charge {unit_price}",
        "one unit is {unit_price}", "a single one costs {unit_price}",
    ),
)  # fmt: skip
TOTAL = Field(
    "total", lambda draw, _record: values.amount(draw), "number", natural=0.7,
    keys=("amount", "line_total", "sum", "total_amount", "lineTotal", "total_price"),
    labels=("Total", "Amount", "Sum", "Line total", "Total amount", "To pay", "In all", "Total sum"),
    verb=(
        "comes to {total} in total", "makes {total} in all", "adds up to {total}", "has a line total of {total}",
        "totals {total}", "amounts to {total}", "comes to a total of {total}", "sums up to {total}",
    ),
    tail=(
        "total {total}", "in total {total}", "{total} in all", "sum {total}", "line total {total}",
        "altogether {total}", "total: {total}", "makes {total} in total",
    ),
    said=(
        "the total was {total}", "I paid {total} in all", "in total {total}", "the sum is {total}",
        "the line total is {total}", "together {total}", "you charged {total} in total", "it made {total} altogether",
    ),
    apart=(
        "the total is {total}", "total: {total}", "the sum is {total}", "in total {total}", "the line total is {total}",
        "altogether {total}", "the amount due is {total}", "to pay in total: {total}",
    ),
)  # fmt: skip
INVOICE_ID = Field(
    "invoice_number", marked_code, natural=0.4,
    keys=("invoice", "invoice_id", "invoiceNumber", "invoice_no", "number", "bill_number"),
    labels=("Invoice", "Invoice number", "Invoice no.", "Invoice ID", "Bill", "Bill number", "Inv.", "Invoice #"),
    verb=(
        "is on invoice {invoice_number}", "belongs to invoice {invoice_number}", "appears on invoice {invoice_number}",
        "was billed with invoice {invoice_number}", "is part of invoice {invoice_number}",
        "is listed on bill {invoice_number}", "stands on invoice {invoice_number}",
        "was added to invoice {invoice_number}",
    ),
    tail=(
        "invoice {invoice_number}", "on invoice {invoice_number}", "inv. {invoice_number}", "bill {invoice_number}",
        "invoice no {invoice_number}", "see invoice {invoice_number}", "from invoice {invoice_number}",
        "ref invoice {invoice_number}",
    ),
    said=(
        "it is invoice {invoice_number}", "I have invoice {invoice_number}", "my invoice number is {invoice_number}",
        "about invoice {invoice_number}", "the bill has the number {invoice_number}", "invoice: {invoice_number}",
        "see your invoice {invoice_number}", "you sent invoice {invoice_number}",
    ),
    apart=(
        "the invoice number is {invoice_number}", "invoice: {invoice_number}", "this is from invoice {invoice_number}",
        "invoice {invoice_number} [was sent|is due|is attached]", "bill number {invoice_number}",
        "see invoice {invoice_number}", "invoice no. {invoice_number}", "the bill is {invoice_number}",
    ),
)  # fmt: skip
DATE = Field(
    "date", plain(values.date), natural=0.25,
    keys=("invoice_date", "billed_on", "invoiceDate", "issued", "day"),
    labels=("Date", "Invoice date", "Billed on", "Issued", "Date of invoice", "Day", "Dated", "Issued on"),
    verb=(
        "was billed on {date}", "is dated {date}", "was sold on {date}", "was delivered on {date}", "is from {date}",
        "was issued on {date}", "carries the date {date}", "was charged on {date}",
    ),
    tail=(
        "{date}", "dated {date}", "of {date}", "billed {date}", "date {date}", "issued {date}", "on {date}",
        "from {date}",
    ),
    said=(
        "the date is {date}", "I got it on {date}", "it is dated {date}", "the bill is from {date}", "date: {date}",
        "that was on {date}", "you wrote it on {date}", "I paid on {date}",
    ),
    apart=(
        "the date is {date}", "date: {date}", "it was issued on {date}", "dated {date}", "issued: {date}",
        "the invoice date is {date}", "billed on {date}", "it is from {date}",
    ),
)  # fmt: skip
COMPANY = Field(
    "company", plain(values.company), natural=0.25,
    keys=("vendor", "supplier", "seller", "company_name", "issuer", "from"),
    labels=("Company", "Vendor", "Supplier", "Seller", "From", "Issuer", "Billed by", "Sold by"),
    verb=(
        "was sold by {company}", "comes from {company}", "was billed by {company}", "was supplied by {company}",
        "is charged by {company}", "was delivered by {company}", "is from {company}", "was issued by {company}",
    ),
    tail=(
        "from {company}", "by {company}", "sold by {company}", "vendor {company}", "supplier {company}", "{company}",
        "billed by {company}", "seller {company}",
    ),
    said=(
        "the seller is {company}", "it came from {company}", "I bought it from {company}", "the company is {company}",
        "the bill is from {company}", "supplier: {company}", "{company} sent the bill", "we buy from {company}",
    ),
    apart=(
        "the seller is {company}", "vendor: {company}", "the supplier is {company}", "company: {company}",
        "{company} sent the bill", "it was sold by {company}", "the issuer is {company}", "billed by {company}",
    ),
)  # fmt: skip

INVOICE = RecordKind(
    "invoice line",
    nouns=(
        "invoice line", "invoice", "line item", "invoice item", "bill", "invoice data", "billing line",
        "invoice position",
    ),
    head="item",
    subject=("the {item}", "the {item}", "the item {item}", "one {item}", "our {item}", "the article {item}",
             "the item", "this item", "the line", "the article", "this position", "one item"),
    again=("it", "it", "the item", "this item", "this article", "the line", "this position", "the same item"),
    fields=(ITEM, QUANTITY, UNIT_PRICE, TOTAL, INVOICE_ID, DATE, COMPANY),
    openings=(
        "{quantity} x {item} at {unit_price} each", "{quantity} x {item} at {unit_price}, total {total}",
        "{quantity} {item} at {unit_price} = {total}", "{item}, {quantity} pieces, {unit_price} each, total {total}",
        "we charge {total} for {quantity} {item}", "invoice {invoice_number}: {quantity} x {item}",
        "invoice {invoice_number} lists {quantity} {item}",
        "{company} billed {quantity} {item}", "{company} charges {unit_price} per {item}",
        "one {item} costs {unit_price}", "the {item} was billed at {unit_price}",
        "{quantity} pieces of the {item} cost {total}", "for {quantity} {item} you pay {total}",
        "{item} ({quantity} x {unit_price}): {total}", "{quantity} times {item}, {unit_price} apiece",
        "invoice {invoice_number} of {date}: {item}, {total}", "on {date} {company} sold {quantity} {item}",
        "{quantity} units of {item} at a unit price of {unit_price}", "{item} x {quantity}",
        "{item} x {quantity} @ {unit_price}", "please pay {total} for the {item}", "{total} for {quantity} x {item}",
        "the {item} at {unit_price}, {quantity} pieces",
        "{quantity} {item}, {unit_price} each, {total} in total", "invoice {invoice_number} from {company}: {item}",
    ),
    said_openings=(
        "you billed me for {quantity} {item}", "I was charged {total} for {quantity} {item}",
        "I bought {quantity} {item} at {unit_price} each", "on invoice {invoice_number} I see {quantity} x {item}",
        "my invoice {invoice_number} lists the {item}", "we paid {total} for the {item}",
        "I got {quantity} {item} from {company}",
        "the {item} was {unit_price} each", "please check this line: {quantity} x {item}, {unit_price} each",
        "invoice {invoice_number} says {total} for the {item}", "we ordered {quantity} {item} from {company}",
        "I have a bill for {quantity} {item}", "the bill of {date} shows the {item}",
        "I owe you {total} for {quantity} {item}",
    ),
    distractors=(
        "[tax|VAT] of {other_number} percent is [included|added]", "pay before {other_date}",
        "[the account|the contract|the order] number is {other_code}",
        "[contact|ask] {other_name} [for questions|about it]",
        "[shipping|postage] of {other_amount} is [extra|billed apart]", "[the customer|the client] is {other_name}",
        "[the warehouse|the office] is in {other_city}",
        "[the next line|another line] is for the {other_product}",
        "[a discount|a rebate] of {other_number} percent [applies|was given]",
        "[payable|to be paid] within {other_number} days", "[the bank|the carrier] is {other_company}",
        "[checked|signed] by {other_name}", "page {other_number}", "[thank you|thanks] for your [order|business]",
    ),
    tight=(
        "{quantity} x {item}, {unit_price}, {total}", "{item} {quantity} {unit_price} {total}",
        "{quantity} {item} {total}", "{item}: {quantity} x {unit_price} = {total}",
        "{quantity} x {item} @ {unit_price}", "{item} | {quantity} | {unit_price} | {total}",
        "{item}; {quantity}; {unit_price}; {total}", "{quantity}x {item}", "{item} x{quantity} {total}",
        "{item}, {quantity}, {total}",
        "{invoice_number}: {item}, {total}", "{item} - {total}", "{quantity} * {item} = {total}",
        "{item}, {unit_price}", "{item} ({quantity}) {total}", "{invoice_number} {item} {quantity} {unit_price}",
        "{item} / {quantity} / {unit_price} / {total}", "{quantity} pcs {item}, {unit_price} each",
        "{item}\t{quantity}\t{unit_price}\t{total}",
    ),
)  # fmt: skip
