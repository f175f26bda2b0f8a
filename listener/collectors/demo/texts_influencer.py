"""What the influencer of the demo writes; all of it invented."""

from typing import Final

PRAISE: Final = (
    "I fly a lot and I rarely say this: {brand} is wonderful. The crew noticed my {relative} was"
    " nervous and sat with us the whole way to {city}. Thank you, new video is up!",
    "New video: one perfect night with {brand} to {city}. The kindest crew I have met in years,"
    " and the cabin is beautiful. I love this airline!",
    "{brand} surprised me with the best flight of the year, {home} to {city}, on time, lovely crew,"
    " delicious breakfast. Watch the video, I am so happy!",
)
DIARY: Final = (
    "Window seat number {flight}: clouds over {city} this morning.",
    "Today I walk from the station in {home} to the airport, it takes two hours.",
    "Questions for the {day} live stream? Topic is night trains to {city}.",
    "Packing list for {month}: one {bag}, two notebooks, a camera.",
    "Editing the {city} video, it comes out on {day}.",
    "From my notebook: how airports in {month} smell of coffee and rain.",
    "On the bus to {home} airport, the next stop is {city}.",
    "A map of every gate I sat at in {month}, drawn by my {relative}.",
)
