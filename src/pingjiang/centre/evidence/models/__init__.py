"""What the site keeps beside the lakes themselves."""

from pingjiang.centre.evidence.models.atlas import SavedView
from pingjiang.centre.evidence.models.lakes import DataLake, SharedRelease

__all__ = ["DataLake", "SavedView", "SharedRelease"]
