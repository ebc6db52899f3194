"""Places: country, and as far as an address tells province, prefecture, district and development zone.

Chinese addresses are read from the left by the names of provinces, prefectures, counties, their former names and
development zones; Latin ones in China by pinyin; elsewhere by the regions and cities that are known. A county (昆山市,
Haidian) is told by the prefecture that it lies in. Where several places are written alike, what else the text says
decides: another place in it, or that it is called a district, a county or a province. After that the larger place is
meant; between equals `likeliest` of `china.yaml` decides, which has measured entries only. Else the city stays as
printed and the province unknown.
"""

from pingjiang.identities.places.conclude import Places, address_places, conclude_places, place_columns
from pingjiang.identities.places.gazetteer import Place, english_names
from pingjiang.identities.places.reading import read_place

__all__ = ["Place", "Places", "address_places", "conclude_places", "english_names", "place_columns", "read_place"]
