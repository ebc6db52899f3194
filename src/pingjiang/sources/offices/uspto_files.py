"""File histories of the USPTO as JSON: Open Data Portal (pieces and whole wrappers), PEDS, lists of the public search.

A record is an application with all that happened to it. Each document of it that is named (publication, grant) is a
row of its own, so that it joins what other sources say of it; the rest stands in one row of the application. A piece
of the portal that does not name its application gives a row without a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pingjiang.files import RawDocument
from pingjiang.schema.codes import code_list
from pingjiang.sources.offices.us import enjoyed, relation_kind
from pingjiang.sources.said import Citation, Event, Party, Relation, Said, day

Record = Mapping[str, Any]


def read(document: RawDocument) -> Iterator[Said]:
    """One record → a row of the application, and one for each document that it names."""
    record: Record = document.content
    whole = {**record, **(record.get("applicationMetaData") or {})}
    if "guid" in whole:
        yield _found(whole)
        return
    said = Said()
    if number := _own_number(whole):
        said["application_number"] = _us(number)
    fields = {
        "title_en": _first(whole, "inventionTitle", "patentTitle", "patent_title"),
        "filing_date": _first(whole, "filingDate", "appFilingDate", "filing_date"),
        "patent_type": _first(whole, "applicationTypeLabelName", "appType"),
        "legal_status": _first(whole, "applicationStatusDescriptionText", "appStatus", "status"),
    }
    said |= {name: value for name, value in fields.items() if value}  # type: ignore[typeddict-item]
    said |= _parties(whole)
    if cpc := [text for text in whole.get("cpcClassificationBag") or () if text]:
        said["cpc"] = cpc
    if uspc := _first(whole, "class/subclass", "appClsSubCls"):
        said["uspc"] = [uspc]
    said |= _related(whole)
    if events := list(_events(whole)):
        said["events"] = events
    yield said
    yield from _documents(whole, said)


def _first(record: Record, *names: str) -> str | None:
    """The first of these that says something, as text."""
    for name in names:
        value = record.get(name)
        if value not in (None, "", [], "null"):
            return str(value[0] if isinstance(value, list) else value).strip()
    return None


def _own_number(record: Record) -> str | None:
    """The number of the application; a piece about continuity names it as the child of its parents."""
    if number := _first(record, "applicationNumberText", "applId", "application_number"):
        return number
    parents = (record.get("continuityBag") or {}).get("parentContinuityBag") or ()
    return _first(parents[0], "childApplicationNumberText") if parents else None


def _us(number: str) -> str:
    return number if number.startswith(("PCT", "US")) else f"US{number}"


def _documents(record: Record, application: Said) -> Iterator[Said]:
    """The publication and the grant that a record names."""
    published = _first(record, "earliestPublicationNumber", "appEarlyPubNumber")
    granted = _first(record, "patentNumber", "patent_number")
    told = (
        (published, _first(record, "earliestPublicationDate", "appEarlyPubDate")),
        (_us(granted) if granted else None, _first(record, "grantDate", "patentIssueDate")),
    )
    for number, date in told:
        if number:
            said = Said(publication_number=number.replace(" ", "").replace("-", ""))
            for field in ("application_number", "filing_date", "title_en"):
                if field in application:
                    said[field] = application[field]
            if date:
                said["publication_date"] = date
            yield said


# -- parties -----------------------------------------------------------------------------------------


def _parties(record: Record) -> Said:
    said = Said()
    inventors = [_inventor(each) for each in (record.get("inventorBag") or record.get("inventors") or ())]
    applicants = [_applicant(each) for each in record.get("applicantBag") or ()]
    attorneys = (record.get("recordAttorney") or {}).get("attorneyBag") or record.get("attrnyAddr") or ()
    agents = [
        " ".join(part for part in (each.get("firstName"), each.get("lastName")) if part) or each.get("fullName") or ""
        for each in attorneys
    ]
    if inventors := [party for party in inventors if party["name"]]:
        said["inventors"] = inventors
    if applicants := [party for party in applicants if party["name"]]:
        said["applicants"] = applicants
    if agents := list(dict.fromkeys(" ".join(name.split()) for name in agents if name.strip())):
        said["agents"] = agents
    return said


def _inventor(record: Record) -> Party:
    """PEDS prints the family name on the first line, the given names on the second."""
    if "nameLineOne" in record:
        names = (record.get("nameLineTwo"), record.get("nameLineOne"), record.get("suffix"))
        party = Party(name=" ".join(part.strip() for part in names if part and part.strip()))
        party["country"] = (record.get("country") or "").strip("() ") or None
        party["state"] = (record.get("geoCode") or "").strip() or None
        party["city"] = (record.get("city") or "").strip(" ,") or None
        party["address"] = (record.get("streetOne") or "").strip() or None
        return party
    name = _first(record, "inventorNameText")
    if name is None:
        parts = (record.get("firstName"), record.get("middleName"), record.get("lastName"))
        name = " ".join(part for part in parts if part)
    return _addressed(name, record.get("correspondenceAddressBag") or ())


def _applicant(record: Record) -> Party:
    return _addressed(
        _first(record, "applicant", "applicantNameText") or "", record.get("correspondenceAddressBag") or ()
    )


def _addressed(name: str, addresses: Sequence[Record]) -> Party:
    """A party with its residence where one is given, else with its first address."""
    residences = [each for each in addresses if each.get("postalAddressCategory") == "residence"]
    at: Record = next(iter([*residences, *addresses]), {})
    return Party(
        name=name,
        country=_first(at, "countryCode"),
        state=_first(at, "geographicRegionCode"),
        city=_first(at, "cityName"),
        address=_first(at, "addressLineOneText"),
    )


# -- related applications, events --------------------------------------------------------------------


def _related(record: Record) -> Said:
    """Foreign priorities, parents and children. A grandparent is a parent of the parent, not of this one."""
    said = Said()
    bag = record.get("continuityBag") or record
    own = _own_number(record)
    priorities = [
        f"{_first(each, 'priorityNumberText') or ''} {_first(each, 'filingDate') or ''}".strip()
        if _first(each, "ipOfficeName", "countryName") is None
        else f"{_office(each)}{_first(each, 'priorityNumberText', 'applicationNumberText') or ''} "
        f"{(_first(each, 'filingDate') or '').replace('-', '')}".strip()
        for each in record.get("foreignPriorityBag") or ()
    ]
    relations: list[Relation] = []
    for each in (*(bag.get("parentContinuityBag") or ()), *(record.get("parentContinuity") or ())):
        number = _first(each, "parentApplicationNumberText", "claimApplicationNumberText")
        child = _first(each, "childApplicationNumberText", "applicationNumberText")
        if number and (own is None or child is None or child == own):
            relations.append(_relation(each, number, "parent"))
    for each in (*(bag.get("childContinuityBag") or ()), *(record.get("childContinuity") or ())):
        if number := _first(each, "childApplicationNumberText", "claimApplicationNumberText"):
            relations.append(_relation(each, number, "child"))
    priorities += enjoyed(relations)
    if priorities:
        said["priorities"] = list(dict.fromkeys(priorities))
    if relations:
        said["relations"] = relations
    return said


def _relation(record: Record, number: str, side: str) -> Relation:
    word = _first(record, "claimParentageTypeCode", "applicationStatusDescription") or "unknown"
    word = word.removeprefix("This application ")
    date = _first(record, "parentApplicationFilingDate", "filingDate") if side == "parent" else None
    return Relation(kind=relation_kind(word), side=side, number=_us(number), date=_day(date))


def _office(record: Record) -> str:
    """The office of a foreign priority by its country's name."""
    name = (_first(record, "ipOfficeName", "countryName") or "").lower()
    return code_list("country").get(name, "")


