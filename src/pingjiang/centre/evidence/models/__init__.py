"""What the site keeps beside the lakes themselves."""

from pingjiang.centre.evidence.models.data import LakeRun, OwnFormat, Upload
from pingjiang.centre.evidence.models.lakes import DataLake, SharedRelease

__all__ = ["DataLake", "LakeRun", "OwnFormat", "SharedRelease", "Upload"]
