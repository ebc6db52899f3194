"""Sound files of the offices' formats, made up throughout: one for each reader, and for each refused kind."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from tests.sources.offices.test_cpc_scheme import MADE as SCHEME
from tests.sources.offices.test_exchange import MADE as DOCDB

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_GRANT = """<us-patent-grant lang="EN" file="US0{0}-20150106.XML" country="US" date-publ="20150106">
<us-bibliographic-data-grant><publication-reference><document-id><country>US</country><doc-number>0{0}</doc-number>
<kind>B2</kind><date>20150106</date></document-id></publication-reference>
<application-reference appl-type="utility"><document-id><country>US</country><doc-number>1361{0}</doc-number>
<date>20120914</date></document-id></application-reference>
<priority-claims><priority-claim sequence="01" kind="national"><country>JP</country>
<doc-number>2011-123456</doc-number><date>20110914</date></priority-claim></priority-claims>
<classifications-ipcr><classification-ipcr><section>H</section><class>01</class><subclass>L</subclass>
<main-group>21</main-group><subgroup>02</subgroup></classification-ipcr></classifications-ipcr>
<classifications-cpc><main-cpc><classification-cpc><section>H</section><class>01</class><subclass>L</subclass>
<main-group>21</main-group><subgroup>02</subgroup></classification-cpc></main-cpc></classifications-cpc>
<invention-title id="d0">Semiconductor &amp; method</invention-title>
<us-references-cited><us-citation><patcit num="1"><document-id><country>US</country><doc-number>4567890</doc-number>
<kind>A</kind><name>Roe</name><date>19860101</date></document-id></patcit><category>cited by examiner</category>
</us-citation><us-citation><nplcit num="2"><othercit>A paper &mdash; made up</othercit></nplcit>
<category>cited by applicant</category></us-citation></us-references-cited>
<number-of-claims>2</number-of-claims><us-related-documents><continuation><relation><parent-doc><document-id>
<country>US</country><doc-number>12345678</doc-number><date>20100101</date></document-id></parent-doc><child-doc>
<document-id><country>US</country><doc-number>1361{0}</doc-number></document-id></child-doc></relation></continuation>
</us-related-documents><us-parties><us-applicants><us-applicant sequence="001" app-type="applicant"><addressbook>
<orgname>Made Up Inc</orgname><address><city>Austin</city><state>TX</state><country>US</country></address>
</addressbook></us-applicant></us-applicants><inventors><inventor sequence="001"><addressbook>
<last-name>Doe</last-name><first-name>Jo</first-name><address><city>Austin</city><country>US</country></address>
</addressbook></inventor></inventors></us-parties></us-bibliographic-data-grant>
<abstract><p id="p1">A thing.</p></abstract>
<description><heading>FIELD</heading><p>Long &mdash; text.</p></description>
<claims><claim id="CLM-00001" num="00001"><claim-text>1. A thing.</claim-text></claim>
<claim id="CLM-00002" num="00002"><claim-text>2. The thing of <claim-ref idref="CLM-00001">claim 1</claim-ref>.
</claim-text></claim></claims></us-patent-grant>
"""
_PAP = """<patent-application-publication><subdoc-bibliographic-information><document-id>
<doc-number>20010000943</doc-number><kind-code>A1</kind-code><document-date>20010510</document-date></document-id>
<domestic-filing-data><application-number><doc-number>09734567</doc-number></application-number>
<filing-date>20001213</filing-date></domestic-filing-data><technical-information><classification-ipc>
<classification-ipc-primary><ipc>H01L021/02</ipc></classification-ipc-primary></classification-ipc>
<classification-us><classification-us-primary><uspc><class>438</class><subclass>001000</subclass></uspc>
</classification-us-primary></classification-us><title-of-invention>Thing</title-of-invention>
</technical-information><continuity-data><continuation-of><parent-child><child><document-id>
<doc-number>09734567</doc-number></document-id></child><parent><document-id><doc-number>09123456</doc-number>
<document-date>19990101</document-date></document-id></parent></parent-child></continuation-of></continuity-data>
<foreign-priority-data><priority-application-number><doc-number>11-123456</doc-number></priority-application-number>
<filing-date>19991213</filing-date><country-code>JP</country-code></foreign-priority-data>
<inventors><first-named-inventor><name><given-name>Jo</given-name><family-name>Doe</family-name></name><residence>
<residence-us><city>Austin</city><state>TX</state><country-code>US</country-code></residence-us></residence>
</first-named-inventor></inventors><assignee><organization-name>Made Up Inc</organization-name><address>
<city>Austin</city></address></assignee></subdoc-bibliographic-information>
<subdoc-abstract><paragraph>A thing.</paragraph></subdoc-abstract>
<subdoc-description><paragraph>Text.</paragraph></subdoc-description><subdoc-claims>
<claim id="CLM-00001"><claim-text>1. A thing.</claim-text></claim><claim id="CLM-00002"><claim-text>2. The thing of
<dependent-claim-reference depends_on="CLM-00001">claim 1</dependent-claim-reference>.</claim-text></claim>
</subdoc-claims></patent-application-publication>
"""
_PATDOC = """<PATDOC DTD="2.4" STATUS="Build 20010518"><SDOBI><B100><B110><DNUM><PDAT>06336130</PDAT></DNUM></B110>
<B130><PDAT>B1</PDAT></B130><B140><DATE><PDAT>20020101</PDAT></DATE></B140><B190><PDAT>US</PDAT></B190></B100>
<B200><B210><DNUM><PDAT>09275123</PDAT></DNUM></B210><B220><DATE><PDAT>19990324</PDAT></DATE></B220></B200>
<B300><B310><DNUM><PDAT>9812345</PDAT></DNUM></B310><B320><DATE><PDAT>19980324</PDAT></DATE></B320><B330><CTRY>
<PDAT>GB</PDAT></CTRY></B330></B300><B500><B510><B511><PDAT>H01L 2102</PDAT></B511></B510><B520><B521>
<PDAT>438 1</PDAT></B521></B520><B540><STEXT><PDAT>Thing</PDAT></STEXT></B540><B560><B561><PCIT><DOC><DNUM>
<PDAT>4567890</PDAT></DNUM><DATE><PDAT>19860100</PDAT></DATE><KIND><PDAT>A</PDAT></KIND></DOC></PCIT>
<CITED-BY-EXAMINER/></B561><B562><NCIT><STEXT><PDAT>A paper</PDAT></STEXT></NCIT><CITED-BY-OTHER/></B562></B560>
<B570><B577><PDAT>2</PDAT></B577></B570></B500><B600><B630><B631><PARENT-US><CDOC><DOC><DNUM><PDAT>09275123</PDAT>
</DNUM></DOC></CDOC><PDOC><DOC><DNUM><PDAT>08123456</PDAT></DNUM><DATE><PDAT>19970101</PDAT></DATE></DOC></PDOC>
</PARENT-US></B631></B630></B600><B700><B720><B721><PARTY-US><NAM><FNM><PDAT>Jo</PDAT></FNM><SNM><STEXT>
<PDAT>Doe</PDAT></STEXT></SNM></NAM><ADR><CITY><PDAT>Austin</PDAT></CITY><STATE><PDAT>TX</PDAT></STATE></ADR>
</PARTY-US></B721></B720></B700></SDOBI><SDOAB><BTEXT><PARA ID="P1"><PTEXT><PDAT>A thing.</PDAT></PTEXT></PARA>
</BTEXT></SDOAB><SDODE><BTEXT><PARA ID="P2"><PTEXT><PDAT>Text &half; .</PDAT></PTEXT></PARA></BTEXT></SDODE><SDOCL>
<CL><CLM ID="CLM-00001"><PARA ID="P3"><PTEXT><PDAT>1. A thing.</PDAT></PTEXT></PARA></CLM><CLM ID="CLM-00002">
<PARA ID="P4"><PTEXT><PDAT>2. The thing of </PDAT><CLREF ID="CLM-00001"><PDAT>claim 1</PDAT></CLREF></PTEXT></PARA>
</CLM></CL></SDOCL></PATDOC>
"""
_ASSIGNMENT = """<us-patent-assignments><patent-assignments><patent-assignment><assignment-record>
<reel-no>12345</reel-no><frame-no>678</frame-no><recorded-date><date>20200102</date></recorded-date>
<conveyance-text>ASSIGNMENT OF ASSIGNORS INTEREST</conveyance-text></assignment-record><patent-assignors>
<patent-assignor><name>DOE, JO</name><execution-date><date>20200101</date></execution-date></patent-assignor>
</patent-assignors><patent-assignees><patent-assignee><name>MADE UP INC</name></patent-assignee></patent-assignees>
<patent-properties><patent-property><document-id><country>US</country><doc-number>16123456</doc-number>
<kind>X0</kind><date>20180906</date></document-id><document-id><country>US</country><doc-number>10123456</doc-number>
<kind>B2</kind><date>20200103</date></document-id><invention-title>Thing</invention-title></patent-property>
</patent-properties></patent-assignment></patent-assignments></us-patent-assignments>
"""
_ASSIGNMENT_SEARCH = """<response><result name="response" numFound="1" start="0"><doc><str name="reelNo">12345</str>
<str name="frameNo">678</str><date name="recordedDate">2020-01-02T06:00:00Z</date>
<str name="conveyanceText">ASSIGNMENT</str><arr name="applNum"><str>16123456</str><str>NULL</str></arr>
<arr name="filingDate"><date>2018-09-06T05:00:00Z</date><date>0001-01-01T00:00:00Z</date></arr>
<arr name="patNum"><str>10123456</str><str>NULL</str></arr><arr name="issueDate"><date>2020-01-03T05:00:00Z</date>
</arr><arr name="publNum"><str>20190012345</str><str>20190012346</str></arr><arr name="inventionTitle">
<str>Thing</str></arr><arr name="patAssignorName"><str>DOE, JO</str></arr><arr name="patAssignorExDate">
<date>2020-01-01T00:00:00Z</date></arr><arr name="patAssigneeName"><str>MADE UP INC</str></arr></doc></result>
</response>
"""
_MASTER = """<uspat:CPCMasterClassificationFile xmlns:uspat="urn:us:gov:doc:uspto:patent" xmlns:pat="urn:wipo:pat"
 xmlns:com="urn:wipo:com"><uspat:CPCMasterClassificationRecord><pat:ApplicationIdentification>
