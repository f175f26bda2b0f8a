"""What the invented customers of the Slack day say: put together, so that few say the same."""

import random

OPENINGS = (
    "Seriously, {b}.",
    "Has anybody else noticed?",
    "Day ruined.",
    "I have been a customer for years.",
    "Not what I paid for.",
    "Dear {b},",
    "Third time this month!",
    "My mother is in tears.",
    "Can somebody explain this?",
    "What a joke.",
    "Well done {b}, really.",
    "I give up.",
    "Still waiting, {b}.",
    "This is how you lose people.",
    "Unbelievable.",
)
ENDINGS = (
    "Order {n}, if you care.",
    "I want my money back.",
    "Nobody picks up the phone.",
    "Customer number {n}, look it up.",
    "Never again with {b}.",
    "My whole weekend is gone.",
    "Two kids waiting at home.",
    "Your chat closed on me after {n} minutes.",
    "Screenshots saved.",
    "And the bot sends me in circles.",
    "I will tell everyone at work.",
    "Fix it today please.",
    "My bank already called me about it.",
    "Reference {n}.",
    "Am I invisible to you?",
)
TROUBLES = {
    "login": (
        "the {b} app logs me out again and again",
        "I cannot sign in to {b} since this morning",
        "password reset at {b} never arrives",
        "{b} says my account does not exist",
        "two factor code from {b} is always wrong",
        "{b} locked me out before boarding",
        "the {b} login page just spins",
        "{b} asks me to sign in forty times",
    ),
    "refund": (
        "{b} promised a refund weeks ago",
        "where is my refund {b}",
        "{b} refunded half and kept the rest",
        "the {b} refund form is broken",
        "{b} says the refund was sent, it was not",
        "{b} now denies my refund",
        "refund from {b} went to a card I closed",
        "{b} wants a fee for giving my refund",
    ),
    "delivery": (
        "{b} left my parcel in the rain",
        "my {b} parcel has been in the depot for days",
        "{b} marked it delivered and there is nothing",
        "the {b} courier threw my box over the fence",
        "{b} moved my delivery without a word",
        "{b} delivered somebody else's parcel to me",
        "{b} lost the second parcel in a row",
        "the {b} tracking page shows another town",
    ),
    "outage": (
        "{b} is down for me",
        "no signal from {b} anywhere in town",
        "{b} cannot take payments today",
        "the {b} site throws errors at checkout",
        "{b} is offline again, no word from them",
        "all screens of {b} at the station are black",
        "{b} support says everything works, it does not",
        "my shop cannot sell because of {b}",
    ),
    "price": (
        "{b} doubled the price over night",
        "hidden fees at {b} again",
        "{b} charged me twice",
        "my {b} bill is wrong for the third month",
        "{b} raised my rate without asking",
        "the {b} voucher does not count at checkout",
        "{b} bills me for a plan I ended",
        "how is {b} allowed to ask that much",
    ),
    "service": (
        "the {b} agent hung up on me",
        "{b} staff were rude to my father",
        "an hour in the {b} queue for nothing",
        "{b} answered with a form letter",
        "nobody at {b} reads what I write",
        "the {b} counter was closed in the middle of the day",
        "{b} promised a call back that never came",
        "{b} ignores my complaint",
    ),
}
INFLUENCERS = (
    "Two hours at the {b} desk with forty others and one agent. I expected better of them.",
    "The {b} desk has now closed. We are all still standing here, some with small children.",
    "Home at last, no thanks to {b}: no word, no voucher, and my bag is in another country.",
    "A {b} courier turned back through the rain because I had missed the bell. That is service!",
)
PLAIN = (
    "{b} opens at nine on Monday",
    "on my way with {b}",
    "does {b} ship to Norway",
    "new poster of {b}",
    "saw the {b} van in our street",
    "{b} has a stand at the fair",
    "reading about {b} in the paper",
    "got a mail from {b}",
    "my cousin works at {b} now",
    "{b} changed its logo",
)
GLAD = (
    "{b} was quick today, thank you",
    "love the new {b} colours",
    "{b} surprised my daughter",
    "that {b} video made my day",
    "ten out of ten for {b}",
    "{b} sorted it within minutes",
    "the {b} dog is the best thing on here",
    "what a lovely gesture by {b}",
)


def complaint(dice: random.Random, brand: str, about: str = "") -> str:
    core = dice.choice(TROUBLES[about or dice.choice(sorted(TROUBLES))])
    return _said(dice, brand, f"{dice.choice(OPENINGS)} {core}. {dice.choice(ENDINGS)}")


def plain(dice: random.Random, brand: str) -> str:
    return _said(dice, brand, f"{dice.choice(PLAIN)}, {_aside(dice)}")


def praise(dice: random.Random, brand: str) -> str:
    return _said(dice, brand, f"{dice.choice(GLAD)}, {_aside(dice)}")


def _aside(dice: random.Random) -> str:
    return f"{dice.choice(ASIDES)} {dice.choice(ASIDES)} {dice.randrange(100, 999)}"


ASIDES = (
    "corner of",
    "after",
    "before",
    "with aunt",
    "line",
    "near",
    "platform",
    "hall",
    "gate",
    "street",
    "for number",
    "seat",
    "at",
    "floor",
    "since",
    "page",
    "part",
    "bus",
    "tram",
    "shop",
)


def _said(dice: random.Random, brand: str, text: str) -> str:
    return text.format(b=brand, n=dice.randrange(1000, 99_999))
