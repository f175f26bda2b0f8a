"""What grave mentions are told by: words of ours, by kind and language, as queries of our own.

`telling`: whoever writes so means it, so that it alerts unless the label is surely the contrary.
`doubtful`: words that are also said of other things; they alert only where the label is surely
negative. `figures`: what is said in jest or of something else, and what denies; it is taken out of
a text before anything is looked for in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    """What is grave about a mention, gravest first."""

    THREAT = "threat"
    SAFETY = "safety"
    LEGAL = "legal"
    PRESS = "press"


@dataclass(frozen=True, slots=True)
class Words:
    """Queries; an empty one looks for nothing."""

    telling: str = ""
    doubtful: str = ""


FIGURES: Final[Mapping[str, str]] = {
    "en": """
        "dumpster fire" OR "server on fire" OR "servers on fire" OR "fire sale" OR "hair on fire" OR "team is on fire" OR "fire drill"
        OR "fire alarm test" OR "on fire lately" OR "hot as fire" OR "burning question"
        OR "choked up" OR "choke hold" OR "killing me" OR "kill me" OR "killing it" OR "killed it"
        OR "kill for" OR "kill time" OR "kill myself laughing" OR "died laughing"
        OR "dying of laughter" OR "dying to" OR "dead to me" OR "explode in popularity"
        OR "exploded in popularity" OR "head explode" OR "head exploded" OR "mind explode"
        OR "about to explode" OR "gonna explode" OR "brain exploded" OR "insult to injury"
        OR "injury to insult" OR "injury time" OR "bleeding edge" OR "bleeding money"
        OR "bleeding customers" OR "poisoned the well" OR "poison pill" OR "cut my losses"
        OR "allergic to customer" OR "allergic to good" OR "allergic to common"
        OR "seems allergic to" OR "heart attack when" OR "gave me a heart attack"
        OR "no one was injured" OR "nobody was injured" OR "no injuries" OR "without injury"
        OR "no one was hurt" OR "nobody was hurt" OR "nobody got hurt"
        OR "sue me" OR "so sue" OR "not going to sue" OR "not suing" OR "lawsuit movie"
        OR "legal drama" OR "fashion police" OR "grammar police" OR "food police" OR "arrest me"
        OR "officer arrest" OR "attorney general hospital" OR "devil's advocate" OR "power of attorney"
        OR "the bomb" OR "bath bomb" OR "photo bomb" OR "bomb dot com" OR "bomb food"
        OR "not a journalist" OR "not a reporter" OR "loved the article" OR "credit reporter"
        OR "burn out" OR "burned out" OR "burnt out" OR "burn rate" OR "slow burn"
    """,
    "zh": """(
        太炸了 OR 炸裂 OR 炸街 OR 气炸 OR 爆炸好吃 OR 爆炸好喝 OR 笑死 OR 等死我 OR 气死 OR 饿死
        OR 热死 OR 冷死 OR 累死 OR 急死 OR 死我了 OR 烧脑 OR 烧钱 OR 火爆 OR 火了 OR 知识爆炸
        OR 信息爆炸 OR 鼻子过敏 OR 鼻过敏 OR 花粉过敏 OR 对美过敏 OR 无人受伤 OR 没有人受伤 OR 不会起诉
    )~han""",
    "hu": """
        "meghalok a nevetéstől" OR "megöl a várakozás" OR "megöl az unalom" OR "kirobbanó siker"
        OR "robbanásszerű" OR "tűzforró" OR "ég a pofám" OR "leégett a bőr a képemről"
        OR "senki sem sérült meg" OR "senki nem sérült meg" OR "nem perelek" OR "nem perlek"
        OR "tűzoltók napja" OR "tűzoltók napján" OR "kiég*" OR "bomba jó" OR "bombaáron"
    """,
    "de": """
        "totlachen" OR "lache mich tot" OR "lach mich tot" OR "zum totlachen" OR "brandneu"
        OR "brandaktuell" OR "brandheiß" OR "der brand heiße" OR "sterbe vor" OR "könnte sterben"
        OR "niemand wurde verletzt" OR "ohne verletzte" OR "keine verletzten"
        OR "verstehe nur bahnhof" OR "preisexplosion" OR "preise explodieren" OR "kosten explodieren"
        OR "explodierende preise" OR "explodierende kosten" OR "anwalt des teufels"
        OR "die bombe" OR "erstickt in" OR "erstickt im"
    """,
    "es": """
        "muero de risa" OR "me muero por" OR "muerto de risa" OR "de infarto" OR "qué bomba"
        OR "es la bomba" OR "la bomba" OR "quema la paciencia" OR "quemar la paciencia"
        OR "sin heridos" OR "nadie resultó herido" OR "no voy a demandar" OR "en llamas la pista"
    """,
    "fr": """
        "mort de rire" OR "morte de rire" OR "met le feu" OR "mettre le feu" OR "mis le feu"
        OR "ça déchire" OR "sans blessés" OR "aucun blessé" OR "ne porterai pas plainte"
        OR "tout feu tout flamme" OR "avocat du diable" OR "salade d'avocat" OR "toast à l'avocat"
        OR "à l'avocat" OR "de la bombe" OR "une bombe"
    """,
    "it": """
        "morendo dal ridere" OR "morto dal ridere" OR "muoio dal ridere" OR "una bomba"
        OR "che bomba" OR "nessun ferito" OR "avvocato del diavolo" OR "senza feriti"
    """,
    "pt": """
        "morri de rir" OR "morrendo de rir" OR "pegando fogo a pista" OR "show pegando fogo"
        OR "uma bomba de" OR "sem feridos" OR "ninguém se feriu" OR "não vou processar"
        OR "processar o pagamento" OR "processar meu pagamento" OR "processar pagamento"
        OR "processar o pedido" OR "processar meu pedido" OR "processar pedido"
        OR "processar a compra" OR "processar o reembolso" OR "processar a transação"
        OR "advogado do diabo"
    """,
    "ja": """
        会場が爆発 OR 口から火が出 OR 顔から火が出 OR 笑い死 OR 面白すぎて死 OR 尊すぎて死
        OR 人気爆発 OR 爆発的 OR 大爆発的 OR 怪我人なし OR 怪我はなかった OR 炎上
    """,
    "tr": """
        "gülmekten öldüm" OR "gülmekten ölüyorum" OR "bomba gibi" OR "bomba fiyat"
        OR "patlama yaptı" OR "ölen veya yaralanan olmadı" OR "yaralanan olmadı"
        OR "satış patlaması" OR "sabrım yandı"
    """,
    "ar": """
        "مت من الضحك" OR "اموت من الضحك" OR "أموت من الضحك" OR "ميت من الضحك" OR "الأسعار نار"
        OR "اسعار نار" OR "بدون إصابات" OR "لا إصابات"
    """,
    "ru": """
        "умираю со смеху" OR "умер от смеха" OR "умираю от смеха" OR "взорвали танцпол"
        OR "взорвал зал" OR "просто бомба" OR "мозг взорвался" OR "никто не пострадал"
        OR "без пострадавших" OR "цены взлетели" OR "пушка бомба"
    """,
}

THREAT: Final[Mapping[str, Words]] = {
    "en": Words(
        telling="""
            "kill myself" OR "killing myself" OR "end my life" OR "ending my life"
            OR "take my own life" OR "don't want to live" OR "do not want to live"
            OR "dont want to live" OR "no reason to live" OR "i am suicidal" OR "i'm suicidal"
            OR "feeling suicidal" OR "suicidal thoughts" OR "commit suicide" OR "self harm"
            OR "bomb threat" OR "there is a bomb" OR "there's a bomb" OR "put a bomb" OR "plant a bomb"
            OR "a bomb in your" OR "a bomb at your" OR "blow up your" OR "burn down your"
            OR "burn your office" OR "burn your store" OR "shoot up" OR "kill you all" OR "will kill you"
            OR "i will kill" OR "i'll kill" OR "gonna kill you" OR "going to kill you"
            OR "death threat" OR "death threats" OR "i know where you live" OR "come to your office and"
            OR (hurt OR kill OR shoot OR stab) ONEAR/1 (somebody OR someone)
            OR (burn OR blow OR shoot OR bomb) ONEAR/3
               (headquarters OR office OR offices OR hq OR warehouse OR employees OR staff)
        """,
        doubtful="""
            suicide OR suicidal OR (kill OR stab OR strangle OR murder) ONEAR/1
            (them OR staff OR employees OR driver OR ceo OR manager)
        """,
    ),
    "zh": Words(
        telling="""(
            不想活 OR 想自杀 OR 要自杀 OR 去自杀 OR 自杀算了 OR 跳楼自杀 OR 逼死 OR 轻生 OR 活不下去
            OR 割腕 OR 炸了你们 OR 炸掉你们 OR 杀了你们 OR 弄死你们 OR 杀你全家 OR 放炸弹 OR 同归于尽
            OR 死给你们看 OR 结束自己的生命
        )~han""",
        doubtful="(自杀 OR 跳楼 OR 死亡威胁 OR 炸弹威胁)~han",
    ),
    "hu": Words(
        telling="""
            öngyilkos* OR "végzek magammal" OR "megölöm magam" OR "megölöm magamat"
            OR "nem akarok élni" OR "nem akarok tovább élni" OR "véget vetek az életemnek"
            OR "felrobbantom" OR "felgyújtom" OR "megöllek" OR "megölöm a" OR "megölöm az"
            OR "bombát tettem" OR "bombafenyegetés" OR "szétlövöm" OR "agyonverlek" OR "kinyírlak"
        """,
        doubtful="halálos~hu ONEAR/1 fenyegetés~hu",
    ),
    "de": Words(
        telling="""
            selbstmord OR suizid OR "bring mich um" OR "bringe mich um" OR "mich umbringen"
            OR "nicht mehr leben" OR "nehme mir das leben"
            OR "bringe euch um" OR "bringe sie um" OR "euch alle umbringen" OR bombendrohung
            OR "eine bombe in" OR morddrohung* OR "zünde euch an" OR "zünde euren" OR "jage euch in die luft"
        """,
    ),
    "es": Words(
        telling="""
            suicidarme OR suicidio OR "me voy a matar" OR "quitarme la vida" OR "no quiero vivir"
            OR "no quiero seguir viviendo" OR "me quiero morir" OR "quiero morirme"
            OR "los voy a matar" OR "te voy a matar" OR "voy a poner una bomba"
            OR "amenaza de bomba" OR "amenaza de muerte" OR "amenazas de muerte" OR "voy a quemar la oficina"
        """,
    ),
    "fr": Words(
        telling="""
            "me suicider" OR suicide OR "me tuer" OR "mettre fin à mes jours" OR "envie de mourir"
            OR "plus envie de vivre" OR "veux plus vivre" OR "vais vous tuer" OR "vais te tuer"
            OR "alerte à la bombe" OR "poser une bombe" OR "menace de mort" OR "menaces de mort"
            OR "brûler vos bureaux"
        """,
    ),
    "it": Words(
        telling="""
            suicidarmi OR suicidio OR "mi ammazzo" OR "mi uccido" OR "farla finita"
            OR "non voglio più vivere" OR "togliermi la vita" OR "vi ammazzo" OR "vi uccido"
            OR "allarme bomba" OR "metto una bomba" OR "minacce di morte" OR "minaccia di morte"
        """,
    ),
    "pt": Words(
        telling="""
            "me matar" OR suicidar OR suicídio OR "tirar minha vida" OR "tirar a minha vida"
            OR "não quero mais viver" OR "acabar com a minha vida" OR "vou matar vocês"
            OR "vou matar todos" OR "colocar uma bomba" OR "ameaça de bomba" OR "ameaça de morte"
            OR "ameaças de morte"
        """,
    ),
    "ja": Words(
        telling="""
            死にたい OR 自殺したい OR 自殺する OR 自殺しよう OR 命を絶 OR 生きていけない OR 殺してやる
            OR ぶっ殺す OR 爆破予告 OR 爆弾を仕掛け OR 殺害予告 OR 火をつけてやる
        """,
        doubtful="自殺 OR 自傷",
    ),
    "tr": Words(
        telling="""
            intihar* OR "kendimi öldürmek" OR "kendimi öldüreceğim" OR "canıma kıyacağım" OR "yaşamak istemiyorum"
            OR "sizi öldürürüm" OR "öldüreceğim" OR "bomba koydum" OR "bomba koyacağım" OR "bomba ihbarı" OR "ölüm tehdidi"
            OR "yakacağım"
        """,
    ),
    "ar": Words(
        telling="""
            انتحار OR الانتحار OR سأنتحر OR بنتحر OR "أقتل نفسي" OR "اقتل نفسي" OR "لا أريد العيش"
            OR "ما ابي اعيش" OR سأقتلكم OR "سأقتل" OR "تهديد بالقتل" OR "قنبلة"
        """,
    ),
    "ru": Words(
        telling="""
            самоубийств* OR суицид* OR "покончу с собой" OR "покончить с собой" OR "убью себя"
            OR "не хочу жить" OR "не хочу больше жить" OR "наложу на себя руки" OR "убью вас"
            OR "убью всех" OR "взорву ваш" OR "подожгу ваш" OR "заложил бомбу" OR "угроза взрыва"
        """,
    ),
}

_BODY: Final = (
    "(hand OR arm OR leg OR wrist OR finger OR fingers OR skin OR scalp OR mouth OR foot OR ankle"
    " OR tooth OR teeth OR tongue OR throat OR lip OR lips OR knee OR shoulder OR thumb)"
)
_CHILD: Final = (
    "(child OR kid OR kids OR son OR daughter OR baby OR toddler OR infant OR newborn OR grandson"
    " OR granddaughter OR niece OR nephew)"
)

SAFETY: Final[Mapping[str, Words]] = {
    "en": Words(
        telling=f"""
            "food poisoning" OR "allergic reaction" OR "allergic reactions" OR anaphyla*
            OR "electric shock" OR electrocuted OR "carbon monoxide" OR "caught fire"
            OR "catches fire" OR "caught on fire" OR "burst into flames" OR "up in flames"
            OR "started a fire" OR "smoke inhalation" OR "had to get stitches" OR "needed stitches"
            OR "stitches in" OR "third degree burns" OR "second degree burns" OR "chemical burn"
            OR "chemical burns" OR "brakes failed" OR "brake failure" OR "brakes stopped working"
            OR "airbag did not deploy" OR "airbags did not deploy" OR "ended up in hospital"
            OR "ended up in the hospital" OR "ended up in the er" OR "rushed to hospital"
            OR "rushed to the hospital" OR "rushed to the er" OR "taken to hospital by"
            OR "choking hazard" OR "fire hazard" OR "piece of glass" OR "pieces of glass"
            OR "shard of glass" OR "shards of glass" OR "bits of glass" OR "needle in my"
            OR "glass in my" OR "metal in my" OR "sexually assaulted" OR "e coli" OR salmonella
            OR listeria OR "battery exploded" OR "phone exploded" OR "exploded in my"
            OR "blew up in my" OR "flames coming out"
            OR (burned OR burnt OR burns OR cut OR broke OR broken OR fractured OR sliced OR injured
                OR scalded OR blistered) NEAR/2 {_BODY}
            OR {_CHILD} NEAR/5 (choke OR choked OR choking OR swallowed OR poisoned OR injured
                OR burned OR burnt OR bleeding OR vomiting OR "throwing up" OR hospitalised
                OR hospitalized OR unconscious OR suffocated OR electrocuted)
        """,
        doubtful="""
            injured OR injury OR injuries OR hospitalized OR hospitalised OR ambulance
            OR exploded OR explosion OR flames OR firefighters OR "on fire" OR "fire department"
            OR choking OR poisoned OR poisoning OR allergic OR "burned me" OR "burnt me"
            OR "burned my" OR "burnt my" OR bleeding OR suffocated OR unconscious OR concussion
            OR collapsed OR "passed out" OR seizure OR "asthma attack" OR "safety hazard"
            OR "could have died" OR "could have been killed" OR "people will get hurt"
            OR "someone will get hurt" OR "somebody will get hurt" OR "going to get hurt"
            OR "smelled smoke" OR "smell of smoke" OR "gas leak" OR "product recall"
            OR "assaulted" OR "broken glass"
        """,
    ),
    "zh": Words(
        telling="""(
            食物中毒 OR 上吐下泻 OR 过敏性休克 OR 触电 OR 漏电 OR 烧伤 OR 烫伤 OR 起火 OR 着火 OR 自燃
            OR 一氧化碳 OR 煤气中毒 OR 刹车失灵 OR 制动失灵 OR 送去急诊 OR 还在急诊 OR 住院了 OR 送医院
            OR 去医院说 OR 噎住 OR 窒息 OR 吃出玻璃 OR 吃出刀片 OR 吃出针 OR 急性肠胃炎 OR 毁容
            OR 全脸过敏 OR 严重过敏 OR 骨折
        )~han""",
        doubtful="""(
            爆炸 OR 过敏 OR 手受伤 OR 脸受伤 OR 脚受伤 OR 腿受伤 OR 孩子受伤 OR 中毒 OR 流血 OR 急诊 OR 救护车 OR 昏倒 OR 晕倒 OR 烂脸 OR 安全隐患
            OR 缝针 OR 火灾
        )~han""",
    ),
    "hu": Words(
        telling="""
            ételmérgezés* OR "allergiás roham" OR "allergiás rohamom" OR "allergiás rohama" OR "allergiás reakció" OR anafilax*
            OR kigyulladt OR kigyulladtak OR "tüzet fogott" OR "megrázott az áram" OR áramütés*
            OR "szén-monoxid" OR szénmonoxid* OR "kórházba kellett" OR "kórházba vittek" OR "kórházba vitték"
            OR "kórházba került" OR "kórházban kötöttünk ki"
            OR "nem fogott a fék" OR üvegszilánk* OR "félrenyelte" OR fulladoz* OR megfulladt
            OR majdnem NEAR/3 (leégett OR megfulladt OR meghalt)
            OR (megégett OR megégette OR elvágta OR elvágtam OR eltört OR eltörte OR megsérült)
               NEAR/3 (kezem OR kezemet OR ujjam OR ujjamat OR karom OR lábam OR arcom OR bőröm
               OR kislányom OR kisfiam OR gyerekem OR lányom OR fiam)
        """,
        doubtful="""
            felrobbant* OR robbanás* OR megsérült* OR sérülés* OR mérgezés* OR mentő~hu OR tűzoltó~hu
            OR vérzik OR vérzett OR elájult* OR kiütéssel OR kiütések OR allergiás* OR életveszély*
            OR balesetveszély*
        """,
    ),
    "de": Words(
        telling="""
            lebensmittelvergiftung* OR "allergische reaktion" OR "allergischer schock" OR anaphyla*
            OR stromschlag* OR "stromschläge" OR kohlenmonoxid* OR "in brand geraten"
            OR "fing feuer" OR "feuer gefangen" OR "in flammen" OR "ins krankenhaus"
            OR "in die notaufnahme" OR "fast erstickt" OR verschluckt OR verbrüht OR verätzt
            OR "bremsen versagt" OR glassplitter* OR glasscherbe* OR (verbrannt OR geschnitten OR
            gebrochen OR verletzt) NEAR/3 (hand OR finger OR arm OR bein OR gesicht OR haut OR kind
            OR sohn OR tochter OR baby)
        """,
        doubtful="""
            explodiert OR explosion OR verletzt OR verletzung OR verletzungen OR vergiftet
            OR vergiftung OR notarzt OR krankenwagen OR feuerwehr OR blutet OR blutete
            OR bewusstlos OR lebensgefährlich OR gesundheitsgefährdend OR salmonellen OR erstickt
            OR brandgefahr OR verletzungsgefahr
        """,
    ),
    "es": Words(
        telling="""
            intoxicó OR intoxicación OR intoxicada OR intoxicado OR intoxicados
            OR "reacción alérgica" OR anafilá* OR "choque eléctrico" OR "descarga eléctrica"
            OR electrocutado OR "monóxido de carbono" OR "se incendió" OR "prendió fuego"
            OR "en urgencias" OR "a urgencias" OR "al hospital" OR "se atragantó" OR "casi se ahoga"
            OR "fallaron los frenos" OR "vidrio en" OR "vidrios en"
            OR (quemé OR quemó OR corté OR cortó OR rompí OR rompió OR fracturé) NEAR/3
               (mano OR dedo OR brazo OR pierna OR cara OR piel OR boca OR diente)
        """,
        doubtful="""
            explotó OR explosión OR herido OR heridos OR herida OR envenenado OR ambulancia
            OR bomberos OR sangrando OR desmayó OR inconsciente OR salmonela OR "peligro de incendio"
        """,
    ),
    "fr": Words(
        telling="""
            "intoxication alimentaire" OR "réaction allergique" OR "choc anaphylactique"
            OR "choc électrique" OR électrocuté OR "monoxyde de carbone" OR "pris feu"
            OR "prend feu" OR "aux urgences" OR "les urgences" OR "à l'hôpital"
            OR "failli s'étouffer" OR "s'est étouffé" OR "s'est étouffée" OR "freins ont lâché"
            OR "morceau de verre" OR "morceaux de verre" OR "éclat de verre"
            OR (brûlé OR brûlée OR coupé OR coupée OR cassé OR fracturé) NEAR/3
               (main OR doigt OR bras OR jambe OR visage OR peau OR bouche OR dent)
        """,
        doubtful="""
            explosé OR explosion OR blessé OR blessée OR blessés OR blessure OR empoisonné
            OR ambulance OR pompiers OR saigne OR évanoui OR inconscient OR salmonelle OR listeria
            OR incendie
        """,
    ),
    "it": Words(
        telling="""
            "intossicazione alimentare" OR "shock anafilattico" OR "reazione allergica"
            OR "scossa elettrica" OR "monossido di carbonio" OR "preso fuoco" OR "prende fuoco"
            OR "al pronto soccorso" OR "in ospedale" OR soffocato OR soffocando
            OR "freni non funzionavano" OR "pezzo di vetro" OR "pezzi di vetro"
            OR (bruciato OR bruciata OR tagliato OR tagliata OR rotto OR fratturato) NEAR/3
               (mano OR dito OR braccio OR gamba OR faccia OR pelle OR bocca OR dente)
        """,
        doubtful="""
            esploso OR esplosa OR esplosione OR ferito OR ferita OR avvelenato OR ambulanza
            OR svenuto OR svenuta OR salmonella OR incendio
        """,
    ),
    "pt": Words(
        telling="""
            "intoxicação alimentar" OR intoxicado OR intoxicada OR "reação alérgica"
            OR "choque anafilático" OR "choque elétrico" OR "monóxido de carbono" OR "pegou fogo"
            OR "para o hospital" OR "pro hospital" OR "no hospital" OR engasgou OR engasgado
            OR "freios falharam" OR "caco de vidro" OR "cacos de vidro" OR "pedaço de vidro"
            OR (queimei OR queimou OR cortei OR cortou OR quebrei OR quebrou) NEAR/3
               (mão OR dedo OR braço OR perna OR rosto OR pele OR boca OR dente)
        """,
        doubtful="""
            explodiu OR explosão OR ferido OR ferida OR feridos OR envenenado OR ambulância
            OR bombeiros OR sangrando OR desmaiou OR inconsciente OR salmonela OR incêndio
        """,
    ),
    "ja": Words(
        telling="""
            食中毒 OR アレルギー反応 OR アナフィラキシー OR 感電 OR 一酸化炭素 OR 火が出て OR 発火した
            OR 発火して OR 火傷した OR 火傷を OR やけどした OR やけどを OR 救急搬送 OR 入院しました
            OR 入院した OR 窒息 OR 喉に詰ま OR ブレーキが効か OR ガラス片 OR ガラスの破片 OR 骨折した
            OR 怪我をしました OR 怪我した OR ケガした OR 異物混入
        """,
        doubtful="爆発 OR 発火 OR 怪我 OR 火傷 OR やけど OR 救急車 OR 火事 OR 中毒 OR 流血 OR 意識を失",
    ),
    "tr": Words(
        telling="""
            "gıda zehirlenmesi" OR zehirlendi* OR zehirlendik OR zehirlendim OR "alerjik reaksiyon"
            OR "elektrik çarptı" OR "karbonmonoksit" OR "alev aldı" OR "yangın çıktı"
            OR hastaneye OR hastanelik OR "acile" OR boğuluyordu OR boğulacaktı OR "nefes borusuna"
            OR "fren tutmadı" OR "frenler tutmadı" OR "cam çıktı" OR "cam parçası"
            OR (yandı OR yaktı OR kesti OR kesildi OR kırıldı) NEAR/2 (elim OR elimi OR parmağım
               OR parmağımı OR kolum OR bacağım OR yüzüm OR cildim)
        """,
        doubtful="""
            patladı OR patlama OR yaralandı OR yaralandım OR yaralı OR ambulans OR itfaiye
            OR kanıyor OR bayıldı OR yangın
        """,
    ),
    "ar": Words(
        telling="""
            "تسمم غذائي" OR بتسمم OR تسممت OR تسمم OR "رد فعل تحسسي" OR "صدمة كهربائية" OR "ماس كهربائي"
            OR "أول أكسيد الكربون" OR "اندلع حريق" OR اشتعلت OR احترقت OR "في المستشفى" OR "للمستشفى"
            OR "إلى المستشفى" OR "الطوارئ" OR اختنق OR (انفجرت OR انفجر) NEAR/2 (بطارية OR هاتف OR جهاز OR شاحن) OR "قطعة زجاج" OR "زجاج في"
            OR (أحرقت OR احرقت OR حرقت OR جرحت OR كسرت) NEAR/2 (يدي OR وجهي OR إصبعي OR رجلي)
        """,
        doubtful="انفجرت OR انفجر OR انفجار OR إصابة OR أصيب OR حريق OR نزيف OR إسعاف OR الإسعاف",
    ),
    "ru": Words(
        telling="""
            отравил* OR отравление OR отравлением OR "аллергическая реакция" OR анафилакт*
            OR "ударило током" OR "удар током" OR "угарный газ" OR загорел* OR воспламенил*
            OR "в больнице" OR "в больницу" OR "в реанимации" OR подавился OR подавилась
            OR "чуть не задохнулся" OR "чуть не задохнулась" OR "отказали тормоза" OR "осколок стекла"
            OR "осколки стекла" OR "кусок стекла"
            OR (обжёг OR обожгла OR обжег OR порезал OR порезала OR сломал OR сломала) NEAR/2
               (руку OR палец OR ногу OR лицо OR кожу)
        """,
        doubtful="""
            взорвал* OR взрыв OR травма OR травмы OR ранен* OR скорая OR пожарные OR пожар OR кровь
            OR ожог OR ожоги OR аллергия OR "потерял сознание" OR "потеряла сознание"
        """,
    ),
}

LEGAL: Final[Mapping[str, Words]] = {
    "en": Words(
        telling="""
            "my lawyer" OR "my lawyers" OR "our lawyer" OR "our lawyers" OR "my attorney"
            OR "our attorney" OR "my solicitor" OR "our solicitor" OR "contacting a lawyer"
            OR "contacted a lawyer" OR "contacting an attorney" OR "hired a lawyer"
            OR "small claims" OR "class action" OR "class-action" OR "you to court" OR "them to court"
            OR "see you in court" OR "legal action" OR "going to sue" OR "gonna sue" OR "will sue"
            OR "i'll sue" OR "i'm suing" OR "im suing" OR "we are suing" OR "i am suing"
            OR "want to sue" OR "sue you" OR "sue your" OR "sue them" OR "should sue" OR "could sue"
            OR "lawsuit against" OR "file a lawsuit" OR "filed a lawsuit" OR "filing a lawsuit"
            OR "police report" OR "reported to the police" OR "went to the police" OR "going to the police"
            OR "reported you to the police"
            OR gdpr OR "attorney general" OR "attorney generals" OR "trading standards"
            OR "data breach" OR "data leak" OR "security breach" OR "passwords leaked"
            OR "sold my data" OR "leaked my data" OR "identity theft" OR "breach of contract"
            OR "sexual harassment" OR "racially abused" OR "racially profiled" OR "consumer court"
            OR (ico OR ftc OR cfpb OR fcc OR fda OR osha OR dot OR faa OR ofcom OR ofgem OR fca
                OR ombudsman OR regulator) NEAR/4
               (complaint OR complain OR report OR reported OR reporting OR file OR filed OR filing)
            OR (lawsuit OR sued OR sues OR fined) NEAR/5 (regulator OR court OR judge OR million
               OR damages OR customers OR employees)
        """,
        doubtful="""
            lawsuit OR lawsuits OR lawyer OR lawyers OR attorney OR attorneys OR solicitor OR sued
            OR suing OR regulator OR regulators OR ombudsman OR prosecuted OR prosecution
            OR discrimination OR discriminated OR discriminatory OR ftc OR cfpb
        """,
    ),
    "zh": Words(
        telling="""(
            律师函 OR 起诉 OR 法院见 OR 法庭见 OR 打官司 OR 提告 OR 存证信函 OR 报警 OR 报案 OR 消费者协会
            OR 消协 OR 消保会 OR 消费者保护 OR 12315 OR 12345投诉 OR 工商局 OR 市场监管 OR 银保监
            OR 泄露用户 OR 泄露个人 OR 信息泄露 OR 泄露信息 OR 泄露隐私 OR 个资外泄 OR 资料外泄 OR 盗刷
            OR 集体诉讼 OR 我的律师 OR 走法律程序 OR 法律途径 OR 诉讼
        )~han""",
        doubtful="(律师 OR 违法 OR 犯法 OR 法院 OR 歧视 OR 侵权 OR 判决)~han",
    ),
    "hu": Words(
        telling="""
            feljelentés* OR feljelentem OR feljelentettem OR feljelentjük OR ügyvédem OR ügyvédemmel
            OR ügyvédünk OR beperel* OR "pert indítok" OR bíróságon OR bíróságra OR fogyasztóvédel*
            OR (kiszivárgott OR kiszivárogtak) NEAR/5 (adatai OR adataim OR adatok OR adataink
            OR jelszavak) OR adatszivárgás* OR adatlopás* OR adatvédelmi OR naih OR gdpr
            OR csoportos~hu ONEAR/1 kereset~hu OR hatóságnál OR "jogi útra" OR "jogi lépések"
            OR "jogi lépéseket"
        """,
        doubtful="""
            ügyvéd~hu OR jogellenes* OR jogsértő* OR bíróság~hu OR per ONEAR/1 indul OR diszkrimin*
        """,
    ),
    "de": Words(
        telling="""
            "mein anwalt" OR "meinem anwalt" OR "meinen anwalt" OR "meine anwältin" OR "unser anwalt"
            OR "rechtliche schritte" OR "verklage euch" OR "verklage sie" OR verklagen
            OR "vor gericht" OR sammelklage OR strafanzeige OR "anzeige erstattet" OR "anzeige bei"
            OR "bei der polizei" OR datenleck OR datenpanne OR dsgvo OR datenschutzbehörde
            OR verbraucherzentrale OR verbraucherschutz OR bundesnetzagentur OR bafin
            OR schlichtungsstelle OR "rechtsanwalt einschalten"
        """,
        doubtful="""
            anwalt OR anwälte OR rechtswidrig OR klage OR strafbar OR diskriminierung
        """,
    ),
    "es": Words(
        telling="""
            "voy a demandar" OR "vamos a demandar" OR demandarlos OR "los demando" OR "mi abogado"
            OR "mi abogada" OR "mis abogados" OR "acciones legales" OR "demanda colectiva"
            OR "denuncia ante" OR "denuncia en" OR "los voy a denunciar" OR "voy a denunciar"
            OR "denuncié a" OR profeco OR "defensa del consumidor" OR condusef OR "a la policía"
            OR "filtró mis datos" OR "filtraron mis datos" OR "filtración de datos"
            OR "fuga de datos" OR "protección de datos" OR "juicio contra"
        """,
        doubtful="""
            abogado OR abogados OR demandar OR denuncia OR denunciar OR fiscalía OR juzgado
            OR discriminación
        """,
    ),
    "fr": Words(
        telling="""
            "porte plainte" OR "porter plainte" OR "porté plainte" OR "déposer plainte"
            OR "dépose plainte" OR "déposé plainte" OR "mon avocat" OR "mon avocate" OR "nos avocats"
            OR "en justice" OR "au tribunal" OR "action collective" OR "mise en demeure" OR dgccrf
            OR cnil OR rgpd OR "fuite de données" OR "60 millions de consommateurs" OR "ufc que choisir"
            OR "à la police" OR "à la gendarmerie"
        """,
        doubtful="""
            avocat OR avocats OR tribunal OR plainte OR juridique OR discrimination
        """,
    ),
    "it": Words(
        telling="""
            "mio avvocato" OR "miei avvocati" OR "mia avvocata" OR "nostro legale" OR "mio legale"
            OR "faccio causa" OR "fare causa" OR "farò causa" OR "vie legali" OR denuncerò OR denunciare
            OR "ho denunciato" OR "ai carabinieri" OR "alla polizia" OR "class action" OR "azione legale"
            OR "garante della privacy" OR agcm OR agcom OR codacons OR "in tribunale"
            OR "furto di dati" OR "fuga di dati"
        """,
        doubtful="avvocato OR avvocati OR carabinieri OR denuncia OR tribunale",
    ),
    "pt": Words(
        telling="""
            "vou processar" OR "vamos processar" OR "vou te processar" OR "processar vocês"
            OR "meu advogado" OR "minha advogada" OR procon OR "medidas judiciais" OR "na justiça"
            OR "ação judicial" OR "ação coletiva" OR "boletim de ocorrência" OR "à polícia"
            OR "na polícia" OR lgpd OR "vazou meus dados" OR "vazaram meus dados"
            OR "vazamento de dados" OR "ministério público" OR "banco central"
        """,
        doubtful="advogado OR advogados OR tribunal OR discriminação",
    ),
    "ja": Words(
        telling="""
            訴える OR 訴えます OR 訴訟 OR 弁護士に OR 弁護士を OR 弁護士と OR 法的措置 OR 裁判にし OR 裁判を起こ
            OR 警察に届 OR 警察に相談 OR 警察に通報 OR 被害届 OR 消費者センター OR 消費生活センター
            OR 国民生活センター OR 個人情報が漏 OR 個人情報漏 OR 情報漏洩 OR 情報流出 OR 集団訴訟
        """,
        doubtful="弁護士 OR 違法 OR 裁判 OR 法律違反 OR 差別 OR 漏洩 OR 流出",
    ),
    "tr": Words(
        telling="""
            "dava açıyorum" OR "dava açacağım" OR "dava açtım" OR avukatım OR avukatımız
            OR "suç duyurusu" OR "suç duyurusunda" OR savcılığa OR mahkemede OR mahkemeye
            OR "tüketici hakem" OR "tüketici hakları" OR "polise" OR kvkk OR "verilerim sızdı"
            OR "veri sızıntısı" OR "yasal işlem" OR "hukuki süreç"
        """,
        doubtful="avukat OR mahkeme OR savcılık",
    ),
    "ar": Words(
        telling="""
            "سأرفع دعوى" OR "ارفع دعوى" OR "برفع قضية" OR "رفع دعوى" OR "رفع قضية" OR والمحامي OR "المحامي"
            OR محامي OR "بلاغ للشرطة" OR "قدمت بلاغ" OR "الشرطة" OR للشرطة OR "حماية المستهلك"
            OR "المحكمة" OR النيابة OR "تسريب بيانات" OR "سربت بياناتي" OR "سرقة بياناتي"
        """,
        doubtful='دعوى OR محكمة OR "غير قانوني"',
    ),
    "ru": Words(
        telling="""
            "подаю в суд" OR "подам в суд" OR "подать в суд" OR "через суд" OR "в суде" OR "мой адвокат"
            OR "мой юрист" OR "заявление в полицию" OR "в полицию" OR "в прокуратуру" OR прокуратур*
            OR роспотребнадзор* OR роскомнадзор* OR "утечка данных" OR "слили мои данные"
            OR "слили данные" OR "коллективный иск" OR "досудебная претензия" OR "в цб"
        """,
        doubtful="адвокат OR юрист OR иск OR дискриминация",
    ),
}

PRESS: Final[Mapping[str, Words]] = {
    "en": Words(
        telling="""
            "i'm a journalist" OR "im a journalist" OR "i am a journalist" OR "i'm a reporter"
            OR "i am a reporter" OR "im a reporter" OR "reporter here" OR "journalist here"
            OR "journalist with" OR "journalist from" OR "journalist at" OR "journalist for"
            OR "reporter with" OR "reporter from" OR "reporter at" OR "reporter for"
            OR "producer with" OR "producer at" OR "request for comment" OR "requests for comment"
            OR "like a comment on" OR "press enquiries" OR "press inquiries" OR "media enquiries"
            OR "media inquiries" OR "media enquiry" OR "media inquiry" OR "press enquiry"
            OR "working on a story" OR "writing a story" OR "writing an article about"
            OR "speak to people affected" OR "talk to people affected" OR "for a news story"
        """,
    ),
    "zh": Words(
        telling="""
            我是~han ONEAR/6 记者~han OR (采访你们 OR 采访贵 OR 想采访你 OR 媒体采访需求 OR 请贵公司回应)~han
        """,
    ),
    "hu": Words(
        telling="""
            "újságíró vagyok" OR "riporter vagyok" OR "újságírója vagyok" OR "sajtómegkeresés"
            OR "szerkesztőségéből" OR "szerkesztőség nevében" OR "cikket írok" OR "riportot készítek"
            OR "riportot készítünk"
            OR sajtóosztály* OR sajtókapcsolat* OR "sajtós kérdés"
        """,
    ),
    "de": Words(
        telling="""
            "ich bin journalist" OR "ich bin journalistin" OR "bin journalist" OR "bin journalistin"
            OR "bin reporter" OR "bin redakteur" OR "bin redakteurin" OR presseanfrage
            OR "um eine stellungnahme" OR "recherchiere für" OR "recherchiere gerade"
        """,
    ),
    "es": Words(
        telling="""
            "soy periodista" OR "soy reportero" OR "soy reportera" OR "consulta de prensa"
            OR "preparo un reportaje" OR "preparando un reportaje" OR "escribo un artículo"
        """,
    ),
    "fr": Words(
        telling="""
            "je suis journaliste" OR "suis journaliste" OR "demande presse" OR "service de presse"
            OR "je prépare un article" OR "prépare un reportage"
        """,
    ),
    "it": Words(
        telling="""
            "sono un giornalista" OR "sono una giornalista" OR "sono giornalista"
            OR "richiesta stampa" OR "ufficio stampa" OR "sto scrivendo un articolo"
        """,
    ),
    "pt": Words(
        telling="""
            "sou jornalista" OR "sou repórter" OR "assessoria de imprensa"
            OR "escrevendo uma matéria" OR "fazendo uma reportagem"
        """,
    ),
    "ja": Words(
        telling="新聞記者です OR 記者です OR 記者をして OR 取材をお願い OR 取材させて OR 取材のお願い",
    ),
    "tr": Words(
        telling="""
            "gazeteciyim" OR "muhabiriyim" OR "muhabirim" OR "haber yapıyorum" OR "haber hazırlıyorum"
            OR "basın talebi"
        """,
    ),
    "ar": Words(telling='"أنا صحفي" OR "انا صحفي" OR "أنا صحفية" OR "انا صحفية" OR "طلب تعليق"'),
    "ru": Words(
        telling="""
            "я журналист" OR "я журналистка" OR "я корреспондент" OR "пишу статью"
            OR "готовлю материал" OR "готовим материал" OR "запрос сми" OR "пресс-служба"
        """,
    ),
}

WORDS: Final[Mapping[Kind, Mapping[str, Words]]] = {
    Kind.THREAT: THREAT,
    Kind.SAFETY: SAFETY,
    Kind.LEGAL: LEGAL,
    Kind.PRESS: PRESS,
}
LANGUAGES: Final = tuple(FIGURES)
