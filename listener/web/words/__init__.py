"""What the pages say, by gettext: English stands in the templates, the others in .po files here.

`make words` gathers what is new into them. They are read as they are, so nothing is compiled ahead.
"""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO
from typing import Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE: Final = "en"


@cache
def languages() -> frozenset[str]:
    """Those that the pages can be read in: English, and each that has its file here."""
    names = (file.name for file in files(__name__).iterdir())
    return frozenset(
        {SOURCE, *(name.removesuffix(".po") for name in names if name.endswith(".po"))}
    )


def later(message: str) -> str:
    """Marks a phrase that is said later, in the language of whoever reads it."""
    return message


@cache
def translations(language: str) -> NullTranslations:
    """The phrases of a language; English, and one that we do not have, say what stands there."""
    file = files(__name__).joinpath(f"{language}.po")
    if language == SOURCE or not file.is_file():
        return NullTranslations()
    compiled = BytesIO()
    with file.open("rb") as written:
        write_mo(compiled, read_po(written, locale=language.replace("-", "_")))
    compiled.seek(0)
    return GNUTranslations(compiled)
