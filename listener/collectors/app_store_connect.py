"""App Store Connect: the reviews of your own apps, with what you answered."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from listener.clock import WallClock
from listener.collectors.base import Cursor
from listener.domain.mention import Batch, Channel, Evidence, Kind, Mention, Reject, Response
from listener.domain.subject import Subject, brand_of
from listener.domain.times import from_text, to_text
from listener.domain.values import BadRecord, read_time, shown
from listener.domain.walk import Turns, Walk
from listener.errors import CollectorError, Trouble
from listener.http import Api, ApiError, Http

SERVICE: Final = "app_store_connect"
NAME: Final = "App Store Connect"
AUDIENCE: Final = "appstoreconnect-v1"
PAGE: Final = 200
FIRST_PAGES: Final = 10  # of an app that was never read
LOOK_BACK: Final = timedelta(days=30)  # for answers and edits, and for what was published late
LOOK_EVERY: Final = timedelta(days=1)
SKEW, VALID = timedelta(minutes=1), timedelta(minutes=10)  # Apple takes 20 minutes at the most
STALE: Final = (400, 404, 410)  # what a page's address may get that has grown too old
REFUSALS: Final = {
    401: "does not accept the key; check issuer_id, key_id and private_key, and that this"
    " machine's clock is right",
    403: "does not let the key read reviews; give it a role that may",
}
BAD_KEY: Final = (
    "private_key is not a key that App Store Connect gives: it must be the whole text of the .p8"
    ' file, from "-----BEGIN PRIVATE KEY-----" on; best as "file:PATH"'
)

# ISO 3166-1, three letters and then two; XKS is Apple's own for Kosovo, ANT is withdrawn.
_CODES: Final = (
    "ABWAW AFGAF AGOAO AIAAI ALAAX ALBAL ANDAD ANTAN AREAE ARGAR ARMAM ASMAS ATAAQ ATFTF ATGAG "
    "AUSAU AUTAT AZEAZ BDIBI BELBE BENBJ BESBQ BFABF BGDBD BGRBG BHRBH BHSBS BIHBA BLMBL BLRBY "
    "BLZBZ BMUBM BOLBO BRABR BRBBB BRNBN BTNBT BVTBV BWABW CAFCF CANCA CCKCC CHECH CHLCL CHNCN "
    "CIVCI CMRCM CODCD COGCG COKCK COLCO COMKM CPVCV CRICR CUBCU CUWCW CXRCX CYMKY CYPCY CZECZ "
    "DEUDE DJIDJ DMADM DNKDK DOMDO DZADZ ECUEC EGYEG ERIER ESHEH ESPES ESTEE ETHET FINFI FJIFJ "
    "FLKFK FRAFR FROFO FSMFM GABGA GBRGB GEOGE GGYGG GHAGH GIBGI GINGN GLPGP GMBGM GNBGW GNQGQ "
    "GRCGR GRDGD GRLGL GTMGT GUFGF GUMGU GUYGY HKGHK HMDHM HNDHN HRVHR HTIHT HUNHU IDNID IMNIM "
    "INDIN IOTIO IRLIE IRNIR IRQIQ ISLIS ISRIL ITAIT JAMJM JEYJE JORJO JPNJP KAZKZ KENKE KGZKG "
    "KHMKH KIRKI KNAKN KORKR KWTKW LAOLA LBNLB LBRLR LBYLY LCALC LIELI LKALK LSOLS LTULT LUXLU "
    "LVALV MACMO MAFMF MARMA MCOMC MDAMD MDGMG MDVMV MEXMX MHLMH MKDMK MLIML MLTMT MMRMM MNEME "
    "MNGMN MNPMP MOZMZ MRTMR MSRMS MTQMQ MUSMU MWIMW MYSMY MYTYT NAMNA NCLNC NERNE NFKNF NGANG "
    "NICNI NIUNU NLDNL NORNO NPLNP NRUNR NZLNZ OMNOM PAKPK PANPA PCNPN PERPE PHLPH PLWPW PNGPG "
    "POLPL PRIPR PRKKP PRTPT PRYPY PSEPS PYFPF QATQA REURE ROURO RUSRU RWARW SAUSA SDNSD SENSN "
    "SGPSG SGSGS SHNSH SJMSJ SLBSB SLESL SLVSV SMRSM SOMSO SPMPM SRBRS SSDSS STPST SURSR SVKSK "
    "SVNSI SWESE SWZSZ SXMSX SYCSC SYRSY TCATC TCDTD TGOTG THATH TJKTJ TKLTK TKMTM TLSTL TONTO "
    "TTOTT TUNTN TURTR TUVTV TWNTW TZATZ UGAUG UKRUA UMIUM URYUY USAUS UZBUZ VATVA VCTVC VENVE "
    "VGBVG VIRVI VNMVN VUTVU WLFWF WSMWS XKSXK YEMYE ZAFZA ZMBZM ZWEZW"
)
COUNTRIES: Final = {code[:3]: code[3:] for code in _CODES.split()}


@dataclass(frozen=True, slots=True, kw_only=True)
class AppStoreConnect:
    """Reads reviews from the newest down, and every day once more those of the last 30 days.

    The service keeps no history of an answer: the one that was seen first counts.
    """

    apps: tuple[int, ...]
    issuer_id: str
    key_id: str
    private_key: str = field(repr=False)
    brand: str | None = None  # None: the only brand there is
    every: timedelta = timedelta(hours=1)
    channel: Channel = Channel.REVIEW
    base_url: str = "https://api.appstoreconnect.apple.com"
    http: Http = field(metadata={"handed": True})
    name: str = field(metadata={"handed": True})
    follows: tuple[Subject, ...] = field(metadata={"handed": True})

    def __post_init__(self) -> None:
        """Refuse what could never be asked. The key is looked at when it is first used."""
        if not self.apps or min(self.apps) < 1:
            raise ValueError("apps must be the numbers of apps, as in apps.apple.com/app/id123")
        brand_of(self.follows, self.brand)
        Api(http=self.http, service=NAME, base_url=self.base_url)

    @property
    def service(self) -> str:
        return SERVICE

    def fetch(self, cursor: Cursor | None, now: datetime) -> Batch:
        """One page of the reviews of one app."""
        turns = Turns.of(cursor, map(str, self.apps))
        reading, page = self._next(turns.stream, Reading.of(turns.state), now)
        read = (self._read(review, page, turns.stream) for review in page.reviews)
        found = [one for each in read for one in each]
        times = [one.said_at for one in found if isinstance(one, Mention)]
        reading = reading.after(times, page.next, now)
        turns = turns.after(reading.written(), more=bool(reading.walk.resume))
        return Batch.of(found, cursor=turns.written(), complete=turns.complete)

    def committed(self, batch: Batch) -> None:
        """Nothing to do: Apple does not know what we have kept."""

    def check(self) -> str:
        now = WallClock().now()
        for app in self.apps:
            self._page(str(app), f"{_path(str(app))}?limit=1", now)
        return "1 app" if len(self.apps) == 1 else f"{len(self.apps)} apps"

    def _next(self, app: str, reading: "Reading", now: datetime) -> tuple["Reading", "Page"]:
        """The page that is due; where its address has grown too old, the first one once more."""
        begin = f"{_path(app)}?include=response&sort=-createdDate&limit={PAGE}"
        if reading.walk.resume:
            try:
                return reading, self._page(app, reading.walk.resume, now)
            except ApiError as error:
                if error.status not in STALE:
                    raise
        return reading.begun(now), self._page(app, begin, now)

    def _page(self, app: str, path: str, now: datetime) -> "Page":
        api = Api(
            http=self.http,
            service=NAME,
            base_url=self.base_url,
            headers={"Authorization": f"Bearer {self._token(now)}"},
        )
        try:
            answer = api.get(path, now=now)
        except ApiError as error:
            raise _explained(error, app) from None
        return read_page(answer.value, api)

    def _token(self, now: datetime) -> str:
        """A fresh proof of who asks, good for ten minutes. Raises CollectorError."""
        import jwt  # noqa: PLC0415  # brings cryptography
        from cryptography.exceptions import UnsupportedAlgorithm  # noqa: PLC0415

        claims = {
            "iss": self.issuer_id,
            "iat": int((now - SKEW).timestamp()),
            "exp": int((now + VALID).timestamp()),
            "aud": AUDIENCE,
        }
        key = self.private_key.replace("\\n", "\n")  # as variables of the environment hold it
        wrong = (jwt.PyJWTError, UnsupportedAlgorithm, ValueError, TypeError, AttributeError)
        try:
            return jwt.encode(claims, key, algorithm="ES256", headers={"kid": self.key_id})
        except wrong:
            raise CollectorError(f"{NAME}: {BAD_KEY}", kind=Trouble.SETTINGS) from None

    def _read(self, review: Any, page: "Page", app: str) -> tuple[Mention | Reject | Response, ...]:
        """A review and what was answered to it."""
        mention = to_mention(review, self.name, app)
        if isinstance(mention, Reject):
            return (mention,)
        brand = brand_of(self.follows, self.brand)
        mention = replace(mention, channel=self.channel, brand=brand)
        answer = page.answer_to(review)
        answered = to_response(answer, mention) if answer is not None else None
        return (mention, answered) if answered is not None else (mention,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What one question brought. next: the path of the page after it; None for the last.

    by_id, by_review: the answers, by their own id and, where they tell it, by their review's.
    """

    reviews: tuple[Any, ...]
    by_id: Mapping[str, Any]
    by_review: Mapping[str, Any]
    next: str | None

    def answer_to(self, review: Any) -> Any:
        """What was answered; None for nothing."""
        answer = _related(review, "response")
        number = _of(review, "id")
        by_review = self.by_review.get(number) if isinstance(number, str) else None
        return by_review if answer is None else self.by_id.get(answer, by_review)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """How far the reviews of one app were read: a walk whose marks are times.

    floor: the walk under way ends with a page on which nothing is newer. looks_back: that lies
    30 days back; looked_at: when such a walk last arrived. A first walk counts as one.
    """

    walk: Walk
    floor: str = ""
    looks_back: bool = False
    looked_at: str = ""

    @classmethod
    def of(cls, state: Mapping[str, Any]) -> "Reading":
        return cls(**{**state, "walk": Walk.of(state.get("walk", {}))})

    def written(self) -> dict[str, Any]:
        """As JSON, without what is empty."""
        state = {"floor": self.floor, "looks_back": self.looks_back, "looked_at": self.looked_at}
        kept = {name: value for name, value in state.items() if value}
        return {"walk": self.walk.written(), **kept}

    def begun(self, now: datetime) -> "Reading":
        """At the beginning of a walk."""
        mark = self.walk.mark
        age = now - from_text(self.looked_at) if self.looked_at else LOOK_EVERY
        looks_back = not mark or not timedelta() <= age < LOOK_EVERY
        floor = min(mark, to_text(now - LOOK_BACK)) if looks_back else mark
        return replace(self, walk=Walk(mark=mark), floor=floor, looks_back=looks_back)

    def after(self, times: Iterable[datetime], next_path: str | None, now: datetime) -> "Reading":
        """After a page with reviews of these times."""
        newest = max(map(to_text, times), default="")
        known = bool(newest) and newest <= self.floor
        enough = self.walk.is_first and self.walk.pages + 1 >= FIRST_PAGES
        further = None if known or enough or next_path == self.walk.resume else next_path
        walk = self.walk.after(min(newest, to_text(now)), further)
        if walk.resume:
            return replace(self, walk=walk)
        return Reading(walk=walk, looked_at=to_text(now) if self.looks_back else self.looked_at)


