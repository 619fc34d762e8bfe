"""The report on all citations of an installation."""

from fahui.knowledge.citations.check import CitedPlace, check_citations


def test_each_citation_lands_in_one_of_three_lists():
    report = check_citations(
        [
            CitedPlace("legal_aid decide", "法律援助法第四十三条、民法典第二百零三条"),
            CitedPlace("legal_aid close", "办理法律援助案件程序规定（司法部令第148号）"),
            CitedPlace("legal_aid refuse", "法律援助法第四百条"),
        ]
    )
    assert [str(one.resolution.citation) for one in report.resolved] == [
        "《法律援助法》第四十三条",
        "《民法典》第二百零三条",
    ]
    assert [one.place.place for one in report.outside] == ["legal_aid close"]
    assert [str(one) for one in report.failing] == [
        "legal_aid refuse: 《法律援助法》第四百条: 《中华人民共和国法律援助法》没有第四百条"
    ]
    assert not report.ok


def test_a_text_without_a_citation_fails():
    report = check_citations([CitedPlace("here", "局里的惯例"), CitedPlace("there", "民法典第十十条")])
    assert [one.resolution for one in report.failing] == [None, None]
    assert "没有读到引文" in str(report.failing[0])
    assert "无法识别" in str(report.failing[1])


def test_nothing_failing_is_sound():
    report = check_citations([CitedPlace("here", "《信访工作条例》第三十一条")])
    assert report.ok
    assert len(report.outside) == 1
    assert check_citations([]).ok
