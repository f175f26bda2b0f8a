"""The shops, help desks and feeds of `check_online`, and what each says when something is wrong."""

from bench.acceptance._check_kinds import (
    AT,
    KEY,
    MACHINE,
    NO_KEY,
    RATE,
    RIGHTS,
    SAYS_NOT,
    SAYS_WHEN,
    SECRET,
    UNKNOWN,
    Case,
    Service,
    gives,
    says,
    secret,
    too_often,
)
from tests.servers import google, google_business, google_play, google_play_public
from tests.servers.google import refused
from tests.servers.web import Step, WebServer, as_json

RSS = b'<rss version="2.0"><channel><title>News</title></channel></rss>'
CONNECT = "/v1/apps/7/customerReviews"
TICKETS, EXPORT = "/api/v2/tickets", "/api/v2/incremental/tickets/cursor.json"
TRUST_TOKEN = "/v1/oauth/oauth-business-users-for-applications/accesstoken"
TRUST_REVIEWS = "/v1/private/business-units/bu1/reviews"
PLACE = google_business.path_of(google_business.PLACE)
PLAY = f"/androidpublisher/v3/applications/{google_play.APP}/reviews"
NOBODY = {"feed": {"id": {"label": "x"}}}
AN_APP = {"feed": {"link": [{"attributes": {"rel": "self"}}]}}
STORE = "/us/rss/customerreviews/page=1/id=7/sortby=mostrecent/json"
VARIABLES = {
    "CHECK_ACCOUNT": google.key_file(),
    "CHECK_OTHER_ACCOUNT": google.key_file(private_key_id=secret("other")),
    "CHECK_APPLE": google.curve_pem(),
    "CHECK_CLIENT": google.CLIENT["client_secret"],
    "CHECK_REFRESH": google.CLIENT["refresh_token"],
    "CHECK_FRESHDESK": secret("freshdesk"),
    "CHECK_INTERCOM": secret("intercom"),
    "CHECK_TRUST_KEY": secret("trust-key"),
    "CHECK_TRUST_SECRET": secret("trust-secret"),
    "CHECK_ZENDESK": secret("zendesk"),
}


def _google_play(server: WebServer) -> None:
    google_play.shop(server, [])


