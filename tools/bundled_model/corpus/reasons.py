"""Why customers write: about twenty reasons, each with ways to say it and ways to answer.

A table without grammar; `support` makes messages and replies of it. Slots are values that a message may mention.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a customer writes: how it is said, how it is acknowledged, and what is done."""

    name: str
    said: tuple[str, ...]
    heard: tuple[str, ...]
    done: tuple[str, ...]
    promises: tuple[str, ...] = ()  # answers that promise a refund, which some policies forbid


REASONS: tuple[Reason, ...] = (
    Reason(
        "late order",
        (
            "my order [has not arrived|hasn't arrived|is late|still isn't here|did not come]",
            "where is my [order|parcel|package]", "my [parcel|package|order] is [late|overdue|delayed]",
            "I am still waiting for my [order|parcel|package]",
            "order {order} [has not arrived|is late|still isn't here]",
            "my order {order} [was due|should have come] [last week|yesterday|days ago]",
            "the {product} I ordered [has not arrived|is late|never came]", "when will my order [arrive|come|get here]",
            "[I ordered|I bought] a {product} and it [has not come|is late|is still not here]",
            "the delivery is [very late|taking too long|overdue]", "I ordered on {date} and nothing has [come|arrived]",
            "why is order {order} taking so long", "it has been two weeks and there is no [parcel|order|delivery]",
            "nothing has been delivered [yet|so far]",
        ),
        (
            "I am sorry that your order is late", "I am sorry for the delay", "I'm sorry that you are still waiting",
            "I am sorry that order {order} is late", "I'm sorry that the {product} has not arrived yet",
            "sorry about the delay with order {order}", "I apologise for the late delivery",
            "I understand that waiting is annoying",
        ),
        (
            "I have asked the carrier where the parcel is, and you will hear from us by tomorrow",
            "we are checking order {order} with the carrier and will write to you today",
            "our shipping team is tracing the parcel now", "we have asked the carrier to trace order {order}",
            "the carrier will send you a new delivery date by e-mail",
            "we will look for the {product} and tell you where it is",
            "you can follow the parcel with the link in your confirmation mail",
            "please allow one more working day while we trace it",
        ),
    ),
    Reason(
        "refund",
        (
            "I want my money back", "I would like a refund", "can I get a refund for my order",
            "please refund order {order}", "I want a refund for the {product}", "how do I get my money back",
            "I sent the {product} back and [want|need] my money", "when will I get my refund",
            "the refund for order {order} has not come", "I returned everything and got no money",
            "I am not happy with the {product} and want my money back", "[give me|I demand] a refund",
            "is it possible to be refunded", "refund please",
        ),
        (
            "thank you for asking about a refund", "I am sorry that the {product} was not right for you",
            "I'm sorry that you are not happy with your order", "thank you for your message about order {order}",
            "I understand that you would like your money back", "I have noted your wish for a refund",
            "thank you for telling us about the return", "I am sorry about the trouble with order {order}",
        ),
        (
            "I have passed your request to our billing team, who will check it within three working days",
            "our billing team will look at order {order} and write to you",
            "please send the item back with the label from your account, and we will check it",
            "refund requests are checked by our billing team",
            "please tell us the reason so that our team can check the case",
            "the billing team will check whether a refund is possible",
            "we have opened a case for the {product} and will write to you soon",
            "you can ask for a return label in your account",
        ),
        (
            "we will refund the full amount within five days", "you will get your money back this week",
            "I have refunded order {order} for you", "your refund is on its way",
            "we will pay back the price of the {product}", "the money will be back in your account in three days",
            "I promise that you will get a full refund", "we guarantee you a refund",
        ),
    ),
    Reason(
        "password",
        (
            "I forgot my password", "I [can't|cannot] log in", "my password does not work",
            "how do I [reset|change] my password", "I am locked out of my account", "the login [fails|is not working]",
            "I need a new password", "the reset link does not work", "your site says my password is wrong",
            "I can't get into my account", "my account is locked", "I lost my password and need [help|access]",
            "the password mail never came",
        ),
        (
            "I am sorry that you cannot log in", "I'm sorry about the trouble with your password",
            "that is easy to fix", "thank you for letting us know about the login problem",
            "I can help you with your password", "sorry that you are locked out",
            "no problem, passwords can be reset at any time", "I understand that you need your account",
        ),
        (
            "please click on 'Forgot password' on the login page, and we will send you a new link",
            "you can reset your password on the login page",
            "we have sent a new reset link to the address in your account",
            "please look in your spam folder for the reset mail",
            "the reset link is valid for one hour, so please use it soon",
            "please choose a new password with at least twelve characters", "please try the link in another browser",
            "your account opens again thirty minutes after the last try",
        ),
    ),
    Reason(
        "damaged item",
        (
            "the {product} [arrived|came] [broken|damaged|cracked]", "my {product} is [broken|damaged|scratched]",
            "the [box|parcel|package] was [damaged|crushed|open]", "I received a broken item",
            "the item in order {order} is [damaged|broken]", "my order came [damaged|in pieces|broken]",
            "there is a crack in the {product}", "the {product} has a scratch", "the {product} was in pieces",
            "what I got is damaged", "everything in the box was broken",
            "I opened the box and the {product} was broken", "order {order} arrived damaged",
        ),
        (
            "I am sorry that your item arrived damaged", "I'm sorry that the {product} is damaged",
            "I am sorry about the damage", "thank you for telling us about the damaged item",
            "that should not have happened, and I am sorry", "I'm sorry that order {order} arrived damaged",
            "I apologise for the damaged parcel", "that is not how the {product} should arrive",
        ),
        (
            "please send us a photo of the damage, and we will send a new one",
            "we will send you a new {product} free of charge",
            "a replacement for order {order} will leave our warehouse tomorrow",
            "please keep the box until the carrier has seen it", "we will arrange a pickup and a replacement",
            "you do not need to send the broken item back", "please reply with a photo so that we can replace it",
            "our team will replace it as soon as we have a photo",
        ),
    ),
    Reason(
        "wrong item",
        (
            "I got the wrong [item|product|thing]", "you sent me the wrong [item|product|size|colour]",
            "I ordered a {product} and got something else", "this is not what I ordered",
            "order {order} has the wrong item in it", "the {product} is the wrong [size|colour|model]",
            "the colour of the {product} is wrong", "one item in my order is wrong", "someone else's order came to me",
            "instead of the {product} I got [something else|a different one]", "the size is wrong",
            "there was a different product in the box",
        ),
        (
            "I am sorry that you got the wrong item", "I'm sorry about the mix-up", "sorry that we sent the wrong item",
            "thank you for telling us about the mistake", "I am sorry that the {product} was not in your parcel",
            "I apologise for the mistake with order {order}", "that was our mistake, and I am sorry",
            "I'm sorry that it is not what you ordered",
        ),
        (
            "we will send you the right item today and pick up the wrong one",
            "the {product} will leave our warehouse today",
            "please use the return label in your account for the wrong item",
            "we will correct order {order} and send the right item", "you will get the right item without extra cost",
            "please keep the wrong item ready for our driver",
            "a driver will pick up the wrong item when the right one comes",
            "the right item has been packed and will reach you in two days",
        ),
    ),
    Reason(
        "change address",
        (
            "I need to change my [address|delivery address|shipping address]", "I have moved",
            "please change the address of order {order}", "can you send it to another address",
            "I typed the wrong address", "my address is wrong", "how do I change my address",
            "order {order} should go to my new address", "I have moved to {city}", "please deliver to {city} instead",
            "I'm moving to {city} soon", "the address in my account is old",
            "can I [update|change] where it is delivered", "send my order to a different place",
        ),
        (
            "thank you for telling us about your new address", "I can help you with the address",
            "thanks for the update", "thank you for letting us know that you are moving",
            "we can change the address of order {order}", "good that you wrote before we shipped",
            "no problem, addresses can be changed until the parcel leaves", "congratulations on your move to {city}",
        ),
        (
            "please reply with the full new address, and we will update it",
            "you can change the address in your account under 'Addresses'",
            "please send us the street, the postcode and the city",
            "we can still change order {order} as long as it has not been shipped",
            "please send us your street in {city} so that we can update it",
            "we will send you a note when the address has been changed",
            "the new address will be used for all orders from now on",
            "please check the address on the new confirmation mail",
        ),
    ),
    Reason(
        "opening hours",
        (
            "when are you open", "what are your opening hours",
            "are you open on [Sunday|Saturday|Sundays|weekends|Monday]", "when does the shop [open|close]",
            "until when are you open today", "what time do you [close|open]", "is the shop in {city} open",
            "when can I call you", "when is your support team there", "are you open on holidays",
            "when can I visit the shop in {city}", "how late is the store open", "at what time do you open",
            "is anybody there on Saturday",
        ),
        (
            "thank you for asking", "thank you for your interest in our shop",
            "thanks for your question about our hours", "we look forward to your visit", "happy to help with our hours",
            "good that you ask before you come", "thank you for your question", "it is nice that you want to visit us",
        ),
        (
            "our shop is open Monday to Friday from 9:00 to 18:00",
            "we are open from Monday to Friday between 9:00 and 18:00",
            "on Saturday we are open from 10:00 to 14:00, and we are closed on Sunday",
            "the shop in {city} is open Monday to Saturday from 10:00 to 18:00",
            "on Sundays and holidays we are closed",
            "our support team answers from Monday to Friday between 8:00 and 20:00",
            "you can call us on weekdays from 8:00 to 20:00", "on holidays the hours are on our website",
        ),
    ),
    Reason(
        "billing",
        (
            "I was charged twice", "there is a [mistake|problem|wrong amount] on my [bill|invoice]",
            "why was I charged {amount}", "my card was charged twice for order {order}", "my invoice is wrong",
            "I don't understand my bill", "you took {amount} from my account", "the amount on my invoice is too high",
            "I paid twice", "I see a charge that I do not know", "the invoice for order {order} is wrong",
            "there is an extra fee on my bill", "you billed me for a {product} that I never got",
            "my bill is {amount} too high",
        ),
        (
            "I am sorry about the trouble with your bill", "I'm sorry that you were charged twice",
            "thank you for telling us about the charge", "I understand that the bill looks wrong",
            "sorry for the confusion about the invoice", "I am sorry about the charge of {amount}",
            "thank you for your message about the invoice for order {order}", "I see why you ask about the amount",
        ),
        (
            "our billing team will check the charge and write to you within two days",
            "the billing team is checking the payment for order {order}",
            "a second charge is often a reservation that disappears after a few days",
            "we will check the {amount} and send you a corrected invoice if it is wrong",
            "please send us a copy of the invoice so that we can check it",
            "you will get a corrected invoice by e-mail if there was a mistake",
            "we have opened a billing case and will keep you informed",
            "please do not pay the second invoice until we have checked it",
        ),
        (
            "we will pay the second charge back to you", "you will get the {amount} back this week",
            "I have refunded the second payment", "the extra fee will be refunded today",
            "your bank will get the money back from us tomorrow",
        ),
    ),
    Reason(
        "cancel",
        (
            "I want to cancel my order", "please cancel order {order}", "can I [still cancel|cancel] my order",
            "cancel my order, please", "I don't need the {product} any more", "how do I cancel",
            "I changed my mind and want to cancel", "stop order {order}", "I ordered the {product} by mistake",
            "is it too late to cancel", "please do not send the {product}", "I want to cancel before it is shipped",
            "cancel everything I ordered",
        ),
        (
            "thank you for letting us know", "I understand that you want to cancel",
            "thanks for your message about order {order}", "I am sorry that you no longer want the {product}",
            "no problem, plans change", "I can help you to cancel", "that happens, and it is no problem",
            "I have read your wish to cancel",
        ),
        (
            "we have stopped order {order}, and you will get a confirmation by e-mail",
            "your order has been cancelled if it was not yet shipped",
            "you can cancel in your account as long as the order has not been shipped",
            "if the parcel is already on its way, please refuse it at the door",
            "we will cancel the {product} and send you a confirmation", "please wait for the confirmation by e-mail",
            "we will try to stop the parcel before it leaves our warehouse",
            "orders that have been shipped can be sent back within thirty days",
        ),
    ),
    Reason(
        "shipping cost",
        (
            "how much is shipping", "what does [shipping|delivery] cost", "is [shipping|delivery] free",
            "how much is delivery to {city}", "why is shipping so expensive", "what are the shipping costs to {city}",
            "do you ship to {city}", "do I have to pay for delivery", "what does it cost to send a {product}",
            "can I get free shipping", "how much do I pay for express delivery", "is there a fee for delivery",
            "do you deliver abroad",
        ),
        (
            "thank you for asking about shipping", "thanks for your question about delivery",
            "happy to tell you about our shipping costs", "thank you for your interest in our shop", "good question",
            "yes, we ship to {city}", "thank you for asking about the {product}", "I am glad to help with shipping",
        ),
        (
            "shipping costs 4.90, and it is free for orders over 50",
            "delivery to {city} costs 4.90 and takes two to four days",
            "the exact price is shown in the basket before you pay", "express delivery costs 9.90 and takes one day",
            "orders over 50 are delivered free of charge",
            "we ship to most countries, and the price depends on the weight",
            "a {product} is sent as a normal parcel for 4.90", "you can also pick up your order in our shop for free",
        ),
    ),
    Reason(
        "close account",
        (
            "I want to [close|delete] my account", "please delete my account", "how can I delete my account",
            "remove all my data", "I no longer want an account", "please remove my data from your system",
            "close my account, please", "how do I get rid of my account", "delete everything you know about me",
            "I wish to leave and delete my profile", "can you erase my account", "my account should be deleted",
        ),
        (
            "I am sorry to see you go", "thank you for your message about your account",
            "I understand that you want to close your account", "thanks for being our customer",
            "your data belongs to you", "I have read that you want to leave",
            "I am sorry that you want to close your account", "of course you can close your account",
        ),
        (
            "you can delete your account under 'Settings', and all data is removed after thirty days",
            "we have sent you a mail, and the account is deleted when you confirm it",
            "please confirm the request with the link in our mail", "we will remove your data within thirty days",
            "invoices must be kept for the tax office, but everything else is deleted",
            "please make sure that no order is open before you close it",
            "the account closes as soon as you confirm the link",
            "if you change your mind, just log in within thirty days",
        ),
    ),
    Reason(
        "availability",
        (
            "is the {product} in stock", "do you have the {product}", "when will the {product} be back",
            "do you sell {product}s", "is the {product} available in {city}", "can I buy the {product} in your shop",
            "the {product} is sold out", "will you get more of the {product}",
            "do you still have the {product} in blue", "I am looking for a {product}", "can I reserve the {product}",
            "how many of the {product} do you have left",
        ),
        (
            "thank you for your interest in the {product}", "thanks for asking about the {product}",
            "good news about the {product}", "the {product} is very popular", "I am happy to check that for you",
            "thank you for your question", "great choice", "I have looked at our stock for you",
        ),
        (
            "the {product} is in stock and can be ordered today",
            "it will be back next week, and you can sign up for a note on its page",
            "you can see the stock of every shop on the page of the {product}",
            "we expect more of them at the end of the month", "we can keep one for you for two days",
            "please tell us which shop you would like to visit", "it can be ordered online and arrives in three days",
            "if it is sold out, we will write to you as soon as it is back",
        ),
    ),
    Reason(
        "warranty",
        (
            "the {product} stopped working", "my {product} is broken after a [month|year|week]",
            "how long is the warranty", "is the {product} still under warranty", "can you repair my {product}",
            "the {product} does not [turn on|work|charge] any more", "what does the guarantee cover", "I need a repair",
            "my {product} died", "does the warranty cover the {product}", "the {product} I bought on {date} is broken",
            "where can I have the {product} repaired",
        ),
        (
            "I am sorry that the {product} stopped working", "I'm sorry to hear about the fault",
            "thank you for your question about the warranty", "thank you for telling us about the {product}",
            "I understand that you need it to work", "sorry about the trouble with the {product}",
            "I am sorry that it broke so soon", "we want your {product} to work again",
        ),
        (
            "the warranty is two years, and repairs are free in that time",
            "please send us the receipt, and we will arrange a repair", "all our products have a warranty of two years",
            "please describe the fault and add a photo of the receipt",
            "you can bring the {product} to any of our shops for a repair", "we will send you a label for the repair",
            "a repair takes about ten days", "our workshop will check the {product} and write to you",
        ),
    ),
    Reason(
        "discount code",
        (
            "my [discount|voucher|coupon] code does not work", "the code {code} is not accepted",
            "do you have a discount", "how do I use a voucher", "my voucher was rejected",
            "where do I enter the code {code}", "can I get a discount", "the coupon {code} has expired",
            "is there a student discount", "I forgot to enter my code", "can I use two vouchers",
            "the discount was not taken off",
        ),
        (
            "I am sorry that the code does not work", "thank you for asking about our discounts",
            "thanks for your message about the code {code}", "I understand that you want to use your voucher",
            "sorry about the trouble with the code", "I can help you with the voucher",
            "thank you for shopping with us", "I have checked the code {code} for you",
        ),
        (
            "please enter the code in the basket before you pay",
            "each code can be used once and only until its last day", "the code {code} is valid for orders over 30",
            "please check that there is no blank behind the code", "only one code can be used for each order",
            "you can find new offers in our newsletter", "students get ten percent off with a valid card",
            "we have sent you a new code by e-mail",
        ),
    ),
    Reason(
        "copy of invoice",
        (
            "I need [an invoice|a receipt]", "please send me the invoice for order {order}",
            "where can I find my invoice", "I lost my receipt", "can I have a copy of the bill",
            "I need a receipt for order {order}", "my company needs an invoice", "the invoice is missing",
            "can you put my company on the invoice", "I did not get an invoice for the {product}",
            "how do I download my invoice", "please mail me the receipt again",
        ),
        (
            "thank you for asking about your invoice", "I can help you with the invoice",
            "thanks for your message about order {order}", "no problem, you can have a copy",
            "I understand that you need a receipt", "I am sorry that the invoice is missing",
            "happy to help with the receipt", "thank you for your order",
        ),
        (
            "you can download every invoice in your account under 'Orders'",
            "we have sent the invoice for order {order} to your e-mail address",
            "the invoice will be sent to you by e-mail today",
            "please tell us the name of the company, and we will change the invoice",
            "please look in your spam folder if it does not come", "the receipt is also in the parcel",
            "you will find it next to the order in your account", "we will mail you a copy within one hour",
        ),
    ),
    Reason(
        "app problem",
        (
            "your app keeps crashing", "the app does not [open|work|start]", "the website is [down|slow|not working]",
            "I get an error when I pay", "the payment page does not load", "the app freezes on my phone",
            "I can't put the {product} in the basket", "your site shows an error", "the app logs me out",
            "the search on your site does not work", "I cannot finish my order because of an error",
            "the update broke the app",
        ),
        (
            "I am sorry about the trouble with the app", "I'm sorry that the site does not work for you",
            "thank you for telling us about the error", "sorry that you could not finish your order",
            "thanks for the report", "I understand that this is annoying", "I am sorry about the error",
            "thank you for your patience",
        ),
        (
            "please update the app and start it again",
            "our technical team is working on it and expects to be ready today",
            "please delete the cookies of the site and try again",
            "please send us a picture of the error so that we can look into it",
            "please try another browser until the error is fixed",
            "the team has been told and is looking for the cause",
            "if it happens again, please tell us the time and your device", "you can also place your order by phone",
        ),
    ),
    Reason(
        "subscription",
        (
            "I want to cancel my subscription", "how do I end my subscription", "please stop the newsletter",
            "I want to pause my subscription", "my plan is too expensive", "can I change my plan",
            "why was my subscription renewed", "unsubscribe me", "I did not want to renew",
            "how can I switch to a smaller plan", "stop sending me mails", "when does my subscription end",
        ),
        (
            "thank you for your message about your subscription", "I understand that you want to change your plan",
            "I am sorry that the plan does not suit you", "thanks for telling us",
            "I can help you with the subscription", "no problem, you can change it at any time",
            "sorry if there were too many mails", "I am sorry to see you go",
        ),
        (
            "you can end the subscription in your account under 'Plan'",
            "it ends at the end of the month, and nothing more will be charged after that",
            "please use the link at the end of any newsletter to stop it", "we have stopped the newsletter for you",
            "you can pause it for up to three months", "a smaller plan starts with the next month",
            "you will get a confirmation by e-mail", "the date of the next renewal is shown in your account",
        ),
    ),
    Reason(
        "exchange",
        (
            "can I exchange the {product}", "I need a different size", "how do I return something",
            "I want to send the {product} back", "what is your return policy", "the {product} does not fit",
            "can I swap it for another colour", "how long can I return an item",
            "I would like to exchange order {order}", "the size is too small", "where is the return label",
            "I want to return my order",
        ),
        (
            "thank you for asking about a return", "I am sorry that the {product} does not fit",
            "no problem, you can exchange it", "thanks for your message", "happy to help with the exchange",
            "I understand that you need another size", "thank you for your question about returns",
            "of course you can send it back",
        ),
        (
            "you can return any item within thirty days",
            "please print the return label in your account and put it on the box",
            "please choose the new size in your account, and we will send it",
            "the {product} can be exchanged within thirty days if it is unused",
            "the new one leaves as soon as the old one is back", "returns are free of charge with our label",
            "please write the number {order} on the box", "you can also exchange it in any of our shops",
        ),
    ),
    Reason(
        "speak to a person",
        (
            "I want to talk to a human", "can someone call me", "please connect me to a person",
            "is there a phone number", "I don't want to talk to a bot", "can I speak to a manager",
            "please call me back", "how can I reach you by phone", "I need to talk to somebody",
            "let me speak with an agent", "who can I call", "give me a real person",
        ),
        (
            "of course", "I understand that you want to talk to a person", "thank you for your patience",
            "I am happy to pass you on", "no problem", "sure, our team is there for you",
            "I am sorry that I could not help", "thanks for letting me know",
        ),
        (
            "a colleague will call you back within two hours",
            "our team is there from Monday to Friday between 8:00 and 20:00",
            "please tell us a good time, and somebody will call you", "I have passed your message to a colleague",
            "the phone number is at the bottom of our website", "a member of our team will join this chat in a moment",
            "please stay in this chat until a colleague takes over",
            "you can also write to us, and a person will answer",
        ),
    ),
    Reason(
        "praise",
        (
            "thank you for the quick [delivery|help|answer]", "I love the {product}", "great service",
            "the {product} is wonderful", "everything arrived on time", "your team was very kind",
            "I just want to say thank you", "order {order} was perfect", "you did a great job", "best shop ever",
            "I am very happy with the {product}", "thanks, it works now",
        ),
        (
            "thank you for your kind words", "we are happy to hear that", "that is great to hear",
            "thanks for taking the time to write", "it is wonderful that you like the {product}",
            "I am glad that order {order} went well", "what a nice message", "we are glad that everything went well",
        ),
        (
            "I will pass your thanks on to the team", "enjoy the {product}", "we look forward to your next visit",
            "if you like, you can leave a review on our website", "your message made our day",
            "we hope to see you again soon", "the whole team says thank you",
            "we would be glad if you told your friends",
        ),
    ),
)  # fmt: skip
