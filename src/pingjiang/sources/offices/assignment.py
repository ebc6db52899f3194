"""Recorded assignments of the USPTO: answers of its search service, and the daily files."""

from __future__ import annotations

from collections.abc import Iterator

from pingjiang.files import RawDocument
from pingjiang.files.xml import Element, text_of
from pingjiang.sources.offices.us import us_number
from pingjiang.sources.said import Event, Said, day

_NOTHING = frozenset({"NULL", "0001-01-01T00:00:00Z", ""})


def read(document: RawDocument) -> Iterator[Said]:
    """One assignment → a row for each application, publication and grant that it conveys, with the event."""
    root: Element = document.content
    yield from _of_search(root) if document.name == "doc" else _of_file(root)


Documents = list[tuple[str, str | None]]  # number, day of publication


def _rows(
    event: Event, number: str | None, title: str | None, filed: str | None, documents: Documents
) -> Iterator[Said]:
    """The row of an application with the event; and one for each of its documents, so that they are joined."""
    common = Said()
    if number:
        common["application_number"] = number
    if title:
        common["title_en"] = title
    if filed:
        common["filing_date"] = filed
    if number:
        yield Said(**common, events=[event])
    for document, date in documents:
        said = Said(**common, publication_number=document)
        if date:
            said["publication_date"] = date
        if not number:
            said["events"] = [event]
        yield said


# -- answers of the search service -------------------------------------------------------------------


def _of_search(root: Element) -> Iterator[Said]:
    """Lists of equal length hold the properties: the n-th number, date and title belong together."""
    lists = {each.get("name"): [_value(item) for item in each] for each in root.iterfind("arr")}
    single = {each.get("name"): _value(each) for each in root if each.tag in ("str", "date")}
    details = [f"reel/frame: {single.get('reelNo') or ''}/{single.get('frameNo') or ''}"]
    executed = lists.get("patAssignorExDate") or []
    for place, name in enumerate(lists.get("patAssignorName") or []):
        when = day(executed[place]) if place < len(executed) else None
        details.append(f"assignor: {name or ''}" + (f" ({when})" if when else ""))
    details += [f"assignee: {name or ''}" for name in lists.get("patAssigneeName") or []]
    event = Event(
        code="ASSIGNMENT",
        date=day(single.get("recordedDate")),
        authority="US",
        text=single.get("conveyanceText"),
        details=details,
    )

    def at(name: str, place: int) -> str | None:
        held = lists.get(name) or []
        return held[place] if place < len(held) else None

    length = max((len(lists.get(name) or []) for name in ("applNum", "patNum", "publNum")), default=0)
    for place in range(length):
        number, granted, published = (at(name, place) for name in ("applNum", "patNum", "publNum"))
        both = ((published, at("publDate", place)), (granted, at("issueDate", place)))
        documents = [(f"US{found}", date) for found, date in both if found]
        own = f"US{number}" if number else None
        yield from _rows(event, own, at("inventionTitle", place), at("filingDate", place), documents)


def _value(element: Element) -> str | None:
    text = (element.text or "").strip()
    return None if text in _NOTHING else text


# -- daily files -------------------------------------------------------------------------------------


def _of_file(root: Element) -> Iterator[Said]:
    record = root.find("assignment-record")
    details = [f"reel/frame: {record.findtext('reel-no') or ''}/{record.findtext('frame-no') or ''}"]
    for each in root.iterfind("patent-assignors/patent-assignor"):
        executed = day(each.findtext("execution-date/date"))
        details.append(f"assignor: {text_of(each.find('name')) or ''}" + (f" ({executed})" if executed else ""))
    for each in root.iterfind("patent-assignees/patent-assignee"):
        details.append(f"assignee: {text_of(each.find('name')) or ''}")
    event = Event(
        code="ASSIGNMENT",
        date=day(record.findtext("recorded-date/date")),
        authority="US",
        text=text_of(record.find("conveyance-text")),
        details=details,
    )
    for each in root.iterfind("patent-properties/patent-property"):
        application, filed, documents = None, None, Documents()
        for document in each.iterfind("document-id"):
            kind = (document.findtext("kind") or "").strip()
            date = document.findtext("date")
            if kind == "X0":  # the application itself
                application, filed = us_number(document), date
            elif (number := us_number(document, "kind")) is not None:
                documents.append((number, date))
        yield from _rows(event, application, text_of(each.find("invention-title")), filed, documents)
