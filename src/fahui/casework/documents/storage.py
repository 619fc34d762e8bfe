"""Files of cases: sniffed, limited, encrypted, stored by digest outside the web root."""

from __future__ import annotations

import zipfile
from collections.abc import Collection
from datetime import datetime
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _
from pypdf import PdfReader

from fahui.foundation.errors import Invalid
from fahui.foundation.files import write_once
from fahui.foundation.vault.crypto import decrypt_bytes, encrypt_bytes, sm3

EXPORTS = "exports"  # the room of what is kept for days only; see casework.exports
IMPORTS = "imports"  # the room of tables that wait to be brought in; see casework.imports
# First bytes → type. Names and declared types are not believed.
_MAGIC: list[tuple[bytes, str, str]] = [
    (b"\xff\xd8\xff", "image/jpeg", "jpg"),
    (b"\x89PNG\r\n\x1a\n", "image/png", "png"),
    (b"%PDF-", "application/pdf", "pdf"),
    (b"PK\x03\x04", "application/zip", "zip"),
    (b"ID3", "audio/mpeg", "mp3"),
    (b"\xff\xfb", "audio/mpeg", "mp3"),
    (b"\xff\xf3", "audio/mpeg", "mp3"),
]
_OFFICE = {"word/": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
           "xl/": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")}  # fmt: skip

_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"})  # pictures that few computers open


def sniff(data: bytes) -> tuple[str, str]:
    """(media type, extension) by content. Raises Invalid for anything that is not a picture, PDF, Word, Excel or sound."""
    for magic, mime, extension in _MAGIC:
        if data.startswith(magic):
            return _office(data) if extension == "zip" else (mime, extension)
    if data[4:8] == b"ftyp" and data[8:12] in _HEIC:
        raise Invalid(
            _("这是苹果手机的HEIC照片，工作人员的电脑打不开。请在手机上对着照片截一张图，上传截图；或者把“设置—相机—格式”改成“兼容性最佳”再拍一张。"),
            fields={"file": _("请换成JPG照片或截图")},
        )
    if data[4:8] == b"ftyp":
        return "video/mp4", "mp4"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp", "webp"
    raise Invalid(
        _("这种文件不能上传。请上传照片、PDF、Word、Excel、录音或视频。"), fields={"file": _("请换成照片或PDF")}
    )


def _office(data: bytes) -> tuple[str, str]:
    try:
        names = zipfile.ZipFile(BytesIO(data)).namelist()
    except zipfile.BadZipFile as error:
        raise Invalid(_("文件已损坏，请重新保存后再上传。"), fields={"file": _("文件已损坏")}) from error
    for folder, found in _OFFICE.items():
        if any(name.startswith(folder) for name in names):
            return found
    raise Invalid(_("不能上传压缩包，请把里面的文件分别上传。"), fields={"file": _("请分别上传")})


def keep(data: bytes) -> tuple[str, str]:
    """Store a file and return (digest, media type). Raises Invalid when it is empty, too large or of a wrong type.

    The file is on disk, flushed, before this returns, so that a row that names it never points to nothing.
    """
    if not data:
        raise Invalid(_("文件是空的，请重新选择。"), fields={"file": _("文件是空的")})
    if len(data) > settings.UPLOAD_MAX_BYTES:
        limit = settings.UPLOAD_MAX_BYTES // 1024 // 1024
        raise Invalid(
            _("文件太大，最多%(limit)s兆。照片可以在手机上选“较小”再发。") % {"limit": limit},
            fields={"file": _("最多%(limit)s兆") % {"limit": limit}},
        )
    mime, _extension = sniff(data)
    if mime == "application/pdf" and _wants_password(data):
        raise Invalid(
            _("这份PDF要密码才能打开（银行、支付宝的流水常有密码）。请打开后用“打印—另存为PDF”存一份没有密码的，或者截图上传。"),
            fields={"file": _("请去掉密码再传")},
        )
    digest = sm3(data).hex()
    store(data, digest)
    return digest, mime


def _wants_password(data: bytes) -> bool:
    """Whether nobody can read this PDF without a password; one that is only kept from being changed opens for all."""
    if b"/Encrypt" not in data:
        return False
    try:
        reader = PdfReader(BytesIO(data))
        return reader.is_encrypted and not reader.decrypt("")
    except Exception:  # a damaged file may fail in any way; whoever opens it sees
        return False


def store(data: bytes, digest: str, room: str = "") -> None:
    """Keep what we made ourselves or have looked at, encrypted, by its SM3 digest. A `room` is a folder of its own with a key of its own."""
    path = _path(digest, room)
    if not path.exists():
        write_once(path, encrypt_bytes(data, _place(digest, room)))


def read(digest: str, room: str = "") -> bytes:
    """The content of a stored file. Raises FileNotFoundError or VaultError (damaged)."""
    return decrypt_bytes(_path(digest, room).read_bytes(), _place(digest, room))


def forget(digest: str, room: str) -> None:
    """Remove a file of a room. Papers are never removed."""
    if not room:
        raise ValueError("papers are never removed")
    _path(digest, room).unlink(missing_ok=True)


def sweep(room: str, named: Collection[str], before: datetime) -> int:
    """Remove the files of a room that nobody names and that have lain there since before a moment. Returns how many went."""
    gone = 0
    for path in (Path(settings.FILES_DIR) / room).rglob("*"):
        if path.is_file() and path.name not in named and path.stat().st_mtime < before.timestamp():
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _place(digest: str, room: str) -> str:
    return f"{room or 'file'}:{digest}"


def _path(digest: str, room: str) -> Path:
    return Path(settings.FILES_DIR) / room / digest[:2] / digest[2:4] / digest