<com:IPOfficeCode>US</com:IPOfficeCode><com:ApplicationNumber><com:ApplicationNumberText>14123456
</com:ApplicationNumberText></com:ApplicationNumber></pat:ApplicationIdentification><pat:PatentGrantIdentification>
<com:IPOfficeCode>US</com:IPOfficeCode><pat:PatentNumber>9400000</pat:PatentNumber>
<com:PatentDocumentKindCode>B2</com:PatentDocumentKindCode><pat:GrantDate>2016-07-26</pat:GrantDate>
</pat:PatentGrantIdentification><pat:CPCClassificationBag><pat:CPCClassification><pat:CPCSection>H</pat:CPCSection>
<pat:Class>01</pat:Class><pat:Subclass>L</pat:Subclass><pat:MainGroup>21</pat:MainGroup><pat:Subgroup>02</pat:Subgroup>
</pat:CPCClassification></pat:CPCClassificationBag></uspat:CPCMasterClassificationRecord>
</uspat:CPCMasterClassificationFile>
"""
_OPS = """<ops:world-patent-data xmlns="http://www.epo.org/exchange" xmlns:ops="http://ops.epo.org"
 xmlns:ftxt="http://www.epo.org/fulltext">{0}</ops:world-patent-data>
"""
_IDS = """<document-id document-id-type="docdb"><country>EP</country><doc-number>1000000</doc-number><kind>A1</kind>
<date>20000517</date></document-id><document-id document-id-type="epodoc"><doc-number>EP1000000</doc-number>
</document-id>"""
_FAMILY = f"""<ops:patent-family total-result-count="1"><ops:family-member family-id="19768124">
<publication-reference>{_IDS}</publication-reference><application-reference doc-id="17358">{_IDS}
</application-reference><priority-claim sequence="1" kind="national">{_IDS}
<priority-linkage-type>W</priority-linkage-type></priority-claim><ops:legal code="AK" desc="DESIGNATED STATES"
 infl=" " dateMigr="20000517"><ops:pre line="0001">EP AK 2000-05-17</ops:pre><ops:L001EP desc="Country">EP</ops:L001EP>
