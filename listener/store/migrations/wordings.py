"""An incident's title and reasons as wordings, that pages say in the language of who reads them.

NULL where they are plain English, as of all incidents that were found before.
"""

WORDINGS = """
ALTER TABLE incident ADD COLUMN wordings TEXT;
"""
