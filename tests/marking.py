"""Names put where they stand in a text, for tests of what is said about them."""

from kg.model import Mention


def marked(text: str, names: list[tuple[str, str]]) -> list[Mention]:
    found = []
    for name, kind in names:
        start = text.find(name)
        while start >= 0:
            found.append(Mention(start, start + len(name), name, kind))
            start = text.find(name, start + len(name))
    return found
