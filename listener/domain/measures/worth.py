"""What talk and lost customers may be worth: estimates that rest on given or assumed figures."""

from typing import Final

from listener.domain.measures.figure import Figure, Unit

TOLD_IF_POSITIVE: Final = 9  # people who are told of a good experience, and of a bad one: a rule
TOLD_IF_NEGATIVE: Final = 16  # of thumb (American Express, 2011), which nobody here has measured


def word_of_mouth(positive: int, negative: int) -> Figure:
    """How many people are told by those who spoke: nine for each praise, sixteen for each blame."""
    told = TOLD_IF_POSITIVE * positive + TOLD_IF_NEGATIVE * negative
    return Figure(
        measure="word_of_mouth",
        unit=Unit.PEOPLE,
        n=positive + negative,
        value=told,
        assumed=True,
        note=f"{TOLD_IF_POSITIVE} x {positive:,} positive + {TOLD_IF_NEGATIVE} x {negative:,}"
        " negative; that so many are told is an assumption",
    )


def lifetime_value(yearly_revenue: float, years: float, acquisition_cost: float) -> float:
    """What a customer brings: revenue of a year times years, less what winning one costs.

    (Gupta & Lehmann, 2003, without discount and margin; as the user's figures are meant.)
    """
    return yearly_revenue * years - acquisition_cost


def value_at_risk(customers: int, worth_of_one: float) -> Figure:
    """What is lost if all of these customers leave. They are people who said that they may."""
    return Figure(
        measure="value_at_risk",
        unit=Unit.MONEY,
        n=customers,
        value=customers * worth_of_one,
        assumed=True,
        note=f"{customers:,} customers who may leave, {worth_of_one:,.2f} each by [measures]",
    )
