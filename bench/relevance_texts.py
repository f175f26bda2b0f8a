"""Invented texts about names that mean two things, by which the judge without corrections is set.

None of the words is anybody's: they were made up for this, half of them about the company, half
about what it is not, complaints and praise, in five languages.
"""

from typing import NamedTuple


class Named(NamedTuple):
    """A name, what `about` says, and texts about the one and about the other."""

    name: str
    about: str
    relevant: tuple[str, ...]
    irrelevant: tuple[str, ...]


SETS = (
    Named(
        "Acme",
        "an airline, not the cartoon company",
        (
            "acme lost my suitcase AGAIN, three days without clothes",
            "Four hours on the tarmac and acme gives us a biscuit. Never again.",
            "shoutout to the acme crew on the red-eye to Denver, you were lovely",
            "is the acme app down? can't check in and my flight leaves at six",
            "Acme charges 40 euros for a carry on now, are they serious",
            "@acme still waiting for my refund since August, answer your mails!!",
            "why is acme always late",
            "acme sucks",
            "boarding gate changed twice, thanks acme...",
            "Acme to open a second base in Lyon next spring, with nine new routes",
        ),
        (
            "the coyote ordered another rocket from acme and it blew up in his face lol",
            "My kid thinks acme anvils are real, cartoons did that to us",
            "Drawing fan art of the acme roadrunner trap tonight",
            "every looney gadget says ACME on the box and none of them ever work",
            "That old short where the acme glue sticks the bird to the rails, I cried laughing",
            "found a vintage acme dynamite crate prop from the animated series at the flea market",
            "which acme contraption would you buy if cartoons were real?",
            "Rewatching the classics: giant magnet, acme label, cliff. Perfect comedy.",
        ),
    ),
    Named(
        "Delta",
        "a bank, not a river delta, not the variant of a virus, not the airline",
        (
            "Delta froze my card in the middle of a supermarket, so embarrassing",
            "anyone else locked out of delta online banking this morning?",
            "Delta raised the fee of the basic account to seven a month. Goodbye.",
            "45 minutes on hold with delta about a transfer that never arrived",
            "the lady at the delta branch on Mill Street sorted my mortgage in ten minutes",
            "Delta reports a quarterly profit above forecasts as lending grows",
            "delta's new app is so much better, face login finally works",
            "scam text pretending to be delta going round, don't click",
            "why did delta decline my loan",
        ),
        (
            "Kayaked through the delta at dawn, pelicans everywhere",
            "Rising seas are eating the delta: villages lose ten metres of shore a year",
            "the delta variant spread faster than the earlier ones, doctors said",
            "Delta cancelled my flight to Atlanta and the gate agent shrugged",
            "rice farmers in the delta fear salt water in their fields",
            "stuck at JFK, delta says crew shortage",
            "Are vaccines weaker against delta? New study of hospital patients",
            "upgraded to first on delta, warm nuts and all",
        ),
    ),
    Named(
        "Jaguar",
        "the maker of cars, not the animal",
        (
            "My Jaguar has been at the dealer for five weeks waiting on a gearbox",
            "test drove the new jaguar saloon, seats are superb, screen is a mess",
            "jaguar recall: fuel leak risk in 2,000 cars",
            "Never buying a jaguar again. Third breakdown this year.",
            "that green jaguar parked outside is a beauty",
            "Jaguar to stop petrol engines and go all electric",
            "jaguar customer service are useless, nobody calls back",
            "insurance on a jaguar at my age, ouch",
        ),
        (
            "a jaguar with two cubs was filmed by a camera trap in the wetlands",
            "Did you know a jaguar's bite goes through a turtle shell?",
            "the jaguar at our zoo turned 15 today and got a melon",
            "poachers arrested with jaguar skins near the border",
            "rainforest loss leaves the jaguar with nowhere to hunt",
            "saw a jaguar swim across the river, still shaking",
            "jaguar vs leopard: look at the spots inside the rosettes",
        ),
    ),
    Named(
        "Orange",
        "a mobile and internet provider, not the fruit, not the colour",
        (
            "Orange network down in the whole district again",
            "orange billed me twice this month and the chat bot is a joke",
            "fibre from orange finally installed, 900 down, very happy",
            "no signal with orange since yesterday, anyone?",
            "Switching from orange after ten years, roaming costs killed me",
            "orange keeps calling me to sell a new plan, stop",
            "the orange shop assistant moved all my contacts to the new phone",
            "Panne chez orange ce matin, plus de box ni de mobile",
            "orange m'a facturé une option que je n'ai jamais demandée",
        ),
        (
            "squeezed an orange into the marinade, game changer",
            "painted the bedroom orange and I regret everything",
            "the sky went orange over the harbour tonight",
            "Blood orange season! Making marmalade all weekend.",
            "she wore an orange dress and everyone stared",
            "vitamin C: one orange a day is plenty",
            "un gâteau à l'orange et au chocolat pour dimanche",
            "my orange cat knocked the tree over",
        ),
    ),
    Named(
        "Shell",
        "the oil company and its petrol stations, not sea shells, not the command line",
        (
            "shell pump charged my card twice, station on the A4",
            "Shell posts record profit while we freeze, disgusting",
            "the coffee at shell is better than it has any right to be",
            "protesters blocked the shell refinery gates at dawn",
            "diesel at shell up nine cents since Monday",
            "toilets at the shell on the ring road are filthy, fix it",
            "shell app points vanished after the update",
        ),
        (
            "found a perfect spiral shell on the beach this morning",
            "my shell script eats every file with a space in its name",
            "which shell do you use, zsh or fish?",
            "the snail pulled back into its shell",
            "crack the egg and keep bits of shell out of the bowl",
            "reverse shell in the logs, we are being attacked",
            "kids painted a shell for every guest at the wedding",
        ),
    ),
    Named(
        "Tisza",
        "egy bolthálózat, nem a folyó",
        (
            "A Tiszában megint lejárt joghurtot adtak el nekem",
            "tisza kasszánál fél óra sor, két pénztáros volt összesen",
            "Nagyon kedves volt az eladó a Tiszában, segített megtalálni a lisztet",
            "Nyit egy új Tisza a sarkon, végre nem kell buszozni a tejért",
            "a Tisza hűségkártya pontjai eltűntek, az ügyfélszolgálat nem válaszol",
            "Tisza: visszahívják a sajtot üvegszilánk miatt",
        ),
        (
            "Kiöntött a Tisza, homokzsákokat hordtunk egész éjjel",
            "Virágzik a tisza, ezrek nézték a kérészeket a parton",
            "kenuval mentünk végig a Tiszán, három nap, két sátor",
            "Apadt a Tisza, a horgászok örülnek",
            "halpusztulás a Tisza felső szakaszán",
            "Szegednél naplemente a Tisza felett",
        ),
    ),
    Named(
        "小米",
        "手机和家电公司，不是粮食",
        (
            "小米手机用了三个月就自动关机，客服让我自己寄回去",
            "新买的小米电视画质真不错，就是广告太多",
            "小米发布会又跳票了",
            "小米手环充不进电，售后说过保了",
            "排队两小时买到小米新机，值了",
            "小米的快递把箱子摔烂了，退款还要等七天",
        ),
        (
            "小米粥养胃，每天早上熬一锅",
            "今年小米丰收，亩产比去年高两成",
            "小米和大米哪个更适合宝宝辅食",
            "妈妈寄来老家的小米，黄澄澄的真香",
            "小米蒸排骨的做法，简单又好吃",
            "种小米要注意防虫",
        ),
    ),
    Named(
        "Mango",
        "a fashion chain, not the fruit",
        (
            "mango sent me the wrong size twice and wants me to pay for returns",
            "this linen blazer from mango is everything",
            "Mango store staff followed me around like a thief",
            "the seams of my mango jeans opened on day two",
            "20% off coats at mango till Sunday",
            "mango opens a flagship on Fifth Avenue",
            "el pedido de mango lleva diez días sin llegar",
            "me encanta el vestido de mango que compré ayer",
        ),
        (
            "mango sticky rice is the best dessert in the world",
            "how do you cut a mango without wasting half of it",
            "our mango tree has its first flowers",
            "mango lassi and a book, Sunday done",
            "export of mango halted after fruit flies were found",
            "allergic to mango skin, lips like balloons",
            "un zumo de mango bien frío y a la playa",
        ),
    ),
)
