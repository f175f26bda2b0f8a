"""Asking a store as a search does."""

from listener.domain.query import parse
from listener.store import searching
from listener.store.connection import Store
from listener.store.searching import Wanted
from tests.builders import NOW

TEXTS = {
    1: "My parcel never arrived, shame on Acme",
    2: "我的快遞又丟了，Acme客服沒有回應",
    3: "Két hete „úton van” a csomagom, sehol sincs",
    4: "พัสดุของฉันหายไป แย่มาก",
    5: "荷物が届きません",
    6: "배송이 너무 늦어요",
    7: "Где моя посылка?",
    8: "C++ and naïve café @acme_help #AcmeDelayed 747 😡",
}


def asked(store: Store, written: str, **wanted: object) -> searching.Found:
    query = parse(written, broad=True)
    with store.read() as db:
        return searching.find(db, Wanted(query=query, **wanted), NOW)  # type: ignore[arg-type]


def found(store: Store, written: str, **wanted: object) -> list[int]:
    return [text.id for text in asked(store, written, **wanted).texts]
