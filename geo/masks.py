"""How a person's name and number are shown to those who have no need of them."""


def mask_name(name: str | None) -> str:
    """A name as the public may see it: 张三 → 张*, 张小三 → 张*三."""
    if not name:
        return "—"
    if len(name) == 1:
        return "*"
    if len(name) == 2:
        return name[0] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def mask_id(number: str | None) -> str:
    """An identity number as the public may see it: the first and the last character only."""
    if not number:
        return "—"
    if len(number) < 3:
        return "*" * len(number)
    return number[0] + "*" * (len(number) - 2) + number[-1]