def read_page(value: Any, api: Api) -> Page:
    """Take a reply apart. Raises ApiError, also where the next page lies on another host."""
    reviews, links = _of(value, "data"), _of(value, "links")
    following = _of(links, "next")
    if not isinstance(reviews, list) or not (following is None or isinstance(following, str)):
        words = f"{NAME} answered something that is no list of reviews"
        raise ApiError(CollectorError(words, kind=Trouble.SHAPE))
    included = _of(value, "included")
    kind = "customerReviewResponses"
    answers = [each for each in _as_list(included) if _of(each, "type") == kind]
    return Page(
        reviews=tuple(reviews),
        by_id={each["id"]: each for each in answers if isinstance(each.get("id"), str)},
        by_review={to: each for each in answers if (to := _related(each, "review")) is not None},
        next=None if following is None else api.inside(following),
    )


def to_mention(review: Any, source: str, app: str) -> Mention | Reject:
    number, said = _of(review, "id"), _of(review, "attributes")
    place = f"review {shown(number)} of app {app}"
    if not isinstance(number, str) or not number:
        return Reject(place=place, reason="it has no id", content="")
    stars = _of(said, "rating")
    if isinstance(stars, bool) or stars not in (1, 2, 3, 4, 5):
        return Reject(place=place, reason="it has not one to five stars", content="")
    try:
        said_at = read_time("createdDate", _of(said, "createdDate"), UTC)
    except BadRecord as bad:
        return Reject(place=place, reason=str(bad), content="")
    territory = _text(said, "territory")
    return Mention(
        source=source,
        source_id=number,
        title=_text(said, "title"),
        text=_text(said, "body"),
        said_at=said_at,
        channel=Channel.REVIEW,
        kind=Kind.REVIEW,
        author_name=_text(said, "reviewerNickname") or None,
        stars=float(stars),
        place=COUNTRIES.get(territory, territory) or None,
        product=app,
    )


