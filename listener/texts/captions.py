"""The words that stand beside a chart: a title with its legend, and what it shows, in sentences."""

from datetime import timedelta

from listener.texts import numbers
from listener.texts.picture import Mark, Plot
from listener.texts.words import say


def title(plot: Plot, language: str) -> str:
    """What is drawn, and what each sort of mark means that can be seen."""
    step = numbers.duration(plot.width, language)
    parts = [say(language, "chart.title", step=step, zone=plot.zone)]
    if any(step.upto is not None for step in plot.steps):
        parts.append(say(language, "chart.usual"))
    if any(step.count is None for step in plot.steps):
        parts.append(say(language, "chart.lost"))
    seen = {mark for mark, _ in plot.moments}
    parts += [say(language, f"chart.{mark}") for mark in Mark if mark in seen]
    return " · ".join(parts)


def alt(plot: Plot, language: str) -> str:
    """The same for those who do not see it: how much, when, what is usual, and what is missing."""
    highest = max(plot.steps, key=lambda one: one.count or 0)
    told = [
        say(
            language,
            "chart.alt",
            step=numbers.duration(plot.width, language),
            span=numbers.between(plot.steps[0].start, plot.until, plot.zone, language),
            most=numbers.number(highest.count or 0, language),
            at=numbers.moment(highest.start, plot.zone, language),
        )
    ]
    if highest.upto is not None:
        upto = numbers.number(highest.upto, language)
        told.append(say(language, "chart.alt.usual", upto=upto))
    lost = sum((plot.width for one in plot.steps if one.count is None), timedelta())
    if lost:
        told.append(say(language, "chart.alt.lost", lost=numbers.duration(lost, language)))
    return " ".join(told)
