"""QR codes, as drawings that need no script and print sharply."""

from __future__ import annotations

import qrcode


def qr_rows(text: str) -> list[str]:
    """A QR code as rows of 0 and 1."""
    code = qrcode.QRCode(border=2, error_correction=qrcode.constants.ERROR_CORRECT_M)
    code.add_data(text)
    code.make(fit=True)
    return ["".join("1" if dark else "0" for dark in row) for row in code.get_matrix()]


def qr_path(text: str) -> tuple[int, str]:
    """A QR code as the size and path of a drawing, one stroke for each run of dark squares."""
    rows = qr_rows(text)
    parts = []
    for y, row in enumerate(rows):
        x = row.find("1")
        while x >= 0:
            end = row.find("0", x)
            end = len(row) if end < 0 else end
            parts.append(f"M{x} {y}h{end - x}v1h-{end - x}z")
            x = row.find("1", end)
    return len(rows), "".join(parts)
