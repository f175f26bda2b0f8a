"""Keywords are found as people write them, in any script."""

import pytest

from classifiers.keywords import Keywords


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("late", "It was LATE."),
        ("deliver*", "undelivered? no, delivered"),
        ("on hold", "kept me on  hold for hours"),
        ("on hol*", "on holiday"),
        ("kesik", "Megint késik a busz"),
        ("Kundigung", "meine Kündigung"),
        ("快递", "这个快递太慢"),
        ("机场", "在機場等了三小時"),
        ("アプリ", "このアプリは重い"),
        ("배송", "배송이 늦어요"),
        ("ส่งช้า", "ร้านนี้ส่งช้ามาก"),
        ("توصيل", "والتوصيل متأخر"),
        ("أسعار", "الاسعار غالية"),
        ("डिलीवरी", "डिलीवरी लेट हुई"),
        ("ışık", "ISIK yok"),
    ],
)
def test_a_keyword_is_found(keyword: str, text: str) -> None:
    assert Keywords([["nothing"], [keyword]]).hits(text) == {1: 1}


@pytest.mark.parametrize(
    ("keyword", "text"),
    [
        ("app", "happy, apply, apple"),
        ("late", "latest plate"),
        ("on hold", "hold on"),
        ("on hold", "on holding"),
        ("배송", "무료배송"),
        ("", "anything"),
        ("*", "anything"),
    ],
)
def test_what_only_looks_like_it_is_not(keyword: str, text: str) -> None:
    assert not Keywords([[keyword]]).hits(text)


def test_each_keyword_counts_once() -> None:
    hits = Keywords([["bag*", "lost"], ["bags"]]).hits("lost bags, bags lost, baggage")
    assert hits == {0: 2, 1: 1}
