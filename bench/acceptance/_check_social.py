"""The places of `check_online` where people talk, and what each says when something is wrong."""

from bench.acceptance._check_kinds import (
    AT,
    KEY,
    MACHINE,
    NO_KEY,
    NOW,
    RATE,
    RIGHTS,
    SAYS_WHEN,
    SECRET,
    UNKNOWN,
    WAIT,
    Case,
    Service,
    gives,
    says,
    secret,
    too_often,
)
from tests.servers import reddit, x
from tests.servers.google import refused
from tests.servers.web import Step, WebServer, as_json

MASTODON = "help@127.0.0.1"
ATOM = b'<feed xmlns="http://www.w3.org/2005/Atom"><title>r/travel</title></feed>'
ATOM_TYPE = {"Content-Type": "application/atom+xml"}
LOG_IN, FEED = "/xrpc/com.atproto.server.createSession", "/xrpc/app.bsky.feed.getAuthorFeed"
LOOKUP, COMMENTS = "/api/v1/accounts/lookup", "/commentThreads"
ROUTE = "/2.3/search/advanced"
VARIABLES = {
    "CHECK_OTHER": secret("other"),
    "CHECK_BLUESKY": secret("bluesky"),
    "CHECK_MASTODON": secret("mastodon"),
    "CHECK_REDDIT": reddit.SECRET,
    "CHECK_STACK": secret("stack"),
    "CHECK_X": x.TOKEN,
    "CHECK_YOUTUBE": secret("youtube"),
}


def _x(server: WebServer) -> None:
    x.XService(server, NOW)


