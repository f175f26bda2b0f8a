"""What to write to people when what they complained of is fixed, in their language.

Drafts for a person to read, change and send: nothing sends them. Each is polite in the way of its
language, and promises no more than that it is fixed. "{name}" is how the person is called, with
what comes after it; "{brand}" whose product it is.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

FALLBACK: Final = "en"

# With the name of the person, and without; the second begins a sentence by itself.
DRAFTS: Final[dict[str, tuple[str, str]]] = {
    "en": (
        "Hi {name}, you told us about a problem with {brand}. It is fixed now. Thank you for"
        " letting us know, and sorry for the trouble. If you still see it, please tell us.",
        "Hi, you told us about a problem with {brand}. It is fixed now. Thank you for letting us"
        " know, and sorry for the trouble. If you still see it, please tell us.",
    ),
    "hu": (
        "Kedves {name}! Korábban jelezte, hogy gondja akadt a következővel: {brand}. A hibát"
        " kijavítottuk. Köszönjük, hogy szólt, és elnézést kérünk a kellemetlenségért. Ha"
        " továbbra is tapasztalja, kérjük, írjon nekünk.",
        "Üdvözöljük! Korábban jelezte, hogy gondja akadt a következővel: {brand}. A hibát"
        " kijavítottuk. Köszönjük, hogy szólt, és elnézést kérünk a kellemetlenségért. Ha"
        " továbbra is tapasztalja, kérjük, írjon nekünk.",
    ),
    "zh-Hans": (
        "{name}，您好！您之前反馈的关于 {brand} 的问题，我们已经解决。感谢您的反馈，对给您带来"
        "的不便深表歉意。如果仍然遇到这个问题，请随时告诉我们。",
        "您好！您之前反馈的关于 {brand} 的问题，我们已经解决。感谢您的反馈，对给您带来的不便深"
        "表歉意。如果仍然遇到这个问题，请随时告诉我们。",
    ),
    "zh-Hant": (
        "{name}，您好！您先前反映的關於 {brand} 的問題，我們已經解決。謝謝您的回饋，造成您的"
        "不便，深感抱歉。如果仍然遇到這個問題，請隨時告訴我們。",
        "您好！您先前反映的關於 {brand} 的問題，我們已經解決。謝謝您的回饋，造成您的不便，深感"
        "抱歉。如果仍然遇到這個問題，請隨時告訴我們。",
    ),
    "de": (
        "Guten Tag {name}, Sie hatten uns auf ein Problem mit {brand} aufmerksam gemacht. Es ist"
        " jetzt behoben. Danke für den Hinweis, und entschuldigen Sie bitte die Umstände. Falls"
        " es noch auftritt, schreiben Sie uns gern.",
        "Guten Tag, Sie hatten uns auf ein Problem mit {brand} aufmerksam gemacht. Es ist jetzt"
        " behoben. Danke für den Hinweis, und entschuldigen Sie bitte die Umstände. Falls es noch"
        " auftritt, schreiben Sie uns gern.",
    ),
    "fr": (
        "Bonjour {name}, vous nous aviez signalé un problème avec {brand}. Il est maintenant"
        " résolu. Merci de nous en avoir parlé, et toutes nos excuses pour la gêne. Si vous le"
        " rencontrez encore, n'hésitez pas à nous écrire.",
        "Bonjour, vous nous aviez signalé un problème avec {brand}. Il est maintenant résolu."
        " Merci de nous en avoir parlé, et toutes nos excuses pour la gêne. Si vous le rencontrez"
        " encore, n'hésitez pas à nous écrire.",
    ),
    "es": (
        "Hola, {name}: nos habló de un problema con {brand}. Ya está resuelto. Gracias por"
        " avisarnos y disculpe las molestias. Si todavía le ocurre, escríbanos, por favor.",
        "Hola: nos habló de un problema con {brand}. Ya está resuelto. Gracias por avisarnos y"
        " disculpe las molestias. Si todavía le ocurre, escríbanos, por favor.",
    ),
    "pt": (
        "Olá, {name}! Você nos contou sobre um problema com {brand}. Ele já foi resolvido."
        " Obrigado pelo aviso, e desculpe o transtorno. Se ainda acontecer, por favor, fale"
        " conosco.",
        "Olá! Você nos contou sobre um problema com {brand}. Ele já foi resolvido. Obrigado pelo"
        " aviso, e desculpe o transtorno. Se ainda acontecer, por favor, fale conosco.",
    ),
    "it": (
        "Buongiorno {name}, ci aveva segnalato un problema con {brand}. Ora è risolto. Grazie per"
        " avercelo detto, e ci scusi per il disagio. Se si ripresenta, ci scriva pure.",
        "Buongiorno, ci aveva segnalato un problema con {brand}. Ora è risolto. Grazie per"
        " avercelo detto, e ci scusi per il disagio. Se si ripresenta, ci scriva pure.",
    ),
    "ja": (
        "{name} 様　{brand} について以前ご指摘いただいた問題は、解決いたしました。お知らせいただき"
        "ありがとうございました。ご不便をおかけし、申し訳ございませんでした。まだ同じ問題が"
        "起きる場合は、お手数ですがお知らせください。",
        "{brand} について以前ご指摘いただいた問題は、解決いたしました。お知らせいただき"
        "ありがとうございました。ご不便をおかけし、申し訳ございませんでした。まだ同じ問題が"
        "起きる場合は、お手数ですがお知らせください。",
    ),
    "ru": (
        "Здравствуйте, {name}! Вы сообщали нам о проблеме с {brand}. Она устранена. Спасибо, что"
        " рассказали, и приносим извинения за неудобства. Если проблема повторится, пожалуйста,"
        " напишите нам.",
        "Здравствуйте! Вы сообщали нам о проблеме с {brand}. Она устранена. Спасибо, что"
        " рассказали, и приносим извинения за неудобства. Если проблема повторится, пожалуйста,"
        " напишите нам.",
    ),
    "nl": (
        "Hallo {name}, u liet ons een probleem met {brand} weten. Het is nu opgelost. Bedankt voor"
        " uw bericht, en excuses voor het ongemak. Komt het toch nog voor, laat het ons dan weten.",
        "Hallo, u liet ons een probleem met {brand} weten. Het is nu opgelost. Bedankt voor uw"
        " bericht, en excuses voor het ongemak. Komt het toch nog voor, laat het ons dan weten.",
    ),
    "pl": (
        "Dzień dobry, {name}! Zgłoszony nam problem z {brand} został rozwiązany. Dziękujemy za"
        " wiadomość i przepraszamy za kłopot. Jeśli problem nadal występuje, prosimy o kontakt.",
        "Dzień dobry! Zgłoszony nam problem z {brand} został rozwiązany. Dziękujemy za wiadomość i"
        " przepraszamy za kłopot. Jeśli problem nadal występuje, prosimy o kontakt.",
    ),
    "ko": (
        "{name} 님, 안녕하세요. 전에 알려 주신 {brand} 관련 문제가 해결되었습니다. 알려 주셔서"
        " 감사드리며, 불편을 드려 죄송합니다. 문제가 계속되면 다시 알려 주세요.",
        "안녕하세요. 전에 알려 주신 {brand} 관련 문제가 해결되었습니다. 알려 주셔서 감사드리며,"
        " 불편을 드려 죄송합니다. 문제가 계속되면 다시 알려 주세요.",
    ),
    "tr": (
        "Merhaba {name}, {brand} ile ilgili bize bildirdiğiniz sorun giderildi. Haber verdiğiniz"
        " için teşekkür eder, yaşattığımız sıkıntı için özür dileriz. Sorun sürerse lütfen bize"
        " yazın.",
        "Merhaba, {brand} ile ilgili bize bildirdiğiniz sorun giderildi. Haber verdiğiniz için"
        " teşekkür eder, yaşattığımız sıkıntı için özür dileriz. Sorun sürerse lütfen bize yazın.",
    ),
    "id": (
        "Halo {name}, masalah dengan {brand} yang Anda sampaikan kini sudah diperbaiki. Terima"
        " kasih sudah memberi tahu kami, dan mohon maaf atas ketidaknyamanannya. Jika masih"
        " terjadi, silakan hubungi kami.",
        "Halo, masalah dengan {brand} yang Anda sampaikan kini sudah diperbaiki. Terima kasih"
        " sudah memberi tahu kami, dan mohon maaf atas ketidaknyamanannya. Jika masih terjadi,"
        " silakan hubungi kami.",
    ),
    "ar": (
        "مرحبًا {name}، كنتم قد أخبرتمونا بمشكلة تتعلق بـ {brand}، وقد تم حلها الآن. شكرًا لإبلاغنا،"
        " ونعتذر عن الإزعاج. إذا استمرت المشكلة فيرجى إخبارنا.",
        "مرحبًا، كنتم قد أخبرتمونا بمشكلة تتعلق بـ {brand}، وقد تم حلها الآن. شكرًا لإبلاغنا،"
        " ونعتذر عن الإزعاج. إذا استمرت المشكلة فيرجى إخبارنا.",
    ),
    "hi": (
        "नमस्ते {name}, आपने हमें {brand} से जुड़ी एक समस्या के बारे में बताया था। वह अब ठीक कर दी गई"
        " है। बताने के लिए धन्यवाद, और असुविधा के लिए खेद है। यदि समस्या अब भी हो, तो कृपया हमें बताएँ।",
        "नमस्ते, आपने हमें {brand} से जुड़ी एक समस्या के बारे में बताया था। वह अब ठीक कर दी गई है।"
        " बताने के लिए धन्यवाद, और असुविधा के लिए खेद है। यदि समस्या अब भी हो, तो कृपया हमें बताएँ।",
    ),
    "th": (
        "สวัสดีคุณ {name} ปัญหาเกี่ยวกับ {brand} ที่คุณเคยแจ้งเราไว้ได้รับการแก้ไขแล้ว ขอบคุณที่แจ้งให้เราทราบ"
        " และขออภัยในความไม่สะดวก หากยังพบปัญหาอยู่ โปรดแจ้งให้เราทราบ",
        "สวัสดี ปัญหาเกี่ยวกับ {brand} ที่คุณเคยแจ้งเราไว้ได้รับการแก้ไขแล้ว ขอบคุณที่แจ้งให้เราทราบ"
        " และขออภัยในความไม่สะดวก หากยังพบปัญหาอยู่ โปรดแจ้งให้เราทราบ",
    ),
}
TRADITIONAL: Final = ("zh-hant", "zh-tw", "zh-hk", "zh-mo", "yue")


@dataclass(frozen=True, slots=True)
class Draft:
    """A draft, and the language it is in; `fell_back`: not that of the person."""

    text: str
    language: str
    fell_back: bool


def draft(language: str | None, brand: str, name: str | None) -> Draft:
    """What to write to somebody who complained of a brand in a language (BCP 47), if known."""
    found = nearest(language, DRAFTS)
    named, nameless = DRAFTS[found or FALLBACK]
    text = named.format(name=name, brand=brand) if name else nameless.format(brand=brand)
    return Draft(text, found or FALLBACK, fell_back=found is None)


def nearest(language: str | None, known: Iterable[str]) -> str | None:
    """The language among those known that is meant; None: there is none, or nobody knows it.

    Chinese is told apart by its script, and is no other where only the other script is known.
    """
    by_lower = {one.lower(): one for one in known}
    written = (language or "").lower().replace("_", "-")
    if written in by_lower:
        return by_lower[written]
    if written.startswith(TRADITIONAL):
        return by_lower.get("zh-hant")
    base = written.partition("-")[0]
    if base == "zh":
        return by_lower.get("zh-hans") or by_lower.get("zh")
    return by_lower.get(base)
