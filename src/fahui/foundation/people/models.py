"""People and organisations, and who serves where."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from fahui.foundation.identifiers import new_id
from fahui.foundation.people.fields import OpenAtWeekends
from fahui.foundation.sounds import Heard

# Coordinates everywhere in the house are WGS-84 degrees (foundation.regions.geo says why, and how others are converted).
ACCESSIBILITY = [
    ("ramp", "无障碍坡道"),
    ("step_free", "无台阶通行"),
    ("lift", "无障碍电梯"),
    ("toilet", "无障碍卫生间"),
    ("low_counter", "低位服务台"),
    ("wheelchair", "备有轮椅"),
    ("parking", "无障碍车位"),
    ("tactile", "盲道或盲文标识"),
    ("hearing", "助听设备"),
    ("sign_language", "手语服务"),
    ("large_print", "大字材料、老花镜"),
]


class Party(models.Model):
    """A person or organisation with a part in some matter. Identity and phone are encrypted, with a blind index each.

    Who may read a party follows from the cases it has a part in (row security, see casework's migrations).
    """

    KINDS = [("person", "个人"), ("organisation", "单位")]

    id = models.BigIntegerField(primary_key=True, default=new_id)
    kind = models.CharField(max_length=12, choices=KINDS, default="person")
    name = models.CharField(max_length=120)
    pinyin = models.CharField(max_length=240, blank=True)
    identity = models.BinaryField(null=True, max_length=160)
    identity_index = models.BinaryField(null=True, max_length=32)
    phone = models.BinaryField(null=True, max_length=160)
    phone_index = models.BinaryField(null=True, max_length=32)
    birth_date = models.DateField(null=True)
    gender = models.CharField(max_length=1, blank=True)
    nationality = models.CharField(max_length=3, default="CHN")
    region_code = models.BigIntegerField(null=True)
    address = models.CharField(max_length=200, blank=True)
    languages = models.JSONField(default=list)
    # Beneficiary groups: migrant_worker, older_person, disabled_person, minor … (requirements' terms).
    groups = models.JSONField(default=list)
    # How to reach them safely: {"may_call": bool, "times": str, "who_answers": str, "say_bureau": bool,
    # "may_text": bool, "words": str}.
    contact = models.JSONField(default=dict)
    # Set when this record was merged into another; kept so that it can be undone.
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="merged")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            # A caller's past matters, and the person behind an identity number.
            models.Index(fields=["phone_index"], name="party_phone", condition=models.Q(phone_index__isnull=False)),
            models.Index(fields=["identity_index"], name="party_identity",
                         condition=models.Q(identity_index__isnull=False)),
            GinIndex(fields=["name"], name="party_name_trgm", opclasses=["gin_trgm_ops"]),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"party {self.pk}"


class Institution(Heard):
    """A legal service institution, justice bureau or office, or case-handling organ."""

    KINDS = [
        ("justice_bureau", "司法局"),
        ("judicial_office", "司法所"),
        ("legal_aid_agency", "法律援助机构"),
        ("hotline_centre", "12348热线中心"),
        ("public_legal_service_centre", "公共法律服务中心"),
        ("law_firm", "律师事务所"),
        ("grassroots_legal_service_office", "基层法律服务所"),
        ("peoples_mediation_committee", "人民调解委员会"),
        ("notary_office", "公证机构"),
        ("forensic_appraisal_institution", "司法鉴定机构"),
        ("arbitration_institution", "仲裁机构"),
        ("court", "人民法院"),
        ("procuratorate", "人民检察院"),
        ("public_security_organ", "公安机关"),
        ("detention_centre", "看守所"),
        ("prison", "监狱"),
        ("government_department", "政府部门"),
        ("village_committee", "村（居）民委员会"),
        ("industry_mediation_committee", "行业性、专业性人民调解委员会"),
        ("police_station", "公安派出所"),
        ("tribunal", "人民法庭"),
        ("correction_centre", "社区矫正中心"),
        ("resettlement_base", "安置帮教基地"),
        ("media_centre", "法治融媒体中心"),
        ("school", "学校"),
        ("party_or_government_body", "党政机关"),
        ("mass_organisation", "人民团体"),
        ("public_institution", "事业单位"),
        ("enterprise", "企业"),
    ]

    id = models.BigIntegerField(primary_key=True, default=new_id)
    code = models.CharField(max_length=40, unique=True)  # unified social credit code, or the bureau's own
    kind = models.CharField(max_length=40, choices=KINDS)
    name = models.CharField(max_length=120)
    short_name = models.CharField(max_length=40, blank=True)
    region_code = models.BigIntegerField()
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT)
    phone = models.CharField(max_length=40, blank=True)
    address = models.CharField(max_length=200, blank=True)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    # The one form of foundation.worktime.opening where it could be read; otherwise as given, and pages say to telephone.
    opening_hours = models.CharField(max_length=240, blank=True)
    open_at_weekends = OpenAtWeekends()
    # Days that are not as usual: [{"on": "2026-11-24", "hours": "9:00–12:00" or "" for shut, "why": "…"}].
    exceptions = models.JSONField(default=list)
    head = models.CharField(max_length=60, blank=True)
    licence = models.CharField(max_length=60, blank=True)
    licensed_from = models.DateField(null=True)
    licensed_until = models.DateField(null=True)
    licensed_by = models.CharField(max_length=80, blank=True)
    # 业务范围, as the licence or register says it.
    business = models.JSONField(default=list)
    staff_count = models.PositiveIntegerField(null=True)
    languages = models.JSONField(default=list)
    accessibility = models.JSONField(default=list)  # codes of ACCESSIBILITY
    # Who says so, and as of which day.
    source = models.CharField(max_length=200, blank=True)
    as_of = models.DateField(null=True)
    active = models.BooleanField(default=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "region_code"], name="institution_kind_region"),
            # Pages of the directory, place by place.
            models.Index(fields=["region_code", "id"], name="institution_place"),
            GinIndex(fields=["name", "pinyin", "initials"], name="institution_sounds", opclasses=["gin_trgm_ops"] * 3),
        ]

    def __str__(self) -> str:
        return self.name


class Practitioner(Heard):
    """A lawyer, grassroots legal worker, mediator, notary … who can be given work."""

    KINDS = [
        ("lawyer", "律师"),
        ("grassroots_legal_worker", "基层法律服务工作者"),
        ("volunteer", "法律援助志愿者"),
        ("agency_staff", "法律援助机构工作人员"),
        ("mediator", "人民调解员"),
        ("notary", "公证员"),
        ("forensic_appraiser", "司法鉴定人"),
        ("arbitrator", "仲裁员"),
        ("intern_lawyer", "实习律师"),
        ("appraiser_assistant", "司法鉴定人助理"),
        ("resettlement_worker", "安置帮教工作人员"),
    ]

    id = models.BigIntegerField(primary_key=True, default=new_id)
    licence = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=40, choices=KINDS)
    name = models.CharField(max_length=60)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT)
    region_code = models.BigIntegerField()
    phone = models.CharField(max_length=40, blank=True)  # the office line shown to recipients
    licensed_on = models.DateField(null=True)
    licensed_until = models.DateField(null=True)
    licensed_by = models.CharField(max_length=80, blank=True)
    title = models.CharField(max_length=40, blank=True)  # 职称: 三级律师, 二级公证员 …
    criminal_since = models.DateField(null=True)
    fields = models.JSONField(default=list)  # 劳动, 婚姻家庭, 刑事 …
    tags = models.JSONField(default=list)  # juvenile_skilled, sign_language …
    languages = models.JSONField(default=list)
    # Regions (codes) the practitioner takes work in, beyond their own county.
    serves = models.JSONField(default=list)
    source = models.CharField(max_length=200, blank=True)
    as_of = models.DateField(null=True)
    accepts = models.BooleanField(default=True)
    active = models.BooleanField(default=True)
    user = models.OneToOneField("foundation.User", null=True, on_delete=models.PROTECT, related_name="practitioner")

    class Meta:
        indexes = [
            models.Index(fields=["kind", "region_code"], name="practitioner_kind_region"),
            # Pages of the directory, place by place.
            models.Index(fields=["region_code", "id"], name="practitioner_place"),
            GinIndex(fields=["name", "pinyin", "initials"], name="practitioner_sounds", opclasses=["gin_trgm_ops"] * 3),
        ]

    def __str__(self) -> str:
        return self.name


class Posting(models.Model):
    """Somebody serves in a role for a target from a day to a day: 村居法律顾问, 法治副校长, 值班律师, 调委会委员 …"""

    ROLES = [
        ("village_counsel", "村（居）法律顾问"),
        ("mediator", "人民调解员"),
        ("full_time_mediator", "专职人民调解员"),
        ("legal_pathfinder", "法律明白人"),
        ("law_leader", "法治带头人"),
        ("legal_vice_principal", "法治副校长"),
        ("duty_lawyer", "值班律师"),
        ("government_counsel", "政府法律顾问"),
        ("enterprise_counsel", "企业法律顾问"),
        ("public_lawyer", "公职律师"),
        ("publicity_lecturer", "普法讲师"),
        ("volunteer", "公共法律服务志愿者"),
        ("law_tutor", "法治辅导员"),
        ("resettlement_post", "安置帮教公益岗位"),
    ]

    id = models.BigIntegerField(primary_key=True, default=new_id)
    role = models.CharField(max_length=60)
    practitioner = models.ForeignKey(Practitioner, null=True, on_delete=models.PROTECT)
    party = models.ForeignKey(Party, null=True, on_delete=models.PROTECT)
    target_kind = models.CharField(max_length=20)  # region, institution, school, enterprise …
    target_region = models.BigIntegerField()
    target_institution = models.ForeignKey(Institution, null=True, on_delete=models.PROTECT)
    target_name = models.CharField(max_length=120, blank=True)
    contract = models.CharField(max_length=60, blank=True)
    # The number for this post that may be shown on a board or card, and when the person is there.
    phone = models.CharField(max_length=40, blank=True)
    office_hours = models.CharField(max_length=120, blank=True)
    source = models.CharField(max_length=200, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["role", "target_region"], name="posting_role_region"),
            # Who serves one village, whatever the role.
            models.Index(fields=["target_region"], name="posting_region"),
        ]

    def __str__(self) -> str:
        return f"{self.role} for {self.target_region}"


class Site(Heard):
    """A place: centre, station, room, window, 法治文化阵地."""

    KINDS = [
        ("service_centre", "公共法律服务中心"),
        ("service_station", "公共法律服务工作站"),
        ("service_room", "公共法律服务工作室"),
        ("legal_aid_station", "法律援助工作站"),
        ("service_window", "法律服务窗口"),
        ("mediation_room", "人民调解室"),
        ("notary_point", "公证办理点"),
        ("counsel_point", "村（居）法律顾问值班点"),
        ("self_service", "自助服务终端"),
        ("legal_culture_place", "法治文化阵地"),
        ("education_base", "法治宣传教育基地"),
        ("youth_education_base", "青少年法治教育基地"),
        ("publicity_board", "普法宣传栏（橱窗）"),
        ("law_library", "法律图书室（柜）"),
        ("law_farmyard", "普法农家院（法治文化礼堂）"),
        ("culture_square", "法治文化广场"),
        ("constitution_place", "宪法或民法典主题阵地"),
        ("university_centre", "高校公共法律服务中心（站）"),
        ("veteran_station", "退役军人公共法律服务工作站"),
        ("exam_site", "法律职业资格考试考点"),
    ]

    id = models.BigIntegerField(primary_key=True, default=new_id)
    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=60, choices=KINDS)
    name = models.CharField(max_length=120)
    region_code = models.BigIntegerField()
    institution = models.ForeignKey(Institution, null=True, on_delete=models.PROTECT)
    address = models.CharField(max_length=200, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    area_m2 = models.DecimalField(max_digits=8, decimal_places=1, null=True)
    opening_hours = models.CharField(max_length=240, blank=True)
    open_at_weekends = OpenAtWeekends()
    exceptions = models.JSONField(default=list)
    facilities = models.JSONField(default=list)
    accessibility = models.JSONField(default=list)
    languages = models.JSONField(default=list)
    longitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    latitude = models.DecimalField(max_digits=9, decimal_places=6, null=True)
    source = models.CharField(max_length=200, blank=True)
    as_of = models.DateField(null=True)
    active = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "region_code"], name="site_kind_region"),
            # Pages of the directory, place by place.
            models.Index(fields=["region_code", "id"], name="site_place"),
            GinIndex(fields=["name", "pinyin", "initials"], name="site_sounds", opclasses=["gin_trgm_ops"] * 3),
        ]

    def __str__(self) -> str:
        return self.name


class PublicRecord(models.Model):
    """What an authority published about an institution or a practitioner: a reward, a penalty, a yearly assessment, a grade.

    Fahui grades nobody: a record is entered with its organ and source, or not at all. A penalty is shown until the day its
    publication ends (公示期), a withdrawn record never.
    """

    KINDS = [("reward", "奖励"), ("penalty", "行政处罚、行业处分"), ("assessment", "年度考核、检查"), ("credit", "信用等级")]

    id = models.BigIntegerField(primary_key=True, default=new_id)
    institution = models.ForeignKey(Institution, null=True, on_delete=models.PROTECT, related_name="records")
    practitioner = models.ForeignKey(Practitioner, null=True, on_delete=models.PROTECT, related_name="records")
    kind = models.CharField(max_length=12, choices=KINDS)
    # As published: 全省优秀律师事务所, 警告, 称职, A级.
    result = models.CharField(max_length=120)
    # The year an assessment or grade is for.
    year = models.PositiveSmallIntegerField(null=True)
    decided_on = models.DateField(null=True)
    organ = models.CharField(max_length=80)
    document = models.CharField(max_length=80, blank=True)
    source = models.CharField(max_length=200)
    shown_until = models.DateField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_why = models.CharField(max_length=200, blank=True)
    entered_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(institution__isnull=True, practitioner__isnull=False)
                | models.Q(institution__isnull=False, practitioner__isnull=True),
                name="record_of_one",
            ),
            models.CheckConstraint(
                condition=~models.Q(kind="penalty") | models.Q(shown_until__isnull=False), name="penalty_shown_until"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class MergeRecord(models.Model):
    """That two records of one person were joined, and all that is needed to part them again."""

    id = models.BigIntegerField(primary_key=True, default=new_id)
    kept = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    merged = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+")
    # {"table.column": [row ids moved]}
    moved = models.JSONField()
    reason = models.CharField(max_length=200)
    done_by = models.BigIntegerField()
    done_at = models.DateTimeField(auto_now_add=True)
    undone_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.merged_id} into {self.kept_id}"