SOCIAL = (
    Service(
        type="bluesky",
        table={
            "handle": "me.example",
            "app_password": "env:CHECK_BLUESKY",
            "base_url": "{url}",
        },
        good=gives(
            {
                LOG_IN: {"accessJwt": f"{SECRET}-token"},
                FEED: {"feed": []},
                "/xrpc/app.bsky.feed.searchPosts": {"posts": []},
            }
        ),
        cases={
            KEY: Case(
                words=("handle and app_password",),
                step={LOG_IN: says(401, {"error": "AuthenticationRequired"})},
            ),
            RIGHTS: Case(
                words=("app password", "second factor"),
                step={LOG_IN: says(401, {"error": "AuthFactorTokenRequired"})},
            ),
            UNKNOWN: Case(
                words=("acme.example",),
                step={FEED: says(400, {"error": "InvalidRequest", "message": "no profile"})},
            ),
            RATE: Case(
                words=SAYS_WHEN,
                step={
                    LOG_IN: as_json({"error": "RateLimitExceeded"}, status=429, RateLimit_Reset=AT)
                },
            ),
        },
    ),
    Service(
        type="hacker_news",
        table={"base_url": "{url}"},
        good=gives({"/search_by_date": {"hits": []}}),
        cases={
            KEY: NO_KEY,
            RIGHTS: Case(words=MACHINE, step=Step(status=403)),
            UNKNOWN: "an account that is not there has written nothing, and no more is told",
            RATE: Case(words=SAYS_WHEN, step=too_often(Retry_After="5400")),
        },
    ),
    Service(
        type="mastodon",
        table={"base_url": "{url}", "access_token": "env:CHECK_MASTODON", "tags": ["late"]},
        good=gives(
            {
                "/api/v1/accounts/verify_credentials": {"id": "1", "acct": "acme"},
                LOOKUP: {"id": "2", "acct": "help"},
                "/api/v1/timelines/tag/late": [],
                "/api/v1/notifications": [],
                "/api/v2/search": {"accounts": [], "statuses": [], "hashtags": []},
            }
        ),
        cases={
            KEY: Case(
                words=("access_token",), step=says(401, {"error": "The access token is invalid"})
            ),
            RIGHTS: Case(
                words=("needs the right read:accounts",),
                step=says(403, {"error": "This action is outside the authorized scopes"}),
            ),
            UNKNOWN: Case(
                words=(MASTODON,), step={LOOKUP: says(404, {"error": "Record not found"})}
            ),
            RATE: Case(words=SAYS_WHEN, step=too_often(X_RateLimit_Reset=(NOW + WAIT).isoformat())),
        },
    ),
    Service(
        type="reddit",
        table={
            "client_id": "app",
            "client_secret": "env:CHECK_REDDIT",
            "subreddits": ["travel"],
            "base_url": "{url}",
        },
        good=reddit.FakeReddit,
        cases={
            KEY: Case(
                words=("client_id and client_secret",), table={"client_secret": "env:CHECK_OTHER"}
            ),
            RIGHTS: Case(
                words=("/r/travel", "private"),
                step={"/r/travel/new/": says(403, {"reason": "private", "error": 403})},
            ),
            UNKNOWN: Case(
                words=("/r/travel", "no such subreddit"),
                step={"/r/travel/new/": says(404, {"reason": "banned", "error": 404})},
            ),
            RATE: Case(
                words=SAYS_WHEN, step={"/r/travel/new/": too_often(x_ratelimit_reset="5400")}
            ),
        },
    ),
    Service(
        type="reddit_feeds",
        table={"subreddits": ["travel"], "search": False, "base_url": "{url}"},
        good=gives({"/r/travel/new/.rss": Step(body=ATOM, headers=ATOM_TYPE)}),
        cases={
            KEY: NO_KEY,
            RIGHTS: Case(words=("private",), step=says(403, {"reason": "private", "error": 403})),
            UNKNOWN: Case(words=("no such subreddit",), step=says(404, {"error": 404})),
            RATE: Case(words=SAYS_WHEN, step=too_often(x_ratelimit_reset="5400")),
        },
    ),
    Service(
        type="stack_exchange",
        table={"key": "env:CHECK_STACK", "base_url": "{url}/2.3"},
        good=gives(
            {
                ROUTE: {"items": [], "has_more": False},
                "/2.3/users/5/answers": {"items": []},
            }
        ),
        cases={
            KEY: Case(
                words=("`key`",),
                step=says(
                    400, {"error_id": 400, "error_message": "`key` doesn't match a known app"}
                ),
            ),
            RIGHTS: Case(
                words=("let this key",),
                step=says(400, {"error_id": 403, "error_name": "access_denied"}),
            ),
            UNKNOWN: Case(
                words=("site stackoverflow", "`sites`"),
                step=says(400, {"error_id": 400, "error_message": "No site found for name"}),
            ),
            RATE: Case(
                words=SAYS_WHEN,
                step=says(
                    400,
                    {
                        "error_id": 502,
                        "error_name": "throttle_violation",
                        "error_message": "too many requests from this IP, more requests available"
                        " in 5400 seconds",
                    },
                ),
            ),
        },
    ),
    Service(
        type="x",
        table={"bearer_token": "env:CHECK_X", "base_url": "{url}"},
        good=_x,
        cases={
            KEY: Case(words=("bearer_token",), table={"bearer_token": "env:CHECK_OTHER"}),
            RIGHTS: Case(
                words=("may not search",),
                step=says(403, {"type": "https://api.twitter.com/2/problems/client-forbidden"}),
            ),
            UNKNOWN: "a search for an account that is not there finds nothing, and no more is told",
            RATE: Case(words=SAYS_WHEN, step=too_often(x_rate_limit_reset=AT)),
        },
    ),
    Service(
        type="youtube",
        table={"api_key": "env:CHECK_YOUTUBE", "channels": ["UCacme"], "base_url": "{url}"},
        good=gives({COMMENTS: {"items": []}}),
        cases={
            KEY: Case(words=("api_key",), step=refused(400, "API_KEY_INVALID")),
            RIGHTS: Case(words=("enable this API",), step=refused(403, "accessNotConfigured")),
            UNKNOWN: Case(words=("UCacme", "`channels`"), step=refused(404, "channelNotFound")),
            RATE: Case(words=("asked again in ",), step=refused(403, "quotaExceeded")),
        },
    ),
)
