"""“国家级奖励是…；省部级奖励是…；省级以下级奖励是…” (R159): whose award has which level, where the name leaves no doubt."""

import pytest

from services.nominations.domain.award_levels import level_doubt

NATIONAL = "国家级奖励应由党中央、国务院、中央军委授予，请核对级别"
TO_NATIONAL = "党中央、国务院、中央军委的奖励为国家级，请核对级别"
TO_PROVINCIAL = "中央和国家机关，省、自治区、直辖市党委和政府的奖励为省部级，请核对级别"
TO_BELOW = "省级工作部门，市、县级党委和政府的奖励为省级以下，请核对级别"

OF_THE_STATE = [
    "中共中央", "党中央", "国务院", "中央军委", "中共中央、国务院", "中共中央 国务院", "中共中央国务院",
    "中共中央、国务院、中央军委", "党中央，国务院和中央军委", "国务院及中央军委", "中国共产党中央委员会",
    "中华人民共和国国务院", "中央军事委员会", "国务院、中华全国总工会", "中国科学技术协会、国务院",
]  # fmt: skip
OF_A_MINISTRY = [
    "工业和信息化部", "工信部", "中华人民共和国工业和信息化部", "人力资源和社会保障部", "人力资源社会保障部、工业和信息化部",
    "工业和信息化部和财政部", "国家发展和改革委员会", "国务院国有资产监督管理委员会", "国务院国资委", "国家税务总局",
    "国家市场监督管理总局", "中华全国总工会", "全国总工会", "共青团中央", "中华全国妇女联合会", "中共中央组织部",
]  # fmt: skip
OF_A_PROVINCE = [
    "中共山西省委", "山西省委", "中共山西省委、山西省人民政府", "中共山西省委 山西省人民政府", "中共山西省委山西省人民政府",
    "山西省委、省政府", "山西省委省政府", "山西省人民政府", "山西省政府", "省人民政府", "省委省政府", "中国共产党山西省委员会",
    "内蒙古自治区党委", "内蒙古自治区人民政府", "自治区人民政府", "中共北京市委、北京市人民政府", "重庆市委市政府", "上海市政府",
]  # fmt: skip
OF_A_DEPARTMENT_OR_BELOW = [
    "山西省工业和信息化厅", "山西省工信厅", "省人社厅", "山西省人力资源和社会保障厅、山西省工业和信息化厅",
    "山西省人力资源和社会保障厅和山西省工业和信息化厅", "忻州市人民政府", "忻州市政府", "忻州市委",
    "中共忻州市委、忻州市人民政府", "中共忻州市委 忻州市人民政府", "忻州市委、市政府", "忻州市委市政府", "中共五台县委",
    "五台县人民政府", "原平市委", "忻府区人民政府", "山西省忻州市人民政府", "北京市海淀区人民政府", "忻州市工业和信息化局",
    "忻州市发展和改革委员会", "五台县市场监督管理局", "市工信局", "县委", "县委县政府", "晋中市人民政府", "中阳县委",
]  # fmt: skip
NOBODY_KNOWS = [
    "", "示例省总工会", "忻州市总工会", "共青团山西省委", "民革山西省委员会", "山西省委组织部", "山西省人民政府办公厅",
    "山西省政协", "政协山西省委员会", "山西省工商业联合会", "新疆生产建设兵团", "示例公司", "国家能源局", "山西省军区",
    "北京军区党委", "国务院安委会办公室", "中央电视台", "市场监督管理局", "黄河水利委员会", "中国城市规划设计研究院党委",
    "民盟山西省委", "工业和信息化部、山西省工业和信息化厅", "全国人大常委会办公厅",
]  # fmt: skip


@pytest.mark.parametrize("authority", OF_THE_STATE)
def test_an_award_of_the_party_the_state_or_the_army_is_national_r159(authority):
    doubts = [level_doubt(level, authority) for level in ("national", "provincial", "below_provincial")]
    assert doubts == [None, TO_NATIONAL, TO_NATIONAL]


@pytest.mark.parametrize("authority", OF_A_MINISTRY)
def test_an_award_of_a_ministry_or_national_body_is_provincial_r159(authority):
    doubts = [level_doubt(level, authority) for level in ("national", "provincial", "below_provincial")]
    assert doubts == [NATIONAL, None, TO_PROVINCIAL]


@pytest.mark.parametrize("authority", OF_A_PROVINCE)
def test_an_award_of_a_provinces_party_or_government_is_provincial_r159(authority):
    doubts = [level_doubt(level, authority) for level in ("national", "provincial", "below_provincial")]
    assert doubts == [NATIONAL, None, TO_PROVINCIAL]


@pytest.mark.parametrize("authority", OF_A_DEPARTMENT_OR_BELOW)
def test_an_award_of_a_department_a_city_or_a_county_is_below_provincial_r159(authority):
    doubts = [level_doubt(level, authority) for level in ("national", "provincial", "below_provincial")]
    assert doubts == [NATIONAL, TO_BELOW, None]


@pytest.mark.parametrize("authority", NOBODY_KNOWS)
def test_below_the_state_a_name_that_leaves_doubt_is_not_doubted_r159(authority):
    assert [level_doubt(level, authority) for level in ("provincial", "below_provincial")] == [None, None]


@pytest.mark.parametrize(
    "authority",
    ["国务院国有资产监督管理委员会", "国务院安委会办公室", "中共中央组织部", "国务院办公厅", "中央军委政治工作部"],
)
def test_an_office_of_the_state_is_not_the_state_r159(authority):
    assert level_doubt("national", authority) == NATIONAL


def test_an_award_without_its_authority_is_not_doubted_r159():
    assert level_doubt("national", "") is None


@pytest.mark.parametrize("authority", ["国务院", "工业和信息化部", "忻州市人民政府"])
def test_an_award_without_its_level_is_not_doubted_r159(authority):
    assert level_doubt(None, authority) is None
