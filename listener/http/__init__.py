"""Outgoing HTTP: one policy for all, with time-outs, caps, and no way into the private network."""

from listener.http.addresses import USER_AGENT, HttpError, check_base_url, shown, why_private
from listener.http.answers import Reply, not_before, to_error
from listener.http.api import Answer, Api, ApiError
from listener.http.client import Http

__all__ = [
    "USER_AGENT",
    "Answer",
    "Api",
    "ApiError",
    "Http",
    "HttpError",
    "Reply",
    "check_base_url",
    "not_before",
    "shown",
    "to_error",
    "why_private",
]
