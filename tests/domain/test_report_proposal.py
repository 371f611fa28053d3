from datetime import date

from services.nominations.domain.report_proposal import ReportedCase, ReportFacts, propose_sections

CASE = ReportedCase(
    name="示例甲",
    unit_name="示例厂",
    category="先进个人",
    deliberated_on=date(2025, 2, 6),
    present=9,
    in_favour=8,
    inspected_on=date(2025, 2, 6),
    decided_on=date(2025, 2, 7),
    shown_from=date(2025, 2, 7),
    shown_until=date(2025, 2, 13),
    working_days=5,
    objections=1,
    opinions={"公安部门": "同意"},
)
FACTS = ReportFacts(
    organisation="示例县",
    seats={"先进集体": 0, "先进个人": 2},
    zero_declared=["先进集体"],
    leader="示例乙",
    contact="示例丙",
    cases=[CASE],
)


def test_the_report_tells_who_organised_the_work_and_with_how_many_seats_r114():
    assert propose_sections(FACTS)["organisation"] == (
        "示例县成立评选推荐工作机构，具体负责评选推荐工作。负责人示例乙，联系人示例丙。"
        "下达推荐名额：先进个人2名。先进集体没有符合条件的推荐对象，不推荐。"
    )


def test_the_report_tells_each_step_with_its_day_and_votes_r114():
    assert propose_sections(FACTS)["process"] == (
        "1.示例甲（示例厂）：2025年2月6日民主推荐，到会9人，同意8人；2025年2月6日考察审核；"
        "2025年2月7日领导班子集体研究决定推荐；经县级人社、工信部门审核同意。"
    )


def test_the_report_tells_what_each_authority_said_r114():
    assert propose_sections(FACTS)["consultation"] == "1.示例甲（示例厂）：公安部门同意。"


def test_the_report_tells_the_period_of_publicity_and_the_objections_r114():
    assert propose_sections(FACTS)["publicity"] == (
        "1.示例甲（示例厂）：2025年2月7日至2025年2月13日在本单位公示5个工作日，收到异议1件，均已处理完毕。"
    )


def test_the_report_recommends_in_rank_order_by_category_r114():
    second = ReportedCase("示例丁", "示例二厂", "先进个人")
    facts = ReportFacts("示例县", {}, [], "", "", [CASE, second])
    assert propose_sections(facts)["recommendation"] == (
        "经审核，推荐材料真实、程序规范，同意推荐（按排序）。先进个人：1.示例甲（示例厂）；2.示例丁（示例二厂）"
    )


def test_a_report_about_nobody_says_so_r13():
    facts = ReportFacts("示例县", {}, ["先进集体", "先进个人"], "", "", [])
    assert propose_sections(facts)["recommendation"] == "经研究，本次不推荐。"
