"""What stands in the way of shards: a stable code, and in both languages what is wrong and how to mend it."""


class ShardRefusal(RuntimeError):
    """Something about a shard that whoever set it up can understand and mend; no address or password is repeated."""

    def __init__(self, code: str, zh: str, en: str):
        self.code, self.zh, self.en = code, f"{zh}（{code}）", f"{en} [{code}]"
        super().__init__(f"{self.zh}\n{self.en}")
