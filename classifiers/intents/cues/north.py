"""Cues in English, German, Dutch, Polish, Russian, Hungarian and Turkish."""

from typing import Final

NORTH: Final = {
    "en": {
        "defect": "crash*|error*|bug|bugs|buggy|glitch*|freez*|frozen|not working|isnt working|arent working"
        "|doesnt work|dont work|didnt work|wont work|stopped working|not work|broken|cant log*|cannot log*"
        "|unable to|not able to|cant sign*|cant access|cant open|cant connect|cant play|cant get in*|cant find"
        "|wont let|not letting|isnt letting|doesnt let|wont load|wont open|wont play|not loading|not opening"
        "|not showing|not syncing|wont sync|doesnt sync|keeps crash*|keeps stopp*|keeps say*|keeps ask*"
        "|keep getting|stops playing|stopped playing|cuts off|went down|servers down|is down|are down|lagging"
        "|disappeared|is gone|are gone|is missing|are missing|lost my|something went wrong|not responding"
        "|blank screen|black screen|white screen|infinite loading|buffering|locked out|logged out|kicked out"
        "|charged twice|charged me twice|double charged|damaged|defective|arrived broken|not received|problem with"
        "|having trouble|having issues|having a problem|issue with|an issue|issues with|malfunction*|not available"
        "|disconnect*|never arrived|havent received|didnt receive|wont go through|wont verify|not verifying",
        "tried": "already tried|tried that|tried everything|tried all|i tried|ive tried|tried this|tried restarting"
        "|tried reinstall*|tried uninstall*|reinstalled|reinstalling|restarted|no luck|no avail|didnt help"
        "|doesnt help|still not|still doesnt|still no|still have|still having|still happen*|same thing|same issue"
        "|same problem|same result|same error|no difference|still the same|still says|it began|started happening",
        "help": "help|assist*|please fix|fix this|fix it|plz fix|pls fix|please resolve|any advice|any ideas|any idea"
        "|any suggestions|sort this|sort it|look into|support me|please dm|dm me|urgent*|what should i do|what to do"
        "|what can i do|what do i do|please advise|need assistance|contact me|call me back|please respond|please reply",
        "how": "how do i|how can i|how to|how do you|how can we|how do we|how would i|how come|can i|could i|can you tell"
        "|is there a way|is there any way|is there anyway|is it possible|where can i|where do i|where is|where are|when will"
        "|when is|when are|what is the|whats the|what are the|do i have to|do i need|do i still|does it|does this|do you have"
        "|do you guys|are there|is there|will i|will it|will there|will you|are you|am i|why is|why are|why do|why does"
        "|why cant|why did|why wont|who do i|which|any update|any updates|can someone|could you tell|would i|should i|is this"
        "|anyone know|anybody know|wondering if|was wondering|i have a question|can we|what about|what does",
        "wish": "please add|pls add|plz add|should add|could add|can you add|can u add|add a|add an|add the|add more|adding a"
        "|adding an|would be nice|would be great|would be cool|would be awesome|would be better|would be helpful|be nice if"
        "|be great if|i wish|wish you|wish there|wish it|wish this|wish they|only wish|would love to see|would love if|would like to see"
        "|hope you|hope they|feature request|suggestion*|suggest|should have|needs to have|need more|needs more|please bring"
        "|bring back|please make|please provide|please put|please allow|please include|please give|please consider|consider adding"
        "|an option to|option for|please support|please release|need to add|needs an|make it possible|missing feature|please let us"
        "|would appreciate if|if you could add|why not add|hopefully|votes|voted|requested|dark mode|be possible to|lacks|needs to add",
        "buy": "want to buy|like to buy|going to buy|looking to buy|thinking of buying|thinking about buying|planning to buy|if i buy"
        "|can i buy|where can i buy|want to purchase|like to purchase|to purchase a|if i purchase|want to subscribe|like to subscribe"
        "|how much is|how much are|how much does|how much would|how much will|how much for|whats the price|what is the price|price of"
        "|pricing|want to sign up|like to sign up|thinking of getting|thinking about getting|thinking of signing|interested in|ill buy"
        "|gonna buy|going to get|go premium|get premium|upgrade to|want to upgrade|like to upgrade|in stock|do you sell|do you ship|do you offer"
        "|student discount|discount code|promo code|free trial|trial|special offer|still get|eligible|any deals|book a|like to order|want to order"
        "|want to get|should i get|worth it|worth getting|which plan|ready to buy|take my money|new subscribers|new customers|family plan|discounts",
        "leave": "cancel my subscription|cancel my account|cancel my premium|canceling my|cancelling my|canceled my subscription"
        "|cancelled my subscription|cancelled my account|canceled my account|will cancel|going to cancel|about to cancel|gonna cancel|considering cancel*"
        "|thinking of cancel*|thinking about cancel*|cancel subscription|im canceling|im cancelling|then im cancel*|may need to cancel|may have to cancel"
        "|unsubscrib*|switching to|switch to another|switched to|im switching|considering switching|moving to|moved to|thinking about moving"
        "|leaving for|leaving you|im leaving|never again|never use|never buying|never buy|never shop|never order|never fly|never flying|wont be back"
        "|will not be back|wont come back|not coming back|will not return|wont return|not returning|im done with|done with you|done with y*|bout done"
        "|close my account|closing my account|delete my account|deleting my account|deleted my account|deleting this app|deleted the app|deleting the app"
        "|uninstalling this|simply uninstalled|will uninstall|going to uninstall|ill uninstall|uninstall this|uninstalling it|lost a customer|losing a customer|taking my business"
        "|goodbye|good bye|last time|going elsewhere|go elsewhere|looking for another|looking for alternatives|refuse to pay|not renew*|wont renew|your competitor*",
        "bad": "terrible|horrible|awful|worst|disappoint*|ridiculous|unacceptable|useless|rubbish|garbage|trash|sucks|suck|pathetic|scam|rip off|ripoff"
        "|waste of|poor|bad|rude|disgust*|frustrat*|annoying|annoyed|angry|hate|shame|joke|overpriced|too expensive|expensive|price gouging|slow|misleading"
        "|false|unfair|unfortunately|not happy|unhappy|upset|not impressed|shit|crap|wtf|dont recommend|not recommend|avoid|cheated|lied|lies|incompetent"
        "|delayed|late|cancelled flight|hours|stuck|dirty|cold|wrong|why would|whats wrong|tired of|fed up|sick of|seriously|stop",
        "good": "great|good|excellent|amazing|awesome|love|loved|loving|perfect|best|fantastic|wonderful|nice|happy|easy to use|helpful|useful|recommend"
        "|brilliant|superb|enjoy*|delicious|beautiful|friendly|thumbs up|well done|kudos|bravo|impressed|satisfied|very fast|super|cool|outstanding|works great|works well",
        "thanks": "thank you|thanks|thx|thank u|thankyou|tysm|tyvm|cheers|appreciate it|much appreciated|thanx|ty",
        "waits": "no response|no reply|no answer|not responded|havent responded|hasnt responded|not replied|never replied|never responded|didnt reply|still waiting|been waiting"
        "|waiting for|waited|havent heard|no one answers|nobody answers|nobody replies|on hold|weeks ago|days ago|months now|weeks now|already dmed|sent a dm|sent you a dm|dm sent"
        "|sent you|ive sent|i sent|just sent|here it is|here you go|answer me|answering me|my username|my email|my account is|since yesterday|for weeks|for months|a month ago|second time|third time|reply my",
        "settled": "will do|shall do|will try|ill try|ill let you know|let you know|works now|working now|working fine|working again|fixed now|its fixed|fixed it|it works|is resolved|resolved now"
        "|all good|no worries|no problem|got it|makes sense|sorted|never mind|nevermind|figured it out|ok thanks|okay thanks|ok thank*|alright|sounds good|keep you posted|okay|ok|sure|done",
        "danger": "hacked|hacker*|fraud*|phishing|stolen|stole my|identity theft|unauthori*|someone logged|suspicious|scammer*|malware|virus|abus*|harass*|threat*|unsafe|dangerous|injur*|illegal|law|lawyer|sue|police|racist|price gouging|price gougers|spam|security|torturing",
        "details": "ios|android|windows|macos|mac os|version|iphone|ipad|samsung|galaxy|pixel|laptop|desktop|chrome|firefox|device|model|build|usa|uk",
    },
    "de": {
        "defect": "fehler*|absturz|absturze|sturzt*|abgesturzt|funktioniert nicht|funktionieren nicht|funktioniert leider nicht|funktioniert nur|geht nicht|geht nichts|geht gar nicht*|klappt nicht|nicht moglich|nicht mehr moglich|kann mich nicht|kann nicht"
        "|lasst sich nicht|ladt nicht|ladt seit|startet nicht|offnet nicht|hangt*|eingefroren|kaputt|defekt*|storung*|konnte nicht|konnte weder|kein zugriff|keinen zugriff|anmeldung nicht|einloggen|anmelden|login|passwort|ungultig|fehlermeldung*|weisses bild|bug|bugs|doppelt abgebucht|verschwunden|beschadigt|fehlerhaft|keinen code|ausgeloggt|nicht erreichbar",
        "tried": "schon versucht|bereits versucht|mehrfach versucht|mehrmals versucht|neu installiert|neuinstalliert|neustart*|trotzdem nicht|immer noch nicht|immer noch|hilft nicht|hat nicht geholfen|immer wieder|seit tagen|seit wochen",
        "help": "hilfe|helfen|bitte beheben|behoben|behebt|bitte um|bitte melden|meldet euch|was soll ich|was kann ich|was tun|ansprechpartner",
        "how": "wie kann|wie komme|wie bekomme|wie lange|wie viel|wie geht|wie mache|wo kann|wo finde|wo ist|wann kommt|wann wird|wann ist|kann ich|kann man|konnen sie|konnt ihr|gibt es|warum|wieso|weshalb|was ist|was bedeutet|ist es moglich|ich habe eine frage|frage|darf ich|muss ich|welche*|weiss jemand",
        "wish": "ware schon|ware gut|ware toll|ware super|ware es moglich|ware hilfreich|wunsch*|wunscht*|wurde mir wunschen|ich wunsche|sollte man|sollte es|solltet ihr|vorschlag|verbesserungsvorschlag|bitte einbauen|bitte hinzuf*|fehlt noch|es fehlt|fehlen|schon ware|toll ware|gut ware|konnte man|kann man die|dunkelmodus|bitte ermoglichen|hatte gern|leider keine moglichkeit",
        "buy": "kaufen|bestellen mochte|mochte bestellen|mochte kaufen|will kaufen|was kostet|wie teuer|wie viel kostet|angebot fur|interesse an|interessiere mich|neukunde*|abo abschliessen|vertrag abschliessen|rabatt*|lieferbar|auf lager|buchen|tarif|uberlege",
        "leave": "kundig*|gekundigt|kundigung|wechsle|wechsel ich|anbieter wechseln|zu wechseln|zum wechseln|anbieter gewechselt|nie wieder|nie mehr|deinstalliert*|deinstalliere|geloscht|losche|losche ich|nicht mehr kaufen|nicht mehr bestellen|komme nicht wieder|letztes mal|das war das letzte|auf wiedersehen|konkurrenz|werde wechseln|finger weg",
        "bad": "schlecht*|mies*|katastroph*|furchtbar|schrecklich|enttausch*|frechheit|unverschamt*|lacherlich|unmoglich|mist|schrott|mull|nervt|nervig|genervt|arger*|argern|unzufrieden|leider|schade|zu teuer|teuer|uberteuert|abzocke|betrug|unfreundlich|langsam|umstandlich|wartezeit|warten|saftladen|nie erreichbar|unterirdisch|ungenugend|unzuverlass*",
        "good": "gut|super|toll|klasse|prima|perfekt|ausgezeichnet|hervorragend|spitze|sehr zufrieden|zufrieden|empfehl*|weiterempfehl*|einfach zu bedienen|ubersichtlich|praktisch|freundlich|liebe|genial|schnell|optimal|top|lecker|alles in ordnung|begeistert",
        "thanks": "danke|vielen dank|dankeschon|dankesehr|herzlichen dank",
        "waits": "keine antwort|keine reaktion|nie eine antwort|niemand antwortet|warte seit|warte immer|wartet man|seit monaten|seit wochen|keine ruckmeldung|unbeantwortet|in der warteschleife|kummert sich|nicht gemeldet",
        "settled": "hat sich erledigt|erledigt|geht wieder|funktioniert wieder|klappt jetzt|klappt wieder|alles klar|mache ich|werde ich versuchen|ok danke|passt",
        "danger": "betrug|betruger|gehackt|phishing|gestohlen|missbrauch|unbefugt*|datenschutz|anwalt|polizei|gefahrlich|anzeige|verbraucherzentrale",
    },
    "nl": {
        "defect": "werkt niet|werkt niet meer|doet het niet|foutmelding|fout|crasht|loopt vast|vastgelopen|kan niet|lukt niet|storing|kapot|inloggen|aanmelden|niet mogelijk|laadt niet",
        "tried": "al geprobeerd|opnieuw geinstalleerd|nog steeds niet|nog altijd niet|nog steeds",
        "help": "help|hulp|helpen|oplossen|graag contact|wat moet ik",
        "how": "hoe kan|hoe kom|hoe lang|waar kan|wanneer|kan ik|kunnen jullie|is er|waarom|is het mogelijk|ik heb een vraag|mag ik",
        "wish": "zou fijn zijn|zou leuk zijn|zou handig zijn|jammer dat|ik wens|graag een|suggestie|toevoegen|ontbreekt|zou beter",
        "buy": "kopen|wil bestellen|wat kost|hoeveel kost|prijs van|abonnement nemen|aanbieding|leverbaar|voorraad",
        "leave": "opzeg*|opgezegd|nooit meer|overstap*|stap over|ga weg|verwijderd|klant kwijt|laatste keer|sluit mijn rekening",
        "bad": "slecht*|vreselijk|verschrikkelijk|waardeloos|teleurgesteld|belachelijk|schandalig|onbeschoft|duur|traag|jammer|frustrerend|oplichter*|wachten|wachttijd",
        "good": "goed|goede|geweldig|top|prima|uitstekend|tevreden|aanrader|fijn|super|makkelijk|snel|lekker|vriendelijk|perfect|handig",
        "thanks": "bedankt|dank je|dank u|dankjewel",
        "waits": "geen antwoord|geen reactie|geen enkele reactie|geen enkel contact|wacht al|al weken|al maanden|niemand antwoordt|maand wachten",
        "settled": "opgelost|werkt weer|zal ik doen|ok bedankt|in orde",
        "danger": "fraude|gehackt|phishing|gestolen|oplichting|politie|advocaat|misbruik|fishing",
    },
    "pl": {
        "defect": "nie dziala*|blad|bledy|bledem|zawiesza*|wylacza sie|nie moge|nie mozna|nie da sie|awaria|zepsut*|uszkodzon*|logowani*|zalogowac|nie laduje|nie otwiera|crash*",
        "tried": "probowal*|probowalem juz|ponownie zainstal*|nadal nie|dalej nie|ciagle nie|nic nie pomaga",
        "help": "pomoc|pomocy|pomozcie|prosze o pomoc|co robic|co mam zrobic|naprawcie|prosze o kontakt",
        "how": "jak moge|jak mozna|jak sie|gdzie moge|gdzie jest|kiedy|czy moge|czy mozna|czy jest|czy sa|dlaczego|ile|mam pytanie|czy macie",
        "wish": "dodajcie|dodac|brakuje|przydalby sie|przydaloby sie|byloby fajnie|fajnie by bylo|szkoda ze nie|sugestia|chcialbym zeby|prosze dodac|mogliby",
        "buy": "kupic|chce kupic|ile kosztuje|jaka cena|zamowic|promocja|dostepny w|chce zamowic",
        "leave": "rezygnuje|rezygnacja|nigdy wiecej|odchodze|zmieniam bank|przenosze sie|odinstalowal*|odinstalow*|usuwam|wypowiadam|ostatni raz|nie wroce|anuluje",
        "bad": "zle|fatalny|fatalna|fatalnie|okropn*|tragedia|tragiczn*|najgorsz*|beznadziejn*|zenada|oszust*|drogo|slab*|dramat|niestety|skandal|rozczarowan*|wolno|kpina|masakra",
        "good": "dobry|dobra|dobrze|super|swietn*|polecam|doskonal*|rewelacja|rewelacyjn*|zadowolon*|najlepsz*|fajn*|pyszn*|mila|mily|szybko|wygodn*",
        "thanks": "dziekuje|dzieki|dziekujemy",
        "waits": "brak odpowiedzi|nie odpowiada*|bez odpowiedzi|czekam|od tygodni|od miesiecy|zero reakcji|nikt nie odbiera",
        "settled": "juz dziala|juz ok|rozwiazane|ok dzieki|sprobuje|naprawione",
        "danger": "oszustwo|oszusci|wlaman*|phishing|ukradzion*|kradziez|policja|prawnik|niebezpieczn*",
    },
    "ru": {
        "defect": "не работа*|ошибк*|вылета*|зависа*|глючит|глюк*|не могу|не загруж*|не открыв*|не заходит|не удается|сломал*|проблем*|не приходит|обрыв*|сбой|баг|баги|не видит|не ловит|пропал*",
        "tried": "уже пробовал*|переустан*|перезагруж*|все равно|всё равно|до сих пор|не помог*|то же самое",
        "help": "помогите|помощь|помоги|подскажите|исправьте|почините|решите|что делать|разберитесь|прошу",
        "how": "как можно|как мне|как подключить|как отключить|как узнать|где можно|где|когда|можно ли|есть ли|почему|сколько|зачем|какой|какая|у меня вопрос|будет ли|кто знает",
        "wish": "добавьте|добавить|хотелось бы|было бы|не хватает|сделайте|верните|пожелание|предлагаю|хочу чтобы|нужна функция|введите",
        "buy": "купить|хочу купить|сколько стоит|какая цена|заказать|где купить|подключить тариф|хочу подключить|оформить|в наличии|акция",
        "leave": "ухожу|уйду|перехожу|перейду|ушел от|больше никогда|никогда больше|отказ*|удаляю|удалил*|отключаюсь|прощай*|меняю оператора|к конкурентам|последний раз|сменю",
        "bad": "плохо|плохой|плохая|ужас*|отврат*|хуже|худш*|позор|безобразие|достал*|обман*|развод|мошенник*|дорого|жаль|разочаров*|кошмар|хамство|медленн*|дерьмо|говно|надоел*",
        "good": "хорош*|отличн*|супер|прекрасн*|замечательн*|рекоменд*|довол*|лучш*|удобн*|нравится|класс|молодц*|спасибо за|быстр*|вкусн*|круто|люблю",
        "thanks": "спасибо|благодар*|спс",
        "waits": "нет ответа|не отвеча*|жду|ждем|сколько ждать|никто не|уже неделю|уже месяц|не дождал*|решается",
        "settled": "заработал*|все работает|решено|понял*|ок спасибо|хорошо спасибо|разобрал*",
        "danger": "взлом*|мошенни*|украли|фишинг|полици*|суд|роспотреб*|опасн*|списали",
    },
    "hu": {
        "defect": "nem mukodik|nem mukodnek|hiba|hibat|hibas|hibauzenet|lefagy*|osszeomlik|kilep|nem tudok|nem lehet|nem enged|nem tolt*|nem nyilik|elromlott|serult|nem indul|bejelentkez*|belepni|nem jon|eltunt|rossz aru|bug",
        "tried": "mar probaltam|ujratelep*|ujrainditott*|meg mindig|tovabbra is|nem segit*|ugyanaz|megint",
        "help": "segits*|segitseg*|kerem javits*|javitsak|mit tegyek|mit lehet tenni|kerem segits*|keresenek meg|oldjak meg",
        "how": "hogyan|hogy lehet|hogy tudom|hol lehet|hol talal*|mikor|lehet e|van e|miert|mennyi|melyik|kerdesem|kerdes|tudnak e|mi a teendo|szabad e",
        "wish": "jo lenne|szuper lenne|hianyzik|hianyolom|javaslat*|javaslom|szeretnem ha|kerem adjak hozza|lehetne|kellene|kene egy|sotet mod|hasznos lenne|nem artana",
        "buy": "szeretnek venni|szeretnem megvenni|mennyibe kerul|mennyi az ara|megrendelni|rendelni szeretnek|erdeklodom|elofizetni|akcio|kaphato|raktaron|megvenn*|foglalni",
        "leave": "felmond*|lemond*|soha tobbet|soha tobbe|tobbet nem|atmegyek|atterek|valtok|szolgaltatot valt*|letorol*|torlom|utoljara|viszlat|elpartol*|masik szolgaltato*|nem jovok tobbet",
        "bad": "rossz|borzaszto|szornyu|szornyen|csalod*|felhaborit*|botrany*|nevetseges|pocsek|gyenge|draga|lassu|szemet|vacak|idegesit*|sajnos|atveres|lehuzas|udvariatlan|katasztrofa|gyalazat*|szegyen",
        "good": "jo|nagyon jo|szuper|remek|kivalo|kituno|imadom|szeretem|ajanlom|elegedett|tokeletes|fantasztikus|kedves|gyors|hasznos|finom|nagyszeru|legjobb|profi",
        "thanks": "koszonom|koszonjuk|koszi|kosz|halasan",
        "waits": "nincs valasz|nem valaszol*|nem kaptam valaszt|varok|hetek ota|honapok ota|senki nem|nem reagal*|valaszra",
        "settled": "megoldodott|mar mukodik|mar jo|rendben|megprobalom|ertem koszonom|okes",
        "danger": "feltort*|csalas|csalo|adathalasz*|ellopt*|rendorseg|ugyved|veszelyes|visszaeles",
    },
    "tr": {
        "defect": "calismiyor|hata|hatasi|donuyor|kapaniyor|acilmiyor|giremiyorum|giris yapamiyorum|yuklenmiyor|bozuk|arizali|sorun|kasiyor|cokuyor|gelmedi|olmuyor",
        "tried": "denedim|yeniden yukledim|silip yukledim|hala|ise yaramadi",
        "help": "yardim|duzeltin|cozun|yardimci olur|ne yapmaliyim|cozum",
        "how": "nasil|nerede|ne zaman|var mi|olur mu|mumkun mu|neden|kac|miyim|misiniz|hangi|sorum var|niye|acaba",
        "wish": "ekleyin|eklenmeli|eklenirse|olsa iyi|olsa guzel|keske|oneri|getirin|gelsin|olmali|isterdim",
        "buy": "satin almak|almak istiyorum|ne kadar|fiyati|siparis vermek|kampanya|stokta|abone olmak|indirim",
        "leave": "iptal ed*|bir daha asla|bir daha|siliyorum|sildim|kapatiyorum|geciyorum|gectim|ayriliyorum|son kez|kaldirdim",
        "bad": "kotu|berbat|rezalet|rezil|pahali|yavas|sacma|maalesef|hayal kirikligi|dolandirici*|ilgisiz|bikt*|pisman|igrenc|yazik",
        "good": "guzel|harika|super|mukemmel|tavsiye|memnun|basarili|iyi|hizli|kolay|seviyorum|bayildim|lezzetli|en iyi",
        "thanks": "tesekkur*|sagol|sagolun|tesekkurler|eyvallah",
        "waits": "cevap yok|cevap vermiyor|donus yapilmadi|bekliyorum|haftalardir|gunlerdir|ulasamiyorum|ilgilenmiyor*",
        "settled": "cozuldu|duzeldi|tamam|deneyecegim|halloldu",
        "danger": "dolandiric*|hacklendi|calindi|polis|avukat|sahte|tehlikeli",
    },
}
