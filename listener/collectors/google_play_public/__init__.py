"""Google Play's public pages: the reviews of any app, as an opt-in.

What is said there is known to the library google-play-scraper, which turns certificate checks off
where it is imported and takes every failure for "no reviews". So it is never imported here: a
process of its own (`worker.py`) lets it write the question and read the answer, and has no
network. The question is asked by the client that all collectors share.
"""

from listener.collectors.google_play_public.collector import GooglePlayPublic

__all__ = ["GooglePlayPublic"]
