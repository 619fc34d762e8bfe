"""Money is whole fen everywhere; here it becomes what people read."""

from __future__ import annotations

from decimal import Decimal


def yuan(fen: int | Decimal) -> str:
    """Fen as yuan with two decimals, without the unit: 1260000 → 12,600.00."""
    return f"{Decimal(fen) / 100:,.2f}"
