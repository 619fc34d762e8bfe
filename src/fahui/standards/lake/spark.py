"""A Spark session for the lake: this machine's two cores, or the cluster that SPARK_REMOTE names. Needs pyspark and Java 17."""

from __future__ import annotations

import importlib
import importlib.util
from pathlib import Path

from django.utils.translation import gettext as _

from fahui.foundation.errors import Invalid
from fahui.standards.lake.engines import Spark


def open_spark(lake: Path) -> Spark:
    """A ready engine. Raises Invalid when pyspark is not installed."""
    if importlib.util.find_spec("pyspark") is None:
        raise Invalid(_("还没有安装 Spark。"), fields={"engine": _("先安装 requirements/spark.txt，并装好 Java 17")})
    builder = importlib.import_module("pyspark.sql").SparkSession.builder
    session = (
        builder.appName("fahui")
        .config("spark.sql.shuffle.partitions", "8")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    return Spark(lake, session)
