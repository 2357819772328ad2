"""The store beyond one machine: each shard is a complete store for its counties; a reading house reads them as one."""

from data.shards.border import pairs, villages
from data.shards.county import family, held, hold
from data.shards.house import Shard, add, holding, known, remove, renew
from data.shards.reading import Missing, Reading, ShardsMissing, reading, roll_call, states
from data.shards.refusal import ShardRefusal

__all__ = [
    "Missing",
    "Reading",
    "Shard",
    "ShardRefusal",
    "ShardsMissing",
    "add",
    "family",
    "held",
    "hold",
    "holding",
    "known",
    "pairs",
    "reading",
    "remove",
    "renew",
    "roll_call",
    "states",
    "villages",
]
