"""Near-copies: edits of a text are found to be its copies, and others are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.domain.copies import Words, alike, read, signatures
from listener.domain.copies.words import LONGEST

LOST = (
    "Acme lost my parcel again and nobody answers the telephone there, so after three weeks I"
    " still do not know where it is"
)
LATE_ZH = "订了三个星期的包裹到现在还没有收到，客服电话永远打不通，真是太让人失望了"
LATE_HU = (
    "Három hete várok a csomagomra, és az ügyfélszolgálaton senki sem veszi fel a telefont, többet"
    " biztosan nem rendelek innen"
)
LATE_AR = "انتظرت ثلاثة أسابيع حتى يصل الطرد ولم يرد أحد على الهاتف في خدمة العملاء أبدا"
LATE_TH = "รอพัสดุมาสามสัปดาห์แล้วยังไม่ได้รับเลย โทรไปหาฝ่ายบริการลูกค้าก็ไม่มีใครรับสายสักคน"
LATE_KO = "택배를 삼 주째 기다리고 있는데 고객센터는 전화를 전혀 받지 않고 아무런 답변도 없네요"
REPORT = (
    "The airport of the island was closed on Monday after a storm had damaged the roof of its only"
    " terminal. Acme cancelled eleven flights, and about two thousand people had to stay in hotels"
    " or in the halls of schools. A spokeswoman said that the first aeroplanes would leave on"
    " Thursday, if the weather allowed it, and that everybody would get their money back."
)


def words(text: str) -> Words:
    found = read(text)
    assert found is not None, "it is too short to be a copy"
    return found


def finds(one: str, other: str) -> bool:
    """Whether the signature of a text finds an earlier one."""
    made = signatures([words(one), words(other)])
    return bool(set(made.kept[0].tolist()) & set(made.looked[1].tolist()))


@pytest.mark.parametrize(
    ("text", "edited"),
    [
        (LOST, LOST.replace("parcel", "package")),
        (LOST, LOST.replace("again ", "")),
        (LOST, LOST.replace("nobody", "of course nobody")),
        (LOST, f"BREAKING: {LOST}"),
        (LOST, f"RT @newsdesk: {LOST}"),
        (LOST, f"{LOST} — sent from my phone"),
        (LOST, f"{LOST} #fail #neveragain @acme https://example.com/1"),
        (LOST, LOST.upper().replace(",", " -") + " !!! 😡"),
        (LOST, LOST[:70] + "…"),
        (LOST, f"RT @jo: {LOST[:80]}… https://example.com/2"),
        (LOST, f"“{LOST}”"),
        (REPORT, f"Two thousand stranded after the storm\n{REPORT}"),
        (f"Island cut off\n{REPORT}", f"Acme: no flights before Thursday\n{REPORT}"),
        (LATE_ZH, LATE_ZH.replace("真是", "实在")),
        (LATE_ZH, f"转发：{LATE_ZH} #差评 #投诉"),
        (LATE_ZH, LATE_ZH[:24] + "…"),
        (LATE_HU, LATE_HU.replace("csomagomra", "küldeményre")),
        (LATE_HU, f"Figyelem! {LATE_HU}"),
        (LATE_AR, LATE_AR.replace("أبدا", "😡")),
        (LATE_TH, f"{LATE_TH} #แย่มาก"),
        (LATE_KO, LATE_KO.replace("전혀", "절대")),
    ],
)
def test_an_edited_copy_is_found_and_told(text: str, edited: str) -> None:
    for one, other in ((text, edited), (edited, text)):  # whichever comes first
        assert finds(one, other)
        assert alike(words(one), words(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (LOST, REPORT),
        (LATE_ZH, "酒店的房间很干净，早餐也不错，就是离地铁站有点远，下次还会再来住的"),
        (
            "Acme, that seat: it broke my parcel and my battery too",
            "Acme, that seat: it broke my refund and my screen too",
        ),
        (
            "On time again with Acme from Lisbon on Monday, and the crew was kind as ever to us",
            "On time again with Acme from Vienna on Sunday, and the crew was kind as ever to us",
        ),
        (
            "The room was clean and quiet, the breakfast was fresh, and we will surely come back",
            "The room was dirty and loud, there was hardly any breakfast, so once was enough here",
        ),
        (
            "Acme flight from Lisbon to Porto is late by hours, and the crew tells us nothing here",
            "Acme flight from Vienna was on time, the seats are new, and the coffee is not bad",
        ),
        (
            f"“{LOST}” is what people write every day, and that is why a regulator has to act",
            f"Somebody wrote “{LOST}” but the photo shows a shop that closed long ago",
        ),
        (
            f"> {LOST}\nThat is not true at all, mine came within two days, and they were kind",
            f"> {LOST}\nWelcome to the club, they have ignored each of my letters since spring",
        ),
        (LOST, f"“{LOST}” and yet all of you go on ordering there as if there were no other shop"),
    ],
)
def test_what_says_something_else_is_no_copy(one: str, other: str) -> None:
    assert not alike(words(one), words(other))


@pytest.mark.parametrize(
    "text", ["", "good app", "@acme my flight 123 is late", "还不错", "#fail #late #never #again"]
)
def test_a_short_text_is_nobodys_copy(text: str) -> None:
    assert read(text) is None


def test_a_beginning_without_a_sign_that_it_was_cut_is_a_text_of_its_own() -> None:
    assert not alike(words(LOST[:60]), words(LOST))


def test_a_signature_does_not_depend_on_what_else_is_signed() -> None:
    texts = [LOST, LATE_ZH, REPORT, LATE_HU, LATE_TH, LATE_KO, LATE_AR]
    together = signatures([words(text) for text in texts]).looked.tolist()
    assert together == [signatures([words(text)]).looked[0].tolist() for text in texts]
    assert len(set(map(tuple, together))) == len(texts)
    assert len(signatures([]).kept) == 0


def test_what_is_kept_of_a_text_finds_the_text_itself() -> None:
    made = signatures([words(LOST)])
    assert set(made.kept[0].tolist()) < set(made.looked[0].tolist())


def test_of_a_very_long_text_the_beginning_is_compared() -> None:
    long = " ".join(f"{LOST} {number * 'a'}" for number in range(200))
    assert len(words(long).letters) == LONGEST
    assert alike(words(long), words(f"{long} and something else at the end of it"))


@given(st.lists(st.text(min_size=30), max_size=6))
def test_any_texts_can_be_read_signed_and_compared(texts: list[str]) -> None:
    read_ones = [found for text in texts if (found := read(text)) is not None]
    assert len(signatures(read_ones).kept) == len(read_ones)
    for one in read_ones:
        assert alike(one, one)
        for other in read_ones:
            assert alike(one, other) == alike(other, one)
