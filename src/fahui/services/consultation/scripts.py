"""The calls for which agents have words ready: the alarms' scripts, as content that the bureau's editors may go on with."""

from __future__ import annotations

from fahui.knowledge.content.loading import ShippedScript
from fahui.services.consultation.alarm import alarm_of
from fahui.services.consultation.choices import AlarmKind

OWNER = "12348热线班长"
SOURCE = "12348热线报警规程"
_TOPICS = {AlarmKind.CHILD: "family", AlarmKind.THREAT: "harm", AlarmKind.DOMESTIC_VIOLENCE: "family"}


def scripts() -> tuple[ShippedScript, ...]:
    """A script for each kind of alarm: what to ask, what to do, and the articles behind it."""
    found = []
    for kind in AlarmKind:
        alarm = alarm_of(kind)
        found.append(ShippedScript(
            slug=alarm.slug, topic=_TOPICS.get(kind, "other"), title=f"来电：{kind.zh}",
            title_en=f"Call: {kind.en.lower()}", lines=alarm.script, citations=alarm.basis, owner=OWNER, source=SOURCE,
        ))  # fmt: skip
    return tuple(found)
