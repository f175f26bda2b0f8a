"""How brands are rated at each source."""

from listener.domain.measures import Figure
from listener.domain.measures.averages import star_average
from listener.domain.period import Period
from listener.domain.subject import Role
from listener.outlook.desk import Outlook
from listener.store import measures, subjects


def by_source(outlook: Outlook, period: Period) -> dict[str, list[tuple[str, Figure]]]:
    """By source the brands that were rated there, each with the mean of its stars."""
    found: dict[str, list[tuple[str, Figure]]] = {}
    with outlook.opened(period) as desk:
        for brand in subjects.listed(desk.db):
            if brand.role is not Role.BRAND:
                continue
            given: dict[str, list[float]] = {}
            for span in desk.days:
                made = desk.page.of("rated", brand.id, span, measures.stars_by_source)
                for source, stars in made.items():
                    given.setdefault(source, []).extend(stars)
            for source, stars in sorted(given.items()):
                found.setdefault(source, []).append((brand.name, star_average(stars)))
    return found
