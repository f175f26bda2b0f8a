"""Sentences of our own, severe and not, for the rule of single severe mentions.

Written before its word lists. Every other one (`tuned_on`) was looked at while the lists were made;
the rest only tells how good they are.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Sentence:
    """`kind`: what it is to be told as; "" is nothing severe."""

    language: str
    kind: str
    text: str


def _read(lines: str) -> tuple[Sentence, ...]:
    parts = (line.split(" | ", 2) for line in lines.strip().splitlines())
    return tuple(Sentence(language, kind.strip("-"), text) for language, kind, text in parts)


SENTENCES: Final = _read("""
en | safety | My daughter got food poisoning from the Acme chicken wrap and is still throwing up
en | safety | The Acme charger caught fire on my nightstand while we were asleep
en | safety | Your blender lid flew off and cut my hand, four stitches in the ER. Thanks Acme
en | safety | Acme toy fell apart and my son almost choked on a tiny battery
en | safety | I had an allergic reaction after one bite, no mention of peanuts on the Acme label
en | safety | Acme kettle gave me an electric shock this morning, my arm is still numb
en | safety | The heater from Acme leaks carbon monoxide, the whole family ended up in hospital
en | safety | Found a piece of glass in my baby's Acme puree, she was bleeding from the mouth
en | safety | my acme scooter's brakes failed and I broke my wrist
en | safety | Acme hair dye burned my scalp, I have blisters everywhere
en | safety | The battery pack exploded in my backpack @acme. This is dangerous, people will get hurt
en | safety | There were flames coming out of the back of the Acme oven. Firefighters had to come
en | safety | Dad collapsed on your flight and the crew did nothing @acmeair
en | legal | You will be hearing from my lawyer, Acme
en | legal | I'm taking Acme to small claims court, enough is enough
en | legal | Acme sold my data to advertisers, reporting you to the ICO under GDPR
en | legal | Class action against Acme is being prepared, who else was overcharged?
en | legal | Filed a complaint with the FTC about Acme's fake discounts
en | legal | Acme just got hacked and all our passwords leaked, they said nothing for a week
en | legal | going to sue @acme for what they did to my credit score
en | legal | An Acme driver assaulted me. I have filed a police report
en | legal | Acme fired her for being pregnant, that is discrimination and it is illegal
en | legal | Unauthorized charges again, this is fraud and I am contacting the attorney general
en | press | Hi Acme, I'm a journalist with the Evening Post and would like a comment on the recall
en | press | I write for a consumer magazine and am working on a story about Acme refunds, who handles press enquiries?
en | press | Reporter here, looking to speak to people affected by the Acme outage, my DMs are open
en | press | Acme has not responded to our request for comment
en | threat | I swear I will come to the Acme office and hurt somebody
en | threat | Because of Acme's debt collectors I don't want to live anymore
en | threat | Acme ruined me, I am going to kill myself tonight
en | threat | Someone should burn down the Acme headquarters with everybody in it
en | threat | there is a bomb at your store on 5th, acme. last warning
en | - | Acme's new album is on fire, cannot stop listening
en | - | The Acme support team is killing it today, so fast
en | - | This lawsuit movie by Acme Pictures was boring as hell
en | - | I'm dying of laughter at this Acme ad
en | - | My phone died again and Acme still has no charger in stock
en | - | Waiting in the Acme queue makes me want to die lol
en | - | The price of Acme tickets is criminal, daylight robbery
en | - | Acme shot themselves in the foot with this update
en | - | Sue from Acme was so helpful, best agent ever
en | - | These Acme wings are hot as fire, my mouth is burning in the best way
en | - | Acme delayed my flight four hours and lost my bag, never again
en | - | Terrible customer service, rude staff, and the food was cold. Avoid Acme
en | - | Acme charged me twice and nobody answers the phone
en | - | I'd kill for an Acme burger right now
en | - | The app crashed three times while I tried to pay, fix it Acme
en | - | My heart is broken, Acme discontinued my favourite lipstick
en | - | Acme's website is down, server on fire again?
en | - | Acme poisoned the well with that announcement, fans are angry
en | - | Nobody was injured when the Acme truck tipped over, they said
en | - | That presentation bombed, poor Acme
en | - | acme explode in popularity, I hate how crowded it is now
en | - | I choked up when the Acme crew sang for my grandmother
en | - | Acme is dead to me after this refund nonsense
en | - | The fire alarm test in the Acme store was so loud and annoying
en | - | I'm addicted to Acme, police officer arrest me for eating the whole box
en | - | Legal drama on Acme TV again, worst season so far
en | - | My dog threw the Acme toy away after a day, poor quality
en | - | Acme battery drains so fast it's killing me
en | - | Hungry enough to murder a pizza, and Acme is closed. Ugh
en | - | The Acme hospital drama got cancelled, so sad and angry
en | - | They burned through all my patience, Acme is the worst
en | - | Loved the article the journalist wrote on Acme
en | - | Acme coffee is weak and the cup leaked all over my bag
en | - | This bug is a headache, Acme, I am sick of it
en | - | Not a single reply from Acme in two weeks, this hurts
en | - | Acme's outfit for the fire department charity was lovely
en | - | I will never fly Acme again, you broke my suitcase
en | - | It was a crash course in bad design. Shame on Acme
en | - | shocked by the Acme prices
zh-Hans | safety | 孩子吃了Acme的酸奶以后上吐下泻，去医院说是食物中毒
zh-Hans | safety | Acme充电宝突然爆炸，把我的手烧伤了
zh-Hans | legal | Acme再不退款我就起诉你们，律师函已经准备好了
zh-Hans | legal | 已经报警并向消费者协会投诉Acme
zh-Hans | legal | Acme泄露用户个人信息，每天接到诈骗电话
zh-Hans | press | 您好，我是晚报记者，想就Acme召回一事采访你们
zh-Hans | threat | Acme逼得我不想活了
zh-Hans | safety | 用了Acme的面膜全脸过敏红肿，太可怕了
zh-Hans | - | Acme的新歌太炸了，循环一整天
zh-Hans | - | 笑死我了，Acme这个广告
zh-Hans | - | Acme快递太慢了，等死我了
zh-Hans | - | Acme的客服态度太差，再也不买了
zh-Hans | - | 价格贵得要命，Acme真黑
zh-Hans | - | 气死了，Acme又取消了我的订单
zh-Hans | - | 这家Acme的火锅味道一般，排队一小时
zh-Hans | - | Acme手机发烫，电池不耐用
zh-Hant | safety | 吃完Acme的便當全家食物中毒，現在還在急診
zh-Hant | safety | Acme行動電源爆炸起火，差點燒到小孩
zh-Hant | legal | Acme盜刷我的信用卡，我已經報警了
zh-Hant | legal | 準備對Acme提告，存證信函已寄出
zh-Hant | press | 我是記者，想請Acme回應消費者的投訴
zh-Hant | threat | 被Acme害到想自殺
zh-Hant | - | Acme的演唱會嗨爆了
zh-Hant | - | Acme的服務爛透了，氣死我
zh-Hant | - | 等Acme外送等到快餓死
zh-Hant | - | Acme包裹又寄丟了，失望
hu | safety | A kisfiam ételmérgezést kapott az Acme szendvicstől, kórházba kellett vinni
hu | safety | Kigyulladt az Acme töltő, majdnem leégett a lakás
hu | safety | Allergiás rohamom lett az Acme krémtől, tele vagyok kiütéssel
hu | safety | Megrázott az áram az új Acme hajszárítótól
hu | legal | Feljelentést teszek az Acme ellen a fogyasztóvédelemnél
hu | legal | Az ügyvédem már írja a keresetet, bíróságon találkozunk, Acme
hu | legal | Kiszivárogtak az Acme ügyfelek adatai, ez adatvédelmi botrány
hu | press | Újságíró vagyok, szeretném megkérdezni az Acmét a visszahívásról
hu | threat | Az Acme miatt már öngyilkosságra gondolok
hu | threat | Felrobbantom az Acme irodát, megölöm az igazgatót
hu | - | Az Acme koncert tűzforró volt, imádtam
hu | - | Meghalok a nevetéstől ezen az Acme reklámon
hu | - | Az Acme késik, hideg a kaja, soha többet
hu | - | Megöl a várakozás, Acme, mikor jön a csomag?
hu | - | Kétszer vontak le pénzt, az Acme ügyfélszolgálat nem veszi fel
hu | - | Kirobbanó siker az új Acme, de nekem nem tetszik
hu | - | Lefagyott az Acme alkalmazás, bosszantó
hu | - | A tűzoltók napján zárva volt az Acme, bosszantó
de | safety | Mein Kind hat sich an dem Acme Spielzeug verschluckt und wäre fast erstickt
de | safety | Der Acme Akku ist in Brand geraten, die Feuerwehr musste kommen
de | safety | Nach dem Essen bei Acme mit Lebensmittelvergiftung ins Krankenhaus
de | legal | Mein Anwalt wird sich bei Acme melden
de | legal | Ich habe Acme bei der Polizei angezeigt wegen Betrug
de | legal | Datenleck bei Acme, meine Kontodaten stehen im Netz
de | press | Ich bin Journalistin und bitte Acme um eine Stellungnahme
de | threat | Ich kann nicht mehr, wegen Acme will ich nicht mehr leben
de | - | Das Konzert von Acme war der Brand heiße Wahnsinn
de | - | Ich lache mich tot über die Acme Werbung
de | - | Acme hat mein Paket verloren und niemand antwortet
de | - | Der Service bei Acme ist eine Katastrophe, nie wieder
de | - | Die Preise bei Acme sind mörderisch
de | - | Die App stürzt ständig ab, Acme
es | safety | Mi hija se intoxicó con la comida de Acme, estamos en urgencias
es | safety | Explotó la batería de Acme y me quemé la mano
es | legal | Voy a demandar a Acme, ya hablé con mi abogado
es | legal | Presenté una denuncia ante la policía contra Acme por estafa
es | legal | Acme filtró mis datos personales
es | press | Soy periodista y busco la versión de Acme sobre los despidos
es | threat | Por culpa de Acme me quiero morir, ya no puedo más
es | - | Me muero de risa con el anuncio de Acme
es | - | Acme la está rompiendo, qué bomba de disco
es | - | Acme llegó tarde y la comida estaba fría
es | - | Me quema la paciencia esperar a Acme
es | - | La app de Acme se cierra sola, qué asco
es | - | Los precios de Acme son de infarto
fr | safety | Mon fils a fait une intoxication alimentaire après le menu Acme, direction les urgences
fr | safety | Le chargeur Acme a pris feu dans la chambre
fr | legal | Je porte plainte contre Acme, mon avocat est prévenu
fr | legal | Fuite de données chez Acme, je saisis la CNIL
fr | press | Je suis journaliste et je souhaite une réaction d'Acme
fr | threat | À cause d'Acme j'ai envie de mourir
fr | - | Je suis mort de rire devant la pub Acme
fr | - | Acme met le feu à la scène, énorme
fr | - | Colis perdu par Acme, service client nul
fr | - | L'appli Acme plante tout le temps
fr | - | Les prix d'Acme, c'est du vol
it | safety | Mia figlia ha avuto uno shock anafilattico dopo il gelato Acme
it | safety | Il caricatore Acme ha preso fuoco
it | legal | Ho già sentito il mio avvocato, vi faccio causa Acme
it | legal | Denuncerò Acme ai carabinieri per truffa
it | - | Sto morendo dal ridere con lo spot Acme
it | - | Acme spacca, una bomba
it | - | Il pacco Acme non è mai arrivato, pessimi
pt | safety | Meu filho engasgou com a peça do brinquedo da Acme e foi parar no hospital
pt | safety | O carregador da Acme pegou fogo na minha casa
pt | legal | Vou processar a Acme e já acionei o Procon
pt | legal | A Acme vazou meus dados, vou à polícia
pt | threat | Por causa da Acme eu quero me matar
pt | - | Morri de rir com a propaganda da Acme
pt | - | A Acme arrasou, show pegando fogo
pt | - | A entrega da Acme atrasou de novo, péssimo
ja | safety | Acmeの弁当を食べて食中毒になり入院しました
ja | safety | Acmeの充電器から火が出て火傷した
ja | legal | Acmeを訴える。弁護士に相談済み
ja | legal | Acmeから個人情報が漏洩した、警察に届けた
ja | press | 新聞記者です。Acmeの件で取材をお願いします
ja | threat | Acmeのせいで死にたい
ja | - | Acmeのライブ最高、会場が爆発してた
ja | - | Acmeの配送が遅すぎる、がっかり
ja | - | Acmeのラーメン辛すぎて口から火が出そう
ja | - | 面白すぎて死ぬ、AcmeのCM
tr | safety | Oğlum Acme oyuncağının parçasını yuttu, boğuluyordu
tr | safety | Acme şarj cihazı patladı, elim yandı
tr | legal | Acme'ye dava açıyorum, avukatım arayacak
tr | legal | Acme hakkında savcılığa suç duyurusunda bulundum
tr | - | Acme reklamına gülmekten öldüm
tr | - | Acme kargom yine gecikti, rezalet
tr | - | Acme konseri yıkıldı, bomba gibiydi
ar | safety | ابني أصيب بتسمم غذائي من مطعم أكمي وهو في المستشفى
ar | safety | انفجرت بطارية أكمي وأحرقت يدي
ar | legal | سأرفع دعوى على أكمي والمحامي جاهز
ar | legal | قدمت بلاغ للشرطة ضد أكمي بسبب الاحتيال
ar | - | أكمي تأخرت في التوصيل والأكل بارد
ar | - | مت من الضحك على إعلان أكمي
ar | - | خدمة العملاء في أكمي سيئة جدا
ru | safety | Ребёнок отравился йогуртом Acme, мы в больнице
ru | safety | Зарядка Acme загорелась ночью, чуть не сгорела квартира
ru | legal | Подаю в суд на Acme, адвокат уже готовит иск
ru | legal | Написал заявление в полицию на Acme за мошенничество
ru | threat | Из-за Acme не хочу больше жить
ru | - | Умираю со смеху с рекламы Acme
ru | - | Acme взорвали танцпол, огонь
ru | - | Acme опять задержали доставку, ужас
ru | - | Приложение Acme вылетает, бесит
""")
TUNED_ON: Final = SENTENCES[::2]
HELD_OUT: Final = SENTENCES[1::2]
