"""What the site keeps beside the lakes themselves."""

from pingjiang.centre.evidence.models.atlas import SavedView
from pingjiang.centre.evidence.models.lakes import DataLake, SharedRelease
from pingjiang.centre.evidence.models.search import AskedQuery, ResultFile, SavedSet

__all__ = ["AskedQuery", "DataLake", "ResultFile", "SavedSet", "SavedView", "SharedRelease"]