def _day(text: str | None) -> str | None:
    """A day as either kind of file prints it: 2001-02-03…, 02-03-2001."""
    if text and text[2:3] == "-" and text[5:6] == "-":
        text = f"{text[6:10]}-{text[:5]}"
    return day(text)


def _events(record: Record) -> Iterator[Event]:
    """Transactions, documents, assignments, steps of term adjustment and their sum, and the status with its day."""
    for name in ("transactionContentBag", "eventDataBag", "transactions", "prosecution_events"):
        for each in record.get(name) or ():
            yield Event(
                code=_first(each, "caseActionCode", "eventCode", "code"),
                date=_day(_first(each, "recordedDate", "eventDate", "recordDate", "date")),
                authority="US",
                text=_first(each, "caseActionDescriptionText", "eventDescriptionText", "description"),
            )
    if code := _first(record, "documentCode"):
        yield Event(
            code=code,
            date=_day(_first(record, "officialDate")),
            authority="US",
            text=_first(record, "documentCodeDescriptionText"),
            details=[
                f"{name}: {record[name]}" for name in ("documentIdentifier", "directionCategory") if record.get(name)
            ],
        )
    for each in (*(record.get("assignmentBag") or ()), *(record.get("assignments") or ())):
        yield _assignment(each)
    adjustment = record.get("patentTermAdjustmentData") or {}
    for each in (
        *(adjustment.get("patentTermAdjustmentHistoryDataBag") or ()),
        *(record.get("ptaPteTranHistory") or ()),
    ):
        yield Event(
            code="PTA",
            date=_day(_first(each, "actionDate", "eventDate", "ptaOrPteDate")),
            authority="US",
            text=_first(each, "caseActionDescriptionText", "eventDescriptionText", "contentsDescription"),
            details=[f"{name}: {each[name]}" for name in _DELAYS if each.get(name) not in (None, "")],
        )
    if (days := _first(adjustment or record, "adjustmentTotalQuantity", "totalPtoDays")) is not None:
        granted = _day(_first(adjustment or record, "grantDate", "patentIssueDate"))
        yield Event(
            code="PTA.TOTAL", date=granted, authority="US", text="Patent term adjustment", details=[f"days: {days}"]
        )
    status = _first(record, "applicationStatusDescriptionText", "appStatus", "status")
    if status and (since := _day(_first(record, "applicationStatusDate", "appStatusDate", "pulled_at"))):
        yield Event(code="STATUS", date=since, authority="US", text=status)


