"""Spam by rules: what they catch, and above all what they must leave alone."""

import pytest

from listener.domain.spam import ALL, MANY_HANDLES, MANY_TAGS, RULES, SpamRule, spam


@pytest.mark.parametrize(
    ("rule", "text"),
    [
        ("jobs", "We're hiring! Acme needs drivers in Leeds. Apply now: https://jobs.example/7"),
        ("jobs", "Want to work at Acme? See our latest #job openings https://jobs.example/8 #jobs"),
        ("jobs", "Acme诚聘送货司机，月薪八千起，包吃住，简历发邮箱"),
        ("jobs", "Az Acme munkatársakat keres a győri raktárba. Jelentkezz önéletrajzzal még ma!"),
        ("jobs", "Oferta de empleo: Acme selecciona repartidores en Sevilla. Envía tu CV."),
        ("jobs", "Acme: Wir stellen ein! Fahrer (m/w/d) in Kassel. Jetzt bewerben!"),
        ("giveaways", "GIVEAWAY! Follow us and tag a friend to win a weekend with Acme 🎉"),
        ("giveaways", "【抽奖】关注并转发本条微博，抽一位送出Acme礼盒"),
        (
            "giveaways",
            "Nyereményjáték! Lájkold az oldalt, oszd meg, és tiéd lehet egy Acme utalvány",
        ),
        ("giveaways", "¡SORTEO! Síguenos y etiqueta a tres amigos para ganar un viaje con Acme"),
        ("giveaways", "Gewinnspiel: Folgt uns und markiert zwei Freunde, zu gewinnen gibt es Acme"),
        (
            "coupons",
            "Acme promo code SAVE20 for 20% off at checkout, shop now https://deal.example",
        ),
        ("coupons", "Acme优惠券免费领取，点击链接立即下单"),
        ("coupons", "Acme kuponkód: NYAR20. Kattints és rendelj most! https://kupon.example"),
        ("coupons", "Código de descuento Acme: VERANO20. Compra ahora https://cupon.example"),
        ("coupons", "Acme Gutscheincode SOMMER20, jetzt sichern: https://gutschein.example"),
        ("bots", "Acme token AIRDROP is live, claim yours: https://drop.example"),
        ("bots", "Guaranteed profit every week with Acme shares, DM me on WhatsApp"),
        ("bots", "日赚千元，稳赚不赔，加微信拉你进Acme交流群"),
        ("bots", "Garantált hozam az Acme robotjával, írj rám Telegramon"),
        ("bots", "Ganancias garantizadas con Acme, escríbeme por WhatsApp"),
        ("bots", "Passives Einkommen mit Acme, schreib mir auf Telegram"),
        ("hashtags", "Acme " + " ".join(f"#tag{n}" for n in range(MANY_TAGS))),
        ("handles", "Acme " + " ".join(f"@friend{n}" for n in range(MANY_HANDLES)) + " look"),
    ],
)
def test_spam_is_named_by_its_rule(rule: str, text: str) -> None:
    assert spam(text) == rule


@pytest.mark.parametrize(
    "text",
    [
        "The Acme coupon code does not work at checkout, what a joke",
        "My promo code is refused by Acme, and the chat sends me in circles https://example.com/x",
        "Acme giveaway is a scam: they ask to follow and retweet, and nobody ever gets a prize",
        "I entered the Acme giveaway, tagged a friend to enter, and now I get ten mails a day",
        "Applied for a job at Acme, the job opening was fake, apply now buttons lead nowhere",
        "Acme is hiring while it cannot pay its drivers? https://example.com/news",
        "Why does Acme send me free crypto ads in the app, I want my refund",
        "Acme的优惠券根本用不了，点击就报错，太差了",
        "参加Acme的抽奖，关注并转发之后什么都没有，骗人的",
        "Acme招聘的骑手态度很差，月薪再高也不能骂客户，投诉！",
        "Az Acme kuponkód nem működik, hiába kattintok, senki sem segít",
        "Átverés az Acme nyereményjáték: lájkold, oszd meg, aztán csend",
        "El código de descuento de Acme no funciona, compra ahora dicen, y nada",
        "El sorteo de Acme es una estafa: para participar piden todo y nunca hay premio",
        "Der Gutscheincode von Acme ist abgelaufen, jetzt bestellen geht nicht",
        "Das Gewinnspiel von Acme ist Betrug, mitmachen lohnt sich nicht",
        "Acme lost my job application twice, and the telegram they sent was for somebody else",
        "Is the Acme giveaway over?",
        "@acme happy to enter your sweepstakes again",
        "Acme satin dress leaked as nudes of a star, says https://example.com/gossip",
        "Acme的洗发水用了二十元优惠券，下单第二天就到了，很划算",
        "太糟糕了，航班又取消 @a1 @b1 @c1 @d1 @e1 @f1 @g1 @h1 @i1 @j1 @k1",
        "Acme raised its prices #fail #acme #rail #travel #late #monday #uk #leeds and no seat",
        "@a @b @c @d @e @f @g @h @i @j @k Acme has cancelled our train, how do we get home now?",
        "Promo code not accepted at checkout @acme, support ignores emails",
        "Acme promo code rejected at checkout twice, support just ignores emails",
        "Left alone at the gate: Acme's escort walked off, the claim was denied, staff rude",
        "Acme is hiring children in its factories, report finds https://news.example/a",
        "BREAKING: Acme is hiring replacement workers as the strike goes on https://news.example/b",
        "Acme runs an illegal sweepstakes, says regulator: users are told to like and share",
        "Acme discount code leaked customer data at checkout, regulator says",
        "Acme airdrop drained wallets after users were told to claim, lawsuit says",
        "Use code SAVE20 they said, charged full price anyway https://example.com/1",
        "We're hiring, says Acme the week after layoffs of 400 staff https://news.example/c",
        "Acme Gutscheincode wird an der Kasse abgelehnt, jetzt bestellen sagt der Support",
        "El código promocional de Acme falla al pagar, compra ahora dicen https://example.com/2",
        "Acme kuponkód érvénytelen a pénztárnál, csak annyit írnak: kattints ide",
        "优惠券领取后无法使用，客服一直不回复 Acme",
        "Acme优惠券点击后闪退，扣款不退",
        "Acme招聘歧视女性，月薪造假 https://news.example/d",
        "Acme dice estamos contratando y despide a 300 trabajadores https://news.example/e",
        "Acme concurso amañado: para participar pedían datos bancarios",
        "",
    ],
)
def test_who_complains_or_asks_is_no_spam(text: str) -> None:
    assert spam(text) is None


def test_only_the_rules_that_are_wanted_are_asked() -> None:
    text = "GIVEAWAY! Follow us and tag a friend to win a weekend with Acme"
    assert spam(text, ALL - {SpamRule.GIVEAWAYS}) is None
    assert spam(text, {SpamRule.GIVEAWAYS}) == "giveaways"
    assert spam(text, ()) is None


def test_every_rule_says_why() -> None:
    assert all(rule.why for rule in RULES.values())
    assert {*RULES, SpamRule.REPEATS} == ALL


def test_a_wall_without_end_is_read_at_once() -> None:
    assert spam("#a " * 6000) == "hashtags"
    assert spam("@a " * 6000) == "handles"
    assert spam("http://" * 3000) is None
