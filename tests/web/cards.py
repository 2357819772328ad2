"""A masked card of invented people, as the certificate's lookup answers it."""


def field(x, y, width, height, step=1e-5):
    """A five-cornered field in degrees near Yangjiang; one step is about a metre."""
    corners = [(x, y), (x + width, y), (x + width, y + height), (x + width / 2, y + height * 1.1), (x, y + height)]
    ring = [[111.9 + east * step, 21.8 + north * step] for east, north in [*corners, corners[0]]]
    return {"type": "Polygon", "coordinates": [ring]}


def parcel(n=1, **more):
    """One parcel with two neighbours."""
    return {
        "code": f"4417040010030200{n:03d}",
        "name": "大田",
        "bounds": {"east": "水沟", "south": "邻户承包地", "west": "田埂", "north": "机耕路"},
        "contract_m2": 1000.0,
        "surveyed_m2": 1056.34,
        "confirmed_m2": 1050.0,
        "geometry": field(0, 0, 60, 30),
        "neighbours": [field(60, 0, 50, 30), field(-40, 0, 40, 28)],
        **more,
    }


def card(**more):
    """One household with two parcels."""
    return {
        "code": "441704001003020012J",
        "holder": "梁*发",
        "members": [{"name": "梁*发", "relation": "户主"}, {"name": "陈*", "relation": "妻"}],
        "issuer": {"code": "44170400100302", "name": "平地村三组"},
        "term": {"from": "2018-01-01", "to": "2047-12-31"},
        "withheld": {"is": False, "reasons": []},
        "parcels": [parcel(1), parcel(2, name="")],
        **more,
    }
