"""Danger is heard in the words people use for it, not only in the law's; what only sounds like it stays quiet."""

from __future__ import annotations

import pytest

from fahui.knowledge.answers.danger import danger_in

HEARD = {
    "suicide": (
        "活着真没意思，想一了百了", "我活够了", "吃了一瓶安眠药", "吞了半瓶药", "我妈喝了百草枯", "他站在楼顶要跳下去", "我想去死", "死给他们看", "不如死了", "想结束自己的生命", "生不如死，没人管我", "从楼上跳下去算了",
        "I don't want to live anymore", "he tried to hang himself", "老板不给钱我就从塔吊上跳下来",
    ),
    "child": (
        "娃儿8岁被亲戚摸了下身", "老师摸我女儿", "继父半夜摸进女儿房间", "邻居强奸了我12岁的侄女", "孩子身上都是伤，后妈打的", "后妈天天打孩子", "幼儿园老师扎孩子", "有人拐走了我儿子", "我15岁，被他爸爸碰了",
        "孩子两天没回家了，找不到人",
    ),
    "threat": (
        "我要把他杀了", "我要杀了他", "我想弄死他", "他说要砍死我", "有人把我关在传销窝点", "被传销控制出不来", "他拿刀追我", "他们把我关在屋里不让走", "老板找人打我", "我被人绑了", "放高利贷的扬言要卸我一条腿",
        "my boyfriend threatens to kill me", "前男友天天跟踪我威胁我",
    ),
    "domestic_violence": (
        "我男朋友不让我出门", "被家里人打", "被丈夫打", "丈夫动手打人，孩子也打", "爸爸喝酒就打妈妈", "他喝醉就动手", "老公一喝酒就动手", "我爸打我妈", "儿子打老人", "儿媳妇打我", "老公把我打进医院", "我老公昨晚又动手了",
        "老公家暴", "my husband is beating me", "my dad beats my mom",
    ),
    "crowd": (
        "我们几十号人要去市政府门口", "一百多个人要去堵门", "全村人准备去上访", "工友们商量明天一起去政府门口讨说法", "业主们准备拉横幅维权", "we are going to block the road",
    ),
}
QUIET = (
    "老公不给生活费", "孩子打疫苗出事了", "老板让我打包走人", "网上打赏的钱能退吗", "孩子打碎了邻居的玻璃", "我儿子打了别人要赔多少", "婆婆不让我看孩子", "男朋友不让我拿走东西", "老公不让我上班", "工厂死了人赔多少",
    "人死了欠的钱怎么办", "买药吃出问题", "吃了药店的药过敏", "药吃完了医保不报", "跳槽要赔钱吗", "跳下去的货车砸坏我家墙", "集体土地怎么分", "几十个人一起买房被骗", "我们工友二十个人工钱没发", "一起去法院起诉行吗",
    "去市政府办事窗口不受理", "村民小组分红", "打工人被辞退", "动手术出了医疗事故", "动手能力差被辞退", "老公动手术要签字吗", "摸底排查违建", "抚摸权", "老师摸底考试", "孩子抚养费", "杀虫剂过期", "杀价后卖家不发货", "公司要杀熟",
    "我要把他告了", "我要把他拉黑", "故意杀人罪判几年", "关于故意杀人未遂", "跟踪定位软件违法吗", "把我关系转走了", "他们把我工资扣了不让走人", "保安把我拦着不让进小区", "上访有用吗", "怎么信访", "手被机器打伤了",
    "被打的人要赔医药费吗", "家里人打架都是小事吗", "打家劫舍", "公司不让我出差", "家里老人不让我出钱", "孩子放学没回家作业写不完", "因不可抗力影响旅游行程怎么办", "导游把我们关在玉器店里不买不让走", "他打我妈电话要债", "房东把我锁在门外",
)


@pytest.mark.parametrize(("said", "kind"), [(said, kind) for kind, told in HEARD.items() for said in told])
def test_danger_is_heard_as_people_tell_it(said: str, kind: str):
    heard = danger_in(said)
    assert heard is not None and heard.danger.id == kind, said


@pytest.mark.parametrize("said", QUIET)
def test_what_only_sounds_like_danger_raises_no_alarm(said: str):
    assert danger_in(said) is None, said
