"""What of people's words stays in the house, and what must not be taken for it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from listener.domain.marked import Marked
from listener.domain.masking import masked, masked_text
from listener.domain.voice import quoted
from tests.builders import a_voice

ADDRESS, PHONE, NUMBER = "[•••@•••]", "[☎ •••]", "[№ •••]"

ADDRESSES = (
    "anna.kovacs@example.co.uk",
    "mail me: anna+shop@sub.example.com.",
    "邮箱zhang_san@qq.com谢谢",
    "anna [at] example [dot] com",
    "anna(kukac)freemail.hu",
    "josé@correo.es",
)
# Hungary, Britain, North America, Germany, France, Spain, Brazil, China, Taiwan, Hong Kong, Japan,
# Korea, India, Indonesia, Thailand, Turkey, Russia, Poland, Italy, the Netherlands, Egypt, Arabia.
PHONES = (
    "call +36 30 123 4567",
    "+36301234567-en",
    "+36-1-234-5678",
    "06 30 123 4567",
    "06301234567",
    "06-30/123-4567",
    "06/30/123-4567",
    "06 1 234 5678",
    "(06 1) 234-5678",
    "20/123-4567",
    "30 123 4567",
    "0036 30 123 4567",
    "+44 20 7946 0958",
    "+44 (0)20 7946 0958",
    "07911 123456",
    "020 7946 0958",
    "(212) 555-1234",
    "212-555-1234",
    "212.555.1234",
    "+1 212 555 1234",
    "1-800-555-0199",
    "2125551234",
    "0151 23456789",
    "030/1234567",
    "+49 (0) 151 2345678",
    "06 12 34 56 78",
    "06.12.34.56.78",
    "0612345678",
    "+33 6 12 34 56 78",
    "612 34 56 78",
    "612 345 678",
    "+34 612 345 678",
    "(11) 91234-5678",
    "11 91234-5678",
    "+55 11 91234-5678",
    "13812345678",
    "电话13812345678，请联系",
    "138 1234 5678",
    "138-1234-5678",
    "+86 138 1234 5678",
    "010-12345678",
    "0912-345-678",
    "+886 912 345 678",
    "9123 4567 call me",
    "whatsapp 91234567",
    "+852 9123 4567",
    "090-1234-5678",
    "03-1234-5678",
    "0120-123-456",
    "010-1234-5678로 전화",
    "+82 10-1234-5678",
    "+91 98765 43210",
    "98765 43210",
    "9876543210",
    "0812-3456-7890",
    "081-234-5678",
    "0532 123 45 67",
    "+90 532 123 45 67",
    "8 (916) 123-45-67",
    "+7 916 123-45-67",
    "89161234567",
    "+48 512 345 678",
    "512-345-678",
    "333 1234567",
    "333 123 4567",
    "06-12345678",
    "٠١٠١٢٣٤٥٦٧٨",
    "+966 50 123 4567",
    "050 123 4567",
    "tel 555-1234",
    "phone: 5551234",
    "telefon 301234567",
    "tel:+36301234567",
    "Tel.0301234567",
    "我的QQ是284210953",
    "+32 8 679 90 00",
    "0556621297 /0566618069",
    "دردشة ٠٥٥٦٦٢١٢٩٧ /٠٥٦٦٦١٨٠٦٩...",
    "089 1234 5678, 089 2345 6789",
    "whats app: (55) 1234-5678",
)
NUMBERS = (  # of cards with a check digit, of accounts, of people; none of them is anybody's
    "4111 1111 1111 1111",
    "4111111111111111",
    "5500-0000-0000-0004",
    "3782 822463 10005",
    "6212345678901232",
    "HU42 1177 3016 1111 1018 0000 0000",
    "HU42117730161111101800000000",
    "DE89 3704 0044 0532 0130 00",
    "GB29NWBK60161331926819",
    "iban: nl91 abna 0417 1643 00",
    "FR14 2004 1010 0505 0001 3M02 606",
    "11773016-11111018-00000000",
    "11773016-11111018",
    "account number 12345678",
    "számlaszám: 1234567",
    "账号 1234567890",
    "身份证110105194912310021",
    "11010519491231002X",
)
KEPT = (
    "order 4839201884 never came",
    "order #4839201884",
    "Order no. 1234567890123",
    "rendelésszám: 1234567890",
    "rendelésem (12345678901) hol van",
    "订单号 1234567890123456",
    "訂單1234567890",
    "Bestellung 123456789012",
    "commande n° 1234567890",
    "112-4839201-8847362",
    "tracking 1Z999AA10123456784",
    "SF1234567890123",
    "RR123456789HU",
    "INV-2023-0001234",
    "#1234567890123",
    "@1234567890",
    "@anna@mastodon.social",
    "@anna_kovacs",
    "$1,234,567.89",
    "1 234 567 Ft",
    "12 345 678 Ft",
    "1 234 567 890 Ft",
    "12.345.678,90 EUR",
    "1.234.567",
    "612 345 678 views",
    "+1 000 000 users",
    "+10000000%",
    "2023-11-22 10:30",
    "2023.11.22. 10:30",
    "22.11.2023 10:00",
    "01.02.2023 10:00",
    "22/11/2023",
    "11/22/2023 at 10",
    "20231122",
    "2019-2023",
    "2019-2020-2021",
    "1990 1995 2000 2005",
    "10:30-12:45",
    "10.30-12.30",
    "9-17 30",
    "LH1234",
    "flight LH 1234",
    "W6 2345",
    "Boeing 737-800",
    "iPhone 15 Pro 256",
    "version 10.0.19045.3693",
    "192.168.100.200",
    "47.497912, 19.040235",
    "0.123456789",
    "978-3-16-148410-0",
    "9783161484100",
    "1700000000",
    "5 out of 10",
    "24/7",
    "https://x.com/user/status/1234567890123456789",
    "www.shop.com/p/4111111111111111",
    "1-0, 2-1, 3-3",
    "(2023)",
    "100 000",
    "1,000,000,000",
    "3 000 000 000",
    "90210-1234",
    "Route 66 1926",
    "1080p 60fps",
    "rating 4.5/5 from 12345678 people",
    "id 123456789012",
    "โทร 17.00 - 01.00 น.",
    "บัตร 13-14-15",
    "5555555555555",
    "call us 20261122",
    "Ref: 2125551234",
    "交易170584351549",
)


def is_gone(text: str, sign: str) -> bool:
    said = masked_text(text)
    return sign in said and not any(char.isdigit() for char in said)


@pytest.mark.parametrize("text", ADDRESSES)
def test_addresses_go(text: str) -> None:
    assert is_gone(text, ADDRESS)


@pytest.mark.parametrize("text", PHONES)
def test_phones_of_many_countries_go(text: str) -> None:
    assert is_gone(text, PHONE)


@pytest.mark.parametrize("text", NUMBERS)
def test_numbers_of_cards_accounts_and_people_go(text: str) -> None:
    assert is_gone(text, NUMBER)


@pytest.mark.parametrize("text", KEPT)
def test_what_people_need_to_see_stays(text: str) -> None:
    assert masked_text(text) == text


def test_a_wrong_check_digit_is_no_card_and_no_account() -> None:
    assert masked_text("4111 1111 1111 1112") == "4111 1111 1111 1112"
    assert masked_text("GB29 NWBK 6016 1331 9268 18") == "GB29 NWBK 6016 1331 9268 18"
    assert masked_text("11773016-11111018") == f"{NUMBER}"
    assert masked_text("11773017-11111018") == "11773017-11111018"


def test_several_in_one_text_go_one_by_one_and_the_words_between_stay() -> None:
    text = "Write to a@example.com or b@example.com, or call 06 30 123 4567 / 06 1 234 5678 today"
    told = f"Write to {ADDRESS} or {ADDRESS}, or call {PHONE} / {PHONE} today"
    assert masked_text(text) == told


def test_a_word_in_front_says_what_a_bare_number_is() -> None:
    assert masked_text("my number 2125551234") == f"my number {PHONE}"
    assert masked_text("my order 2125551234") == "my order 2125551234"
    assert masked_text("call me about my order: 2125551234") == "call me about my order: 2125551234"
    assert masked_text("order late, call 2125551234") == f"order late, call {PHONE}"


def test_what_is_marked_stays_marked() -> None:
    text = "Acme, call +36 30 123 4567, Acme!"
    said = masked(Marked.of(text, [(0, 4), (28, 32)]))
    assert said.text == f"Acme, call {PHONE}, Acme!"
    assert [piece.text for piece in said.pieces if piece.is_marked] == ["Acme", "Acme"]


def test_a_quote_is_masked_before_it_is_cut_and_its_author_too() -> None:
    text = "word " * 20 + "ring 06 30 123 4567 now " + "and then " * 100
    voice = a_voice(text=text, author="anna@example.com")
    for length in range(80, 130):
        quote = quoted(voice, length, mask=True)
        assert not any(char.isdigit() for char in quote.text)
        assert len(quote.text) <= length
    assert quote.author == ADDRESS
    whole = quoted(voice, 300, mask=False)
    assert "06 30 123 4567" in whole.text
    assert whole.author == "anna@example.com"


def test_a_place_far_into_a_long_text_is_still_seen() -> None:
    text = "06 30 123 4567 " * 400 + "Acme " + "a@example.com " * 400
    quote = quoted(a_voice(text=text, places=((6000, 6004),)), 120, mask=True)
    assert "Acme" in [quote.text[a:b] for a, b in quote.places]
    assert "example" not in quote.text


@given(st.text(st.sampled_from("0123456789٣３ +-./()@#acom电话\n,:$"), max_size=60))
def test_masking_twice_does_no_more_and_leaves_no_marks_astray(text: str) -> None:
    said = masked(Marked.of(text, [(0, len(text) // 2)]))
    assert masked(said) == said
    assert all(0 <= start < end <= len(said.text) for start, end in said.spans)
