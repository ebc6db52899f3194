"""What the site keeps beside the lakes themselves."""

from pingjiang.centre.evidence.models.atlas import SavedView
from pingjiang.centre.evidence.models.chain import ChainFinding, TaggingAssignment, TaggingList
from pingjiang.centre.evidence.models.data import LakeRun, OwnFormat, Upload
from pingjiang.centre.evidence.models.identity import JudgedPair, Roster, RosterEntry
from pingjiang.centre.evidence.models.lakes import DataLake, SharedRelease
from pingjiang.centre.evidence.models.search import AskedQuery, ResultFile, SavedSet

__all__ = [
    "AskedQuery",
    "ChainFinding",
    "DataLake",
    "JudgedPair",
    "LakeRun",
    "OwnFormat",
    "ResultFile",
    "Roster",
    "RosterEntry",
    "SavedSet",
    "SavedView",
    "SharedRelease",
    "TaggingAssignment",
    "TaggingList",
    "Upload",
]
