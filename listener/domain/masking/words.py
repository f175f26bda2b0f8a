"""Words that say what a number is: a phone's, an account's, an order's, an amount."""

import re
from typing import Final

from listener.domain.text import UNSPACED

_ALPHABETIC: Final = re.compile(r"[\x21-\u024f\u0400-\u04ff]")  # Latin, Cyrillic
_LETTER: Final = rf"[^\W{UNSPACED}]"  # 我的QQ holds a word, too


def _any(words: str) -> re.Pattern[str]:
    """One of these: whole words, or what begins with "word*"; other scripts' within others.

    "a_b" is written in two words. What a word begins and ends at is written once for all of them:
    compiling it for each took half a second.
    """
    kinds: dict[str, list[str]] = {"within": [], "begins": [], "whole": []}
    for word in (written.replace("_", " ") for written in words.split()):
        stem = re.escape(word.rstrip("*"))
        if _ALPHABETIC.match(word) is None:
            kinds["within"].append(stem)
        else:
            kinds["begins" if word.endswith("*") else "whole"].append(stem)
    within, begins, whole = ("|".join(kind) for kind in kinds.values())
    return re.compile(rf"{within}|(?<!{_LETTER})(?:{begins}|(?:{whole})(?!{_LETTER}))")


PHONES: Final = _any(
    "phone* tel tel. telephone* mobile* cell cellphone call whatsapp* sms text_me fax viber "
    "reach_me ring_me my_number phone_no qq telefon* handy* mobil* ruf anrufen rufnummer* "
    "hívj* hívd tel: téléphone* portable appel* teléfono* telefono* llám* móvil celular* "
    "telefone* telemóvel ligue zap cellulare chiam* nomor_hp hubungi telp* arayın cep "
    "zadzwo* komórk* sđt телефон* тел звони* позвони* номер_мой 电话 電話 手机 手機 "
    "联系方式 聯絡 致电 致電 微信 "
    "☎ 📞 📱 携帯 ケータイ 전화 연락처 핸드폰 휴대폰 هاتف جوال موبايل اتصل واتس फोन "
    "फ़ोन मोबाइल कॉल โทร เบอร์"
)
ACCOUNTS: Final = _any(
    "account_number* account_no* acct* a/c* iban sort_code routing card* bank_account "
    "credit_card debit_card ssn social_security passport* konto* kontonummer* kartennummer* "
    "blz számlaszám* bankszámla* kártyaszám* bankkártya* taj* adóazonosító* compte rib carte "
    "cuenta* tarjeta* clabe conta agência cartão cpf conto carta codice_fiscale rekening* "
    "kaart* rachun* konta pesel rekening hesap* kart* tc_kimlik счёт* счет* карт* "
    "账号 帳號 账户 "
    "帳戶 卡号 卡號 银行卡 銀行卡 身份证 身份證 護照 护照 口座 カード 계좌 카드 حساب "
    "بطاقة खाता आधार บัญชี บัตร"
)
REFERENCES: Final = _any(
    "order* tracking* track parcel* package* shipment* ticket* case claim booking* "
    "reservation* reference* ref invoice* receipt* confirmation* serial* sku item* product* "
    "isbn ean upc barcode* flight* code transa* tranzakció* 交易 id pnr imei build version "
    "asin model* policy bestell* auftrag* sendung* rechnung* vorgang* buchung* artikel* "
    "paket* rendelés* csomag* hibajegy* foglalás* cikkszám* nyomkövet* ügyszám* azonosító* "
    "bizonylat* szállítólevél* commande* colis suivi facture* réservation* dossier "
    "référence* pedido* envío* seguimiento factura* reserva* guía encomenda* rastreio "
    "fatura* protocolo* ordine spedizion* fattura* prenotazion* pratica bestelling* "
    "bestelnummer* zending* factuur* zamówieni* przesyłk* paczk* faktur* rezerwacj* заказ* "
    "посылк* трек* накладн* бронь* брониров* sipariş* kargo* takip* rezervasyon* pesanan* "
    "resi tiket* 订单 訂單 单号 單號 运单 運單 快递 快遞 包裹 工单 编号 編號 预订 "
    "預訂 航班 注文 追跡 伝票 予約 問い合わせ 주문 송장 예약 택배 "
    "접수 رقم_الطلب طلبية شحنة تتبع حجز فاتورة ऑर्डर बुकिंग ออเดอร์ คำสั่งซื้อ พัสดุ"
)
AMOUNTS: Final = re.compile(
    r"\s?(?:ft|huf|eur|euro|usd|dollar|gbp|chf|pln|zł|kč|czk|ron|lei|kr|sek|nok|dkk|rub|руб|р\.|try|tl"
    r"|rmb|cny|jpy|yen|inr|rs|idr|thb|baht|brl|mxn|krw|won|元|块|塊|円|日元|원|บาท|रुपये|万|萬|億|亿"
    r"|views|users|followers|people|streams|downloads|times|km|kg|mb|gb|percent)(?![a-z])"
    r"|\s?[€$£¥₹₽₩%]"
)
