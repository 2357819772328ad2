"""Work `shifted`: the villages of `upload` as a survey in another system would deliver them, 0.5 m off."""

from api.bench.upload import prepare, same

__all__ = ["METHODS", "prepare", "same"]

METHODS = {
    "dingxin": "api.bench.ours_stored:upload_shifted",
    "PostGIS best": "api.bench.peers.postgis:shifted_best",
    "PostGIS naive": "api.bench.peers.postgis:shifted_naive",
}
