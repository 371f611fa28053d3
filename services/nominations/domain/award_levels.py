"""Whether an award's level fits who gave it (R159).

“国家级奖励是以党中央、国务院、中央军委名义…；省部级奖励是以中央和国家机关，各省、自治区、直辖市党委和政府名义…；省级以下级奖励…是以省级
工作部门，市、县级党委和政府名义…”. A doubt costs a reason, so below the State only names that are plain are judged.
"""

import re
import unicodedata

from services.nominations.domain.field_checks import PROVINCES

_BETWEEN = "、,;和及与"
_STATE = (
    "中共中央|党中央|中国共产党中央委员会|(?:中华人民共和国)?国务院|(?:中华人民共和国|中国共产党)?中央军(?:委|事委员会)"
)
_OF_THE_STATE = re.compile(f"(?:^|[{_BETWEEN}])(?:{_STATE})+(?=$|[{_BETWEEN}])")
"""A whole name: 国务院国有资产监督管理委员会 is not 国务院."""

_MINISTRIES = "|".join(
    (
        "外交部", "国防部", "国家发展(?:和改革委员会|改革委)", "国家发改委", "教育部", "科学技术部", "科技部",
        "工业和信息化部", "工信部", "国家民族事务委员会", "国家民委", "公安部", "民政部", "司法部", "财政部",
        "人力资源和?社会保障部", "自然资源部", "生态环境部", "住房和?城乡建设部", "交通运输部", "水利部", "农业农村部",
        "商务部", "文化和旅游部", "国家卫生健康委(?:员会)?", "国家卫健委", "退役军人事务部", "应急管理部",
        "国务院国有资产监督管理委员会", "国务院国资委", "海关总署", "国家税务总局", "国家市场监督管理总局",
        "国家市场监管总局", "国家广播电视总局", "国家体育总局", "(?:中共)?中央(?:组织|宣传)部", "(?:中华)?全国总工会",
        "共青团中央", "中华全国妇女联合会", "全国妇联", "中国科学技术协会", "中国科协",
    )
)  # fmt: skip
_OF_MINISTRIES = re.compile(
    f"(?:中华人民共和国)?(?:{_MINISTRIES})(?:[{_BETWEEN}](?:中华人民共和国)?(?:{_MINISTRIES}))*"
)

_MUNICIPALITIES = "|".join(name for name in PROVINCES if name.endswith("市"))
_PROVINCE = f"(?:{'|'.join(PROVINCES)}|自治区|省)"
_OF_A_PROVINCE = re.compile(
    f"(?:^|[{_BETWEEN}委])(?:"
    f"(?:中共|中国共产党){_PROVINCE}委员会|(?:中共)?{_PROVINCE}(?:党?委|(?:人民)?政府)(?=$|[{_BETWEEN}省]|{_PROVINCE}|中共)"
    f"|(?:中共)?(?:{_MUNICIPALITIES})委(?=市))"
)
"""Party committee or government itself: 山西省委组织部 and 共青团山西省委 are others."""

_NATIONAL = ("国家", "国务院", "中央", "中国", "中华", "全国")
_CITY_OR_COUNTY = re.compile("市(?!场)|县|(?<!自治)(?<![军战])区|自治州")
_OF_A_PLACE = ("委员会", "政府", "局", "委")


def level_doubt(level: object, authority: str) -> str | None:
    """What to look at again, in a sentence; None where the level fits the authority or nobody can tell."""
    name = unicodedata.normalize("NFKC", authority).strip()
    if not name:
        return None
    of_the_state = _OF_THE_STATE.search(_closed(name)) is not None
    if level == "national":
        return None if of_the_state else "国家级奖励应由党中央、国务院、中央军委授予，请核对级别"
    if level in ("provincial", "below_provincial") and of_the_state:
        return "党中央、国务院、中央军委的奖励为国家级，请核对级别"
    if level == "below_provincial" and _is_provincial(name):
        return "中央和国家机关，省、自治区、直辖市党委和政府的奖励为省部级，请核对级别"
    if level == "provincial" and not _is_provincial(name) and all(map(_is_below, re.split(r"[、,;\s]+", name))):
        return "省级工作部门，市、县级党委和政府的奖励为省级以下，请核对级别"
    return None


def _closed(name: str) -> str:
    return "".join(name.split())


def _is_provincial(name: str) -> bool:
    """Ministries and national bodies alone, or a province's party committee or government among others."""
    return bool(_OF_MINISTRIES.fullmatch(_closed(name)) or _OF_A_PROVINCE.search(_closed(name)))


def _is_below(name: str) -> bool:
    """A province's department, or a body of a city or county: a municipality is a province."""
    name = name.removeprefix("中共").removeprefix("中国共产党")
    own = next((name.removeprefix(province) for province in PROVINCES if name.startswith(province)), name)
    if own.startswith(_NATIONAL):
        return False
    if own.endswith("厅"):
        return not own.endswith("办公厅")
    ending = next((each for each in _OF_A_PLACE if own.endswith(each)), None)
    return ending is not None and _CITY_OR_COUNTY.search(own.removesuffix(ending)) is not None
