"""What shapes of answers are made of. They are for the document, and tests hold answers to it."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

Moment = Annotated[str, WithJsonSchema({"type": "string", "format": "date-time"})]
Day = Annotated[str, WithJsonSchema({"type": "string", "format": "date"})]
Place = Annotated[
    list[Any],
    WithJsonSchema(
        {
            "type": "array",
            "description": "Start and end in characters of the title, a line break and the text;"
            " then the term.",
            "prefixItems": [{"type": "integer"}, {"type": "integer"}, {"type": "string"}],
            "minItems": 2,
            "maxItems": 3,
        }
    ),
]
Open = Annotated[dict[str, Any], WithJsonSchema({"type": "object"})]


class Shape(BaseModel):
    """An object with these names, and no others."""

    model_config = ConfigDict(extra="forbid", defer_build=True)


class Listed(Shape):
    """A page of a list."""

    next: str | None = Field(description="The cursor of the next page; null: this was the last.")
    unfinished: str | None = Field(
        description="Why there may be more than was found; null if all is well."
    )