<ops:L007EP desc="Date">2000-05-17</ops:L007EP><ops:L008EP desc="Code">AK</ops:L008EP><ops:L500EP>
<ops:L501EP desc="States">AT BE CH</ops:L501EP><ops:L525EP desc="Effective">20000517</ops:L525EP></ops:L500EP>
</ops:legal></ops:family-member></ops:patent-family>"""
_SEARCH = f"""<ops:biblio-search total-result-count="2"><ops:query syntax="CQL">ti=x</ops:query>
<ops:search-result><publication-reference system="ops.epo.org">{_IDS}</publication-reference>
<exchange-documents><exchange-document country="EP" doc-number="1000001" kind="A1"><bibliographic-data>
<publication-reference>{_IDS}</publication-reference><invention-title lang="en">Thing</invention-title>
</bibliographic-data></exchange-document></exchange-documents></ops:search-result></ops:biblio-search>"""
_FULLTEXT = f"""<ftxt:fulltext-documents><ftxt:fulltext-document system="ops.epo.org"><bibliographic-data>
<publication-reference>{_IDS}</publication-reference></bibliographic-data><claims lang="EN"><claim>
<claim-text>1. A thing.</claim-text><claim-text>2. The thing of claim 1.</claim-text></claim></claims>
<description lang="EN"><p>[0001] Text.</p></description></ftxt:fulltext-document></ftxt:fulltext-documents>"""
_IMAGES = """<ops:document-inquiry><ops:publication-reference/><ops:inquiry-result><ops:document-instance
 number-of-pages="1"/></ops:inquiry-result></ops:document-inquiry>"""
_PAPERS = """<com:ClaimsDocument xmlns:com="urn:wipo:com"><com:P>1. A thing.</com:P></com:ClaimsDocument>"""


def grant(number: int = 8_926_509) -> str:
    """A grant of the Red Book, without what stands above it."""
    return (
        f'{_HEAD}<!DOCTYPE us-patent-grant SYSTEM "us-patent-grant-v45-2014-04-03.dtd" [ ]>\n'
        f"{_GRANT.replace('{0}', str(number))}"
    )


def _wrapper(at: int) -> dict[str, Any]:
    """A file wrapper of the Open Data Portal."""
    return {
        "applicationNumberText": f"16{at:06}",
        "applicationMetaData": {
            "inventionTitle": "Battery ☃", "filingDate": "2018-09-06", "patentNumber": str(10_000_000 + at),
            "grantDate": "2020-01-03", "earliestPublicationNumber": f"US2019001{at:04}A1",
            "cpcClassificationBag": ["H01L21/02"], "class/subclass": "438/1",
            "inventorBag": [{"firstName": "Jo", "lastName": "Doe", "correspondenceAddressBag": [
                {"cityName": "Austin", "countryCode": "US", "postalAddressCategory": "residence"}]}],
            "applicantBag": [{"applicantNameText": "Made Up Inc"}],
        },
        "recordAttorney": {"attorneyBag": [{"firstName": "Al", "lastName": "Roe"}]},
        "eventDataBag": [{"eventCode": "CTNF", "eventDate": "2019-05-05", "eventDescriptionText": "Action"}],
        "parentContinuityBag": [{"parentApplicationNumberText": "15000001", "claimParentageTypeCode": "CON",
                                 "childApplicationNumberText": f"16{at:06}"}],
        "foreignPriorityBag": [{"ipOfficeName": "JAPAN", "priorityNumberText": "2017-1", "filingDate": ""}],
        "assignmentBag": [{"reelNumber": 1, "frameNumber": 2, "assignorBag": [{"assignorName": "Doe"}],
                           "assigneeBag": [{"assigneeNameText": "Made Up Inc"}], "conveyanceText": "ASSIGNMENT"}],
        "patentTermAdjustmentData": {"patentTermAdjustmentHistoryDataBag": [
            {"eventDate": "2019-05-05", "eventDescriptionText": "x", "ipOfficeDayDelayQuantity": 3}]},
    }  # fmt: skip


def _peds(at: int) -> dict[str, Any]:
    """A record of an answer of PEDS."""
    return {
        "applId": f"12{at:06}", "patentTitle": "Lamp", "appFilingDate": "2010-03-11T00:00:00Z",
        "patentNumber": f"845779{at}", "patentIssueDate": "2013-06-04", "appSubCls": "1", "appStatus": "Patented",
        "inventors": [{"nameLineOne": "Doe", "nameLineTwo": "Jo", "suffix": "", "city": "Austin, ", "geoCode": "TX",
                       "country": "(US)", "streetOne": None}],
        "transactions": [{"code": "PGM/", "recordDate": "2013-06-04T00:00:00Z", "description": "Recordation"}],
        "parentContinuity": [{"claimApplicationNumberText": "61159088", "applicationNumberText": f"12{at:06}",
                              "filingDate": "03-11-2009", "applicationStatusDescription": "This application Claims"}],
        "ptaPteTranHistory": [{"ptaOrPteDate": "2013-06-04", "contentsDescription": "x", "ptoDays": "1"}],
        "assignments": [{"reelNumber": "1", "frameNumber": "2", "assignors": [{"assignorName": "D", "execDate": ""}]}],
    }  # fmt: skip


def _found(at: int) -> dict[str, Any]:
    """A line of a list of the public search."""
    return {
        "guid": f"US-1180356{at}-B1", "publicationReferenceDocumentNumber": f"1180356{at}",
        "datePublished": "2023-10-31T00:00:00Z", "applicationNumber": "18/123456", "inventionTitle": "Lamp",
        "applicationFilingDate": ["2023-01-05T00:00:00Z"], "assigneeName": ["Made Up Inc"],
        "ipcCodeFlattened": "H01L21/02;H01L21/00", "cpcInventiveFlattened": "H01L21/02",
        "uspcFullClassificationFlattened": "438/1", "urpn": ["4567890"],
    }  # fmt: skip


def office_seeds() -> Mapping[str, bytes]:
    """Sound files by name, one for each format of documents."""
    histories = [
        {"application_number": f"1300000{at}", "patent_title": "x", "status": "y",
         "prosecution_events": [{"date": "2019-05-05", "code": "CTNF", "description": "z"}]} for at in range(4)
    ]  # fmt: skip
    texts: dict[str, Any] = {
        "grants.xml": "".join(map(grant, range(8_926_500, 8_926_503))),
        "application.xml": grant().replace("us-patent-grant", "us-patent-application"),
        "pap.xml": _HEAD + _PAP,
        "st32.sgml": _PATDOC + _PATDOC.replace("06336130", "06336131"),
        "assignments.xml": _HEAD + _ASSIGNMENT,
        "assignment_search.xml": _HEAD + _ASSIGNMENT_SEARCH,
        "master.xml": _HEAD + _MASTER,
        "scheme.xml": SCHEME,
        "docdb.xml": DOCDB,
        "ops_family.xml": _HEAD + _OPS.replace("{0}", _FAMILY),
        "ops_search.xml": _HEAD + _OPS.replace("{0}", _SEARCH),
        "ops_fulltext.xml": _HEAD + _OPS.replace("{0}", _FULLTEXT),
        "ops_images.xml": _HEAD + _OPS.replace("{0}", _IMAGES),
        "papers.xml": _HEAD + _PAPERS,
        "odp.json": {"count": 2, "patentFileWrapperDataBag": [_wrapper(at) for at in range(2)]},
        "odp_bag.json": {"patentBag": [_wrapper(at) for at in range(2)]},
        "odp_documents.json": {"documentBag": [{"applicationNumberText": "16000001", "documentCode": "CLM",
                                                "officialDate": "2019-05-05T00:00:00"}]},
        "peds.json": {"queryResults": {"searchResponse": {"response": {"docs": [_peds(at) for at in range(3)]}}}},
        "found.json": {"numFound": 3, "patents": [_found(at) for at in range(3)]},
        "ptab.json": {"results": [{"proceedingNumber": "IPR2019-00001", "proceedingTypeCategory": "AIA Trial"}]},
        "histories.jsonl": "\n".join(map(json.dumps, histories)),
        "list.json": [_found(at) for at in range(3)],
    }  # fmt: skip
    return {
        name: (text if isinstance(text, str) else json.dumps(text, indent=1, ensure_ascii=False)).encode()
        for name, text in texts.items()
    }
