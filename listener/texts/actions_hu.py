"""What to do, by the built-in entries, in Hungarian."""

ACTIONS = {
    "spike": "Olvassák el, mi a közös bennük, válaszoljanak nyilvánosan, amíg még ott vannak, és"
    " szóljanak annak a csapatnak, amely az okot meg tudja szüntetni.",
    "response.overdue": "Válaszoljanak most, a legsürgősebbel kezdve; kérjenek elnézést a"
    " várakozásért.",
    "response.escalated": "Válaszoljanak, vagy keressenek valakit, aki megteszi; a legsürgősebbel"
    " kezdve.",
    "response.due_soon": "Válaszoljanak, mielőtt lejár a vállalt idő, a legsürgősebbel kezdve.",
    "rating_drop": "Olvassák el a gyenge értékeléseket: mi a közös, egy verzió, egy üzlet, egy"
    " nap? Ha az ok megszűnt, válaszoljanak rájuk: van, aki módosítja a csillagait.",
    "severe.threat": "Olvassák el most. Ha valaki veszélyben lehet, hívják az ország"
    " segélyhívóját vagy lelkisegély-szolgálatát; válaszoljanak körültekintően, és őrizzék meg a"
    " bejegyzést. Szóljanak a biztonsági csapatnak.",
    "severe.safety": "Válaszoljanak most, kérdezzék meg, hogy van, és folytassák privát"
    " csatornán. Szóljanak a termékbiztonságnak, és állítsák le, ami veszélyes lehet; nyilvánosan"
    " ne ígérjenek semmit.",
    "severe.legal": "Szóljanak a jogi csapatnak, mielőtt bárki válaszol. A bejegyzést hagyják"
    " úgy, ahogy van.",
    "severe.press": "Adják át annak, aki a sajtónak nyilatkozik, a kérdés időpontjával együtt.",
    "severe.words": "Olvassák el, és adják át annak a csapatnak, amely intézkedni tud.",
    "severe.reach": "Válaszoljanak nyilvánosan, hamar és jól: sokan olvassák. Szóljanak a"
    " kommunikációnak.",
    "influencer.rival": "Olvassák el, mit szeretnek benne: az ügyfelek talán ugyanezt kérik majd."
    " Itt senki nem vár választ.",
    "influencer.praise": "Köszönjék meg nyilvánosan, név szerint, és kezdjenek beszélgetést:"
    " mitől volt jó? Mielőtt idézik, kérjenek engedélyt.",
    "influencer.criticism": "Válaszoljanak hamar és személyesen: olyasvalaki, aki dönthet,"
    " névvel, és azzal, ami történik. Utána folytassák privátban; a követőkkel ne vitázzanak.",
    "competitor.opening": "Olvassák el, mire panaszkodnak, és tanulják meg, mit kell elkerülni."
    " Aki más megoldást keres, annak válaszoljanak; ne kárörvendjenek.",
    "competitor.warning": "Nézzék meg, érintheti-e Önöket is: közös beszállító, szabály vagy"
    " kiesés. Legyen kész a válasz, mielőtt megkérdezik.",
    "flood": "Olvassák el a szövegeket, mielőtt bárki válaszol. Egy nyilvános válasz elég, ha"
    " kell egyáltalán; a nem valódi fiókokat jelenteni lehet. A kiugrásoknál minden szöveg egyszer"
    " számít.",
    "creeping": "Vessék össze, mit mondanak most és mit mondtak akkor: változhatott egy termék,"
    " egy ár vagy egy partner. Nem vészhelyzet; vigyék ahhoz, aki az okért felel.",
    "floor": "Ez a saját küszöbük, [[rules.floor.bounds]]: nem mond semmit arról, mi a szokásos."
    " Olvassák el, mi a közös, vagy állítsák magasabbra.",
    "churn": "Jelezzék az okot az ügyfélkapcsolatnak; személyes válasz",
    "billing": "Magyarázzák el a számlát, mielőtt telefonál",
    "reach": "Köszönjék meg név szerint, kezdjenek beszélgetést",
    "promoter": "Köszönjék meg, és kérdezzék: mitől volt jó?",
    "defect": "Kérjenek verziót és lépéseket; kössék hibajegyhez",
    "feature": "Köszönjék meg az ötletet; jegyezzék fel",
    "purchase": "Adják meg, ami a döntéshez kell",
    "rival": "Olvassák el, és tanulják meg, mit kell elkerülni",
    "critic": "Nyerjék vissza: személyesen, név szerint",
    "review": "Válaszoljanak az értékelésre egy héten belül",
    "question": "Válaszoljanak, és tegyék ki oda, ahol keresték",
    "complaint": "Kérjenek elnézést, segítsenek, szüntessék meg az okot",
    "mention": "Olvassák el; válaszoljanak, ha választ vár",
}  # fmt: skip
MEANINGS = {
    "churn": "egy ügyfél elmehet",
    "billing": "nem érthető a számla",
    "reach": "sokan hallják ezt a dicséretet",
    "promoter": "támogató",
    "defect": "valami elromlott",
    "feature": "valami hiányzik",
    "purchase": "valaki vásárolna",
    "rival": "egy versenytárs bajban van",
    "critic": "bíráló, nem először",
    "review": "mások vásárlás előtt olvassák",
    "question": "hiányzik egy információ, vagy nehéz megtalálni",
    "complaint": "egy elvárás nem teljesült",
    "mention": "",
}