_OF_DOCUMENTS = ("documentIdentifier", "directionCategory")
_DELAYS = ("applicantDayDelayQuantity", "ipOfficeDayDelayQuantity", "ptoDays", "applDays")


def _assignment(record: Record) -> Event:
    """A recorded assignment: what was conveyed by whom to whom."""
    details = [f"reel/frame: {_first(record, 'reelNumber') or ''}/{_first(record, 'frameNumber') or ''}"]
    for each in (*(record.get("assignorBag") or ()), *(record.get("assignors") or ())):
        executed = _day(_first(each, "executionDate", "execDate"))
        details.append(f"assignor: {_first(each, 'assignorName') or ''}" + (f" ({executed})" if executed else ""))
    details += [
        f"assignee: {_first(each, 'assigneeNameText', 'assigneeName') or ''}"
        for each in (*(record.get("assigneeBag") or ()), *(record.get("assignee") or ()))
    ]
    return Event(
        code="ASSIGNMENT",
        date=_day(_first(record, "assignmentRecordedDate", "recordedDate")),
        authority="US",
        text=_first(record, "conveyanceText", "converyanceName"),
        details=details,
    )


# -- lists of the public search ----------------------------------------------------------------------


def _found(record: Record) -> Said:
    """A publication as the public search lists it: guid "US-11803561-B1"."""
    said = Said(publication_number=str(record["guid"]).replace("-", ""))
    fields = {
        "publication_date": _first(record, "datePublished"),
        "application_number": _first(record, "applicationNumber"),
        "filing_date": _first(record, "applicationFilingDate"),
        "title_en": _first(record, "inventionTitle"),
    }
    if fields["application_number"]:
        fields["application_number"] = _us(fields["application_number"])
    said |= {name: value for name, value in fields.items() if value}  # type: ignore[typeddict-item]
    if applicants := [Party(name=name) for name in record.get("assigneeName") or record.get("applicantName") or ()]:
        said["applicants"] = applicants
    if ipc := [text for text in (record.get("ipcCodeFlattened") or "").split(";") if text]:
        said["ipc"] = ipc
    cpc = ";".join(filter(None, (record.get("cpcInventiveFlattened"), record.get("cpcAdditionalFlattened"))))
    if cpc:
        said["cpc"] = cpc.split(";")
    if uspc := [text for text in (record.get("uspcFullClassificationFlattened") or "").split(";") if text]:
        said["uspc"] = uspc
    if citations := [Citation(number=f"US{number}", text=None) for number in record.get("urpn") or ()]:
        said["citations"] = citations
    return said