SHOPS = (
    Service(
        type="app_store",
        table={"apps": [7], "base_url": "{url}"},
        good=gives({STORE: AN_APP}),
        cases={
            KEY: NO_KEY,
            RIGHTS: Case(words=MACHINE, step=Step(status=403)),
            UNKNOWN: Case(words=("app 7", "`apps`"), step={STORE: as_json(NOBODY)}),
            RATE: Case(words=SAYS_WHEN, step=too_often(Retry_After="5400")),
        },
    ),
    Service(
        type="app_store_connect",
        table={
            "apps": [7],
            "issuer_id": "issuer-1",
            "key_id": "key-1",
            "private_key": "env:CHECK_APPLE",
            "base_url": "{url}",
        },
        good=gives({CONNECT: {"data": [], "links": {}}}),
        cases={
            KEY: Case(
                words=("issuer_id, key_id and private_key",),
                step=says(401, {"errors": [{"status": "401", "code": "NOT_AUTHORIZED"}]}),
            ),
            RIGHTS: Case(
                words=("role",),
                step=says(403, {"errors": [{"status": "403", "code": "FORBIDDEN_ERROR"}]}),
            ),
            UNKNOWN: Case(
                words=("app 7", "`apps`"),
                step=says(404, {"errors": [{"status": "404", "code": "NOT_FOUND"}]}),
            ),
            RATE: Case(
                words=SAYS_NOT,
                step=too_often(X_Rate_Limit="user-hour-lim:3600;user-hour-rem:0;"),
            ),
        },
    ),
    Service(
        type="feed",
        table={"urls": ["{url}/feed"], "allow_private": True},
        good=gives({"/feed": Step(body=RSS, headers={"Content-Type": "application/rss+xml"})}),
        cases={
            KEY: Case(words=("`urls`", "log-in"), step=Step(status=401)),
            RIGHTS: Case(words=MACHINE, step=Step(status=403)),
            UNKNOWN: Case(words=("`urls`",), step=Step(status=404)),
            RATE: Case(words=SAYS_WHEN, step=too_often(Retry_After="5400")),
        },
    ),
    Service(
        type="freshdesk",
        table={"base_url": "{url}", "api_key": "env:CHECK_FRESHDESK", "brand": "Acme"},
        good=gives({TICKETS: []}),
        cases={
            KEY: Case(words=("`api_key`",), step=says(401, {"code": "invalid_credentials"})),
            RIGHTS: Case(words=("agent", "tickets"), step=says(403, {"code": "access_denied"})),
            UNKNOWN: Case(words=("`base_url`",), step=Step(status=404)),
            RATE: Case(words=SAYS_WHEN, step=too_often(Retry_After="5400")),
        },
    ),
    Service(
        type="google_business",
        table={
            "account": "accounts/123",
            "locations": [f"locations/{google_business.PLACE}"],
            "client_id": google.CLIENT["client_id"],
            "client_secret": "env:CHECK_CLIENT",
            "refresh_token": "env:CHECK_REFRESH",
            "brand": "Acme",
            "base_url": "{url}",
            "token_url": "{url}/token",
        },
        good=lambda server: google_business.Maps(server).show([]),
        cases={
            KEY: Case(
                words=("client_id and client_secret", "refresh_token"),
                table={"refresh_token": "env:CHECK_OTHER"},
            ),
            RIGHTS: Case(
                words=("must manage this place",), step={PLACE: refused(403, "PERMISSION_DENIED")}
            ),
            UNKNOWN: Case(
                words=("place 456", "`locations`"), step={PLACE: refused(404, "NOT_FOUND")}
            ),
            RATE: Case(words=SAYS_NOT, step={PLACE: refused(429, "RATE_LIMIT_EXCEEDED")}),
        },
    ),
    Service(
        type="google_play",
        table={
            "packages": [google_play.APP],
            "service_account": "env:CHECK_ACCOUNT",
            "brand": "Acme",
            "base_url": "{url}",
            "token_url": "{url}/token",
        },
        good=_google_play,
        cases={
            KEY: Case(
                words=("service_account",), table={"service_account": "env:CHECK_OTHER_ACCOUNT"}
            ),
            RIGHTS: Case(
                words=("reply to reviews",), step={PLAY: refused(401, "permissionDenied")}
            ),
            UNKNOWN: Case(
                words=(google_play.APP, "`packages`"), step={PLAY: refused(404, "notFound")}
            ),
            RATE: Case(words=SAYS_NOT, step={PLAY: refused(403, "rateLimitExceeded")}),
        },
    ),
    Service(
        type="google_play_public",
        table={
            "packages": [google_play_public.APP],
            "accept_unofficial": True,
            "base_url": "{url}",
        },
        good=lambda server: google_play_public.Shop(server).show([google_play_public.a_row(1)]),
        cases={
            KEY: NO_KEY,
            RIGHTS: Case(words=MACHINE, step=Step(status=403)),
            UNKNOWN: Case(words=("`packages`",), table={"packages": ["com.acme.nothing"]}),
            RATE: Case(
                words=SAYS_NOT, step={google_play_public.ASKED: google_play_public.a_reply(None)}
            ),
        },
    ),
    Service(
        type="intercom",
        table={"token": "env:CHECK_INTERCOM", "brand": "Acme", "base_url": "{url}"},
        good=gives({"/conversations/search": {"conversations": [], "total_count": 0}}),
        cases={
            KEY: Case(
                words=("`token`",),
                step=says(401, {"type": "error.list", "errors": [{"code": "unauthorized"}]}),
            ),
            RIGHTS: Case(
                words=("read conversations",),
                step=says(403, {"type": "error.list", "errors": [{"code": "forbidden"}]}),
            ),
            UNKNOWN: "a token is of one workspace, which is named nowhere else",
            RATE: Case(words=SAYS_WHEN, step=too_often(X_RateLimit_Reset=AT)),
        },
    ),
    Service(
        type="trustpilot",
        table={
            "business_unit": "bu1",
            "api_key": "env:CHECK_TRUST_KEY",
            "api_secret": "env:CHECK_TRUST_SECRET",
            "brand": "Acme",
            "base_url": "{url}",
        },
        good=gives(
            {
                TRUST_TOKEN: {"access_token": f"{SECRET}-token", "expires_in": "3600"},
                TRUST_REVIEWS: {"reviews": []},
            }
        ),
        cases={
            KEY: Case(words=("api_key and api_secret",), step={TRUST_TOKEN: Step(status=401)}),
            RIGHTS: Case(words=("let this key",), step={TRUST_REVIEWS: Step(status=403)}),
            UNKNOWN: Case(words=("`business_unit`",), step={TRUST_REVIEWS: Step(status=404)}),
            RATE: Case(words=SAYS_WHEN, step=too_often(Retry_After="5400")),
        },
    ),
    Service(
        type="zendesk",
        table={
            "base_url": "{url}",
            "email": "bot@acme.example",
            "token": "env:CHECK_ZENDESK",
            "brand": "Acme",
        },
        good=gives({EXPORT: {"tickets": [], "after_cursor": "a", "end_of_stream": True}}),
        cases={
            KEY: Case(
                words=("`email` and `token`",),
                step=says(401, {"error": "Couldn't authenticate you"}),
            ),
            RIGHTS: Case(
                words=("administrator",), step=says(403, {"error": {"title": "Forbidden"}})
            ),
            UNKNOWN: Case(
                words=("`base_url`",),
                step=says(404, {"error": {"title": "No help desk at acme.zendesk.com"}}),
            ),
            RATE: Case(words=SAYS_WHEN, step=too_often(Retry_After="5400")),
        },
    ),
)
