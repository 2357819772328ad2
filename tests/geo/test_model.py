"""Names of things on the ground."""

import pandas as pd
import pytest
import shapely

from geo.detect.describe import spoken
from geo.model import references
from geo.units import mu


def test_a_parcel_of_the_register_is_a_parcel():
    frame = pd.DataFrame({"code": ["1", "2"], "row": [0, 1]})
    assert list(references("register", frame)) == ["parcel:1", "parcel:2"]


def test_rows_without_codes_are_named_by_their_place_in_the_file():
    assert list(references("parcel", pd.DataFrame({"row": [7, 8]}))) == ["row:7", "row:8"]


def test_an_approval_is_named_by_its_number_and_its_kind():
    """One paper of two kinds is two approvals, whichever comes first; two pieces of one kind are still told apart."""
    box = shapely.box(0, 0, 1, 1)
    frame = pd.DataFrame({"code": ["A", "A", "A", "B", None], "kind": ["1", "2", "2", None, "1"], "row": range(5)})
    frame["geometry"] = [box, box, shapely.box(5, 5, 6, 6), box, box]
    named = list(references("approval", frame))
    assert named[0] == "approval:A#PZLX1"
    assert set(named[1:3]) == {"approval:A#PZLX2#1", "approval:A#PZLX2#2"}
    assert named[3:] == ["approval:B", "approval:row:4"]


def test_an_approval_is_spoken_of_by_kind_and_number():
    assert spoken("approval:A#PZLX2", {}) == ("土地征收批准 A", "approval of expropriation A")
    assert spoken("approval:A#PZLX2#1", {}) == ("土地征收批准 A#1", "approval of expropriation A#1")
    assert spoken("approval:B", {})[0].endswith(" B")


def test_a_code_held_twice_is_ranked_by_shape_not_by_order():
    shapes = [shapely.box(0, 0, 1, 1), shapely.box(5, 5, 6, 6)]
    frame = pd.DataFrame({"code": ["A", "A", "B"], "row": [0, 1, 2], "geometry": [*shapes, shapes[0]]})
    name_of = dict(zip(shapely.to_wkb(list(frame["geometry"][:2])), references("parcel", frame)[:2], strict=True))
    turned = pd.DataFrame({"code": ["A", "A", "B"], "row": [0, 1, 2], "geometry": [*shapes[::-1], shapes[0]]})
    again = dict(zip(shapely.to_wkb(list(turned["geometry"][:2])), references("parcel", turned)[:2], strict=True))
    assert name_of == again
    assert set(name_of.values()) == {"parcel:A#1", "parcel:A#2"}
    assert references("parcel", frame)[2] == "parcel:B"


# 1 亩 = 2000/3 m²; two decimals, half up: 10/3 m² is exactly 0.005 亩 and 666.67 m² is 1.000005 亩
@pytest.mark.parametrize(
    ("m2", "printed"), [(666.67, "1.00"), (1000, "1.50"), (3.3333333333333335, "0.01"), (3.33, "0.00"), (0, "0.00")]
)
def test_mu(m2, printed):
    assert str(mu(m2)) == printed
