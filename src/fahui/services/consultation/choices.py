"""The answers people can pick in consultation forms. Stable values, plain words first."""

from __future__ import annotations

from fahui.casework.forms.fields import Choice


class Topic(Choice):
    """What a question turned out to be about."""

    WAGES = "wages", "工资、劳务报酬", "Wages"
    LABOUR = "labour", "其他劳动用工", "Other labour matters"
    WORK_INJURY = "work_injury", "工伤", "Work injury"
    MARRIAGE = "marriage", "婚姻家庭", "Marriage and family"
    INHERITANCE = "inheritance", "继承、遗嘱", "Inheritance and wills"
    LAND = "land", "土地、宅基地、征收", "Land, homestead, expropriation"
    DEBT = "debt", "借钱还钱", "Loans and debts"
    TRAFFIC = "traffic", "交通事故", "Traffic accident"
    INJURY = "injury", "其他人身损害", "Other injury"
    CONSUMER = "consumer", "买东西、消费", "Consumer goods"
    HOUSING = "housing", "买房租房、物业", "Housing and property management"
    NEIGHBOUR = "neighbour", "邻里纠纷", "Neighbours"
    CRIMINAL = "criminal", "刑事案件", "Criminal matters"
    ADMINISTRATIVE = "administrative", "对政府机关的决定不服", "Decisions of government offices"
    PROCEDURE = "procedure", "怎么办、去哪办（不涉及法律判断）", "Where and how (no legal judgment)"
    OTHER = "other", "其他", "Other"


class LandKind(Choice):
    """What a land question is about."""

    CONTRACTED = "contracted", "承包地（被占、流转、收回、分地）", "Contracted farm land"
    HOMESTEAD = "homestead", "宅基地、房前屋后", "Homestead"
    EXPROPRIATION = "expropriation", "征地、拆迁补偿", "Expropriation and compensation"
    OWNERSHIP = "ownership", "地、山、林到底归谁", "Who owns land or forest"
    OTHER = "other", "其他，说不清也没关系", "Something else"


class OtherSide(Choice):
    """Who the other side is, as far as the route depends on it."""

    NEIGHBOUR = "neighbour", "邻居、本村人", "A neighbour or villager"
    VILLAGE = "village", "村组、村委会", "The village"
    COMPANY = "company", "公司、大户", "A company or large farm"
    GOVERNMENT = "government", "政府部门", "A government office"
    FAMILY = "family", "家里人", "Family"
    OTHER = "other", "其他", "Other"


class AlarmKind(Choice):
    """What the red key is pressed for."""

    SUICIDE = "suicide", "想轻生", "Risk of suicide"
    CHILD = "child", "未成年人有危险", "A child in danger"
    THREAT = "threat", "有人身危险、扬言伤人", "Danger to life or a threat"
    DOMESTIC_VIOLENCE = "domestic_violence", "家庭暴力", "Domestic violence"
    CROWD = "crowd", "群体性事件", "Crowd incident"


class MeetBy(Choice):
    """How an appointment takes place."""

    PHONE = "phone", "电话", "By phone"
    WINDOW = "window", "到窗口", "At the window"
    VIDEO = "video", "视频（可以手语）", "By video (sign language possible)"
    HOME = "home", "上门（老年人、残疾人行动不便的）", "Home visit (for people who cannot easily move)"


class Route(Choice):
    """The other way a matter goes; it is told, never just refused."""

    COURT = "court", "向法院起诉", "A suit at court"
    ARBITRATION = "arbitration", "仲裁", "Arbitration"
    RECONSIDERATION = "reconsideration", "行政复议", "Administrative reconsideration"
    SUPERVISION = "supervision", "纪检监察", "Discipline and supervision"
    DISCLOSURE = "disclosure", "政府信息公开", "Disclosure of government information"
    PETITION = "petition", "信访", "Petition"
    POLICE = "police", "报警", "The police"
    OTHER_OFFICE = "other_office", "其他部门办理，不是法律问题", "Another office; no legal question"


class OtherEnd(Choice):
    """Ends that are none of the seven others. More than one in twenty of these means the list is wrong."""

    WRONG_NUMBER = "wrong_number", "打错了", "Wrong number"
    SILENT = "silent", "没有声音、中断", "Silent or cut off"
    ABUSIVE = "abusive", "辱骂、骚扰", "Abuse"
    REPEATED = "repeated", "已经答复过的同一问题", "The same question, answered before"
    ELSEWHERE = "elsewhere", "外地的事，已告知当地热线", "Another place; its hotline was told"
    OTHER = "other", "其他（写明）", "Other (say what)"


class AiMark(Choice):
    """What the lawyer thinks of the machine's answer that came before."""

    RIGHT = "right", "没有问题", "Right"
    INCOMPLETE = "incomplete", "不完整", "Incomplete"
    WRONG = "wrong", "有错", "Wrong"