def to_response(answer: Any, review: Mention) -> Response | Reject | None:
    """What was answered to a review; None while nobody can read it.

    Its id is made of the review's, for an answer that is written anew gets another one: so the
    first that was seen stays, with its time.
    """
    said = _of(answer, "attributes")
    if _of(said, "state") != "PUBLISHED":
        return None
    try:
        said_at = read_time("lastModifiedDate", _of(said, "lastModifiedDate"), UTC)
    except BadRecord as bad:
        where = f"answer to review {shown(review.source_id)} of app {review.product}"
        return Reject(place=where, reason=str(bad), content="")
    return Response(
        source=review.source,
        source_id=f"{review.source_id}#reply",
        said_at=said_at,
        parent_id=review.source_id,
        author=review.brand,
        text=_text(said, "responseBody"),
        evidence=Evidence.FIELD,
    )


def _path(app: str) -> str:
    return f"/v1/apps/{app}/customerReviews"


def _explained(error: ApiError, app: str) -> ApiError:
    """The same trouble, in words that tell which key to look at."""
    words = REFUSALS.get(error.status)
    if error.status == 404:
        words = f"knows no app {app} that the key may see; check `apps`"
    if words is None:
        return error
    told = CollectorError(f"{NAME} {words} (HTTP {error.status})", kind=error.kind)
    return ApiError(told, error.status)


def _related(item: Any, name: str) -> str | None:
    """The id of what an item is tied to under a name."""
    number = _of(_of(_of(_of(item, "relationships"), name), "data"), "id")
    return number if isinstance(number, str) else None


def _of(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, dict) else None


def _text(value: Any, key: str) -> str:
    text = _of(value, key)
    return text if isinstance(text, str) else ""


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
