"""The topics of three labelled sets, as a user would define them: a name and a line each."""

import gzip
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

AIRLINE: Final = {
    "Bad Flight": "a bad flight: uncomfortable seats, no entertainment or wifi, poor food,"
    " a broken cabin, turbulence",
    "Cancelled Flight": "the flight was cancelled, and we were left stranded or rebooked",
    "Customer Service Issue": "customer service does not help or answer: on hold for hours,"
    " calls hung up, no reply, rude agents on the phone",
    "Damaged Luggage": "luggage was damaged or broken on the way",
    "Flight Attendant Complaints": "rude or unhelpful flight attendants, crew and gate agents",
    "Flight Booking Problems": "problems with booking or changing a flight online: website, app,"
    " reservation, miles, fees",
    "Late Flight": "the flight is late or delayed, waiting for hours, sitting on the runway,"
    " missed connection",
    "Lost Luggage": "luggage was lost or has not arrived, waiting for the bag, baggage claim",
    "longlines": "long lines at check-in, security or boarding, only one agent working",
}
RAILWAY: Final = {
    "Zugfahrt": "die Zugfahrt: Verspätung, Pünktlichkeit, Ausfall, Anschluss, Strecke, Fahrzeit",
    "Sonstige_Unregelmässigkeiten": "Störungen und Ausfälle: Streik, Streckensperrung, Unwetter,"
    " Oberleitung, Signal defekt, Unfall, Chaos",
    "Atmosphäre": "Atmosphäre im Zug: Lärm, laute Fahrgäste, Geruch, Schmutz, Sauberkeit,"
    " Stimmung, Mitreisende",
    "Ticketkauf": "Ticketkauf: Fahrkarte, Preis, Automat, Bahncard, Sparpreis, Reservierung,"
    " Buchung",
    "Sicherheit": "Sicherheit: Polizei, Gewalt, Überfall, Angst, Bombendrohung, Angriff, Unfall",
    "Service_und_Kundenbetreuung": "Service und Kundenbetreuung: Personal, Schaffner,"
    " Zugbegleiter, Kundenservice, freundlich, Beschwerde, Erstattung",
    "Informationen": "Informationen: Durchsage, Anzeige, Auskunft, falsche oder keine Information",
    "Auslastung_und_Platzangebot": "Auslastung und Platzangebot: überfüllter, voller Zug, kein"
    " Sitzplatz, stehen, zu wenig Wagen",
    "Connectivity": "WLAN, Internet, Handyempfang und Netz im Zug",
    "DB_App_und_Website": "App und Website der Bahn, DB Navigator, Login, online",
    "Komfort_und_Ausstattung": "Komfort und Ausstattung: Klimaanlage, Heizung, Sitze, Steckdose,"
    " Wagen alt oder neu",
    "Barrierefreiheit": "Barrierefreiheit: Rollstuhl, Behinderung, Aufzug, Rolltreppe, Einstieg",
    "Image": "Image der Bahn: Ruf, Werbung, Unternehmen, Vertrauen",
}
REVIEWS: Final = {
    "service": "the service and the staff: friendly, attentive, rude, slow waiters, reception",
    "food": "the food and the drinks: taste, fresh, delicious, dishes, menu, portions, wine",
    "price": "the price: expensive, cheap, worth the money, good value",
    "location": "the location: near, central, view, walking distance, neighbourhood",
    "ambience": "the ambience: atmosphere, decor, music, cosy, noisy, romantic",
    "rooms": "the rooms: comfortable bed, bathroom, size of the room, design, air conditioning",
    "cleanliness": "cleanliness: clean, dirty, smell, housekeeping",
    "delivery": "delivery: fast or slow shipping, arrived damaged, lost, packaging, box",
    "battery": "the battery: it lasts long, charging, standby time, drains fast",
    "camera": "the camera: photos, pictures, video, selfies, night mode",
    "screen": "the screen: display, size, resolution, touch, bright, scratches",
    "seller": "the seller and after-sales service: return, exchange, warranty, reply, attitude",
}
_PARTS: Final = {  # what begins so in M-ABSA belongs to that topic of ours; the first that fits
    "service": "service",
    "food prices": "price",
    "drinks prices": "price",
    "food_drinks prices": "price",
    "restaurant prices": "price",
    "hotel prices": "price",
    "rooms prices": "price",
    "facilities prices": "price",
    "room_amenities prices": "price",
    "Price": "price",
    "hotel cleanliness": "cleanliness",
    "rooms cleanliness": "cleanliness",
    "room_amenities cleanliness": "cleanliness",
    "facilities cleanliness": "cleanliness",
    "food": "food",
    "drinks": "food",
    "location": "location",
    "ambience": "ambience",
    "rooms": "rooms",
    "room_amenities": "rooms",
    "Logistics": "delivery",
    "Product Packaging": "delivery",
    "Battery": "battery",
    "Camera": "camera",
    "Shooting": "camera",
    "Screen": "screen",
    "Seller Service": "seller",
    "After-sales": "seller",
}
MOST: Final = 3000  # of M-ABSA, which says the same in 21 languages


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Texts, their topics by number, and which of them are for tuning."""

    name: str
    lines: Mapping[str, str]
    texts: list[str]
    gold: list[frozenset[int]]
    tuning: list[bool]
    single: bool = False  # each text has one topic


def airline(data: Path) -> LabelledSet:
    rows = _rows(data / "airline_us" / "dev.jsonl.gz")
    return _made("airline_us", AIRLINE, rows, lambda r: [r.get("topic")], single=True)


def railway(data: Path) -> LabelledSet:
    rows = _rows(data / "germeval2017" / "dev.jsonl.gz")
    return _made("germeval2017", RAILWAY, rows, lambda r: [a["aspect"] for a in r["aspects"]])


def reviews(data: Path) -> LabelledSet:
    rows = sorted(_rows(data / "m_absa" / "train.jsonl.gz"), key=lambda r: _hash(str(r["id"])))
    return _made("m_absa", REVIEWS, iter(rows), _topics_of_review, most=MOST)


def _topics_of_review(row: Mapping[str, Any]) -> list[str | None]:
    named = [a["aspect"] for a in row["aspects"]]
    return [next((t for part, t in _PARTS.items() if one.startswith(part)), None) for one in named]


def _made(
    name: str,
    lines: Mapping[str, str],
    rows: Iterator[dict[str, Any]],
    topics_of: Callable[[dict[str, Any]], list[Any]],
    *,
    single: bool = False,
    most: int = 1_000_000,
) -> LabelledSet:
    """Those of a set that have any of these topics; a hash of the text says which are for tuning.

    M-ABSA has one sentence in many languages: there a hash of the sentence's number.
    """
    numbers = {topic: n for n, topic in enumerate(lines)}
    made = LabelledSet(name, lines, [], [], [], single)
    for row in rows:
        gold = frozenset(numbers[t] for t in topics_of(row) if t in numbers)
        if gold and len(made.texts) < most:
            made.texts.append(row["text"])
            made.gold.append(gold)
            key = row["id"].split("-train-")[-1] if name == "m_absa" else row["text"].casefold()
            made.tuning.append(_hash(key) % 2 == 0)
    return made


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(file, "rt", encoding="utf-8") as stream:
        yield from map(json.loads, stream)


def _hash(text: str) -> int:
    return int(hashlib.sha256(text.encode()).hexdigest()[:8], 16)
