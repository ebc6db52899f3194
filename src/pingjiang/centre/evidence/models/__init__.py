"""What the site keeps beside the lakes themselves."""

from pingjiang.centre.evidence.models.chain import ChainFinding, TaggingAssignment, TaggingList
from pingjiang.centre.evidence.models.lakes import DataLake, SharedRelease

__all__ = ["ChainFinding", "DataLake", "SharedRelease", "TaggingAssignment", "TaggingList"]
