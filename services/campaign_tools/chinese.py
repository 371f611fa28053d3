"""Faults in Chinese, for authors of campaigns. A message that is not listed stands in English alone."""

import re
from collections.abc import Callable

_KINDS = {
    "a text": "文字",
    "a whole number": "整数",
    "a number": "数",
    "true or false": "true 或 false",
    "a list": "列表",
    "a list of texts": "文字列表",
    "a mapping": "键值对",
    "a mapping of texts": "文字键值对",
    "empty": "空值",
    "whole numbers by category": "按类别填写的整数",
}
_NOUNS = {
    "form": "表格",
    "field": "字段",
    "enum field": "单选字段",
    "enum": "选项表",
    "category": "类别",
    "scope": "评选范围",
    "column": "列",
    "authority": "征求意见部门",
    "nature": "单位性质",
    "stage": "层级",
    "kind": "材料种类",
    "profile": "照片要求",
    "role": "角色",
    "seats for": "该类别的名额",
    "rule for": "该层级的规则",
}
_SENTENCES: tuple[tuple[str, str | Callable[[re.Match[str]], str]], ...] = (
    (r"is missing", "缺少"),
    (r"is empty: leave it out", "为空，请整行删去"),
    (r"is empty", "文件是空的"),
    (r"is not known here", "此处没有这个键，请检查拼写"),
    (r"stands twice|(.+) stands twice", "重复出现"),
    (r"stands in (.+) too", r"在{1}里已经有了"),
    (r"stands inside itself", "引用了自己"),
    (r"is not UTF-8.*", "文件不是 UTF-8 编码，请另存为 UTF-8"),
    (r"must be at least (\S+)", "不得小于{1}"),
    (r"must be one of (.+)", "应为其中之一：{1}"),
    (r"must be a date such as (\S+)", "应为日期，例如{1}"),
    (r"must be a local time such as (\S+ \S+), .*", "应为当地时间，例如{1}，时区也要有效"),
    (r"must be the folder's name, (.+): .*", "应与文件夹同名：{1}"),
    (r"must be (\S+), as the file is named", "应与文件同名：{1}"),
    (r"must be called (\S+): .*", "身份证号字段只能叫 {1}，别的键不会加密和掩码"),
    (r"must begin with (\S+)", "第一级应为 {1}"),
    (r"must hold \{county\}, .*", "名称里要有 {{county}}，不能有其他花括号"),
    (r"must have at least (\d+) item", "至少要有{1}项"),
    (r"must have at most (\d+) items", "最多{1}项"),
    (r"must look like (.+)", "格式应为 {1}"),
    (r"must be (.+)", lambda found: f"应为{_KINDS[found[1]]}" if found[1] in _KINDS else ""),
    (r"takes exactly one of (.+)", "只能且必须有其中一项：{1}"),
    (r"no such quota unit", "名额表里没有这个推荐单位"),
    (r"no such field above this one", "条件引用的字段应排在本字段之前"),
    (r"(\S+) is not told what authorities say", "部门意见不告知“{1}”"),
    (r"no kind (\S+) in documents\.yaml", "documents.yaml 里没有材料种类“{1}”"),
    (
        r"no (enum field|seats for|rule for|\w+) (\S+)",
        lambda found: f"没有{_NOUNS.get(found[1], found[1])}“{found[2]}”",
    ),
    (r"(.+) never holds (.+)", "字段 {1} 不会有 {2} 这个值"),
    (r"tell of a word that is not renamed: (.+)", "“{1}”没有改写，不能附注"),
    (r"is for no form of this campaign", "本活动没有这张表格"),
    (r"differs from deeds_limit", "与 deeds_limit 不一致"),
    (r"are what a list has, and only a list", "列表必须有 items，其他类型不能有"),
    (r"is not a regular expression", "不是有效的正则表达式"),
    (r"is too much for a row: .*", "列表的行里只能放不带条件的单值"),
    (r"nobody is asked about (.+)", "没有任何部门就此征求意见：{1}"),
    (r"is what a bureau has, and only a bureau", "bureau 只写在部门（…_bureau）上，而且必须写"),
    (r"(?:organisations\.yaml )?has no (.+)", "organisations.yaml 里缺少：{1}"),
    (r"has (\d+) cells for (\d+) columns", "这一行有{1}格，表头有{2}列"),
    (r"column (\S+) is missing", "缺少列 {1}"),
    (r"column (\S+) stands twice", "列 {1} 重复"),
    (r"a column has no name", "有一列没有列名"),
    (r"(\S+) is empty", "{1} 没有填写"),
    (r"(\S+): (.+) is not a number of seats", "{1}：{2} 不是名额数"),
    (r"`<<` is not read here: .*", "此处不能用 <<，请把键写全"),
    (r"`<<` takes one mapping", "<< 后面只能是一组键值对"),
    (r"key (.+) is not a text: .*", "键 {1} 不是文字，请加引号"),
    (r"row (\d+) fills (\d+) of (\d+) columns", "第{1}行占{2}列，表格有{3}列"),
    (r"no value (.+) in paragraph (\d+): (.*)", "模板第{2}段的“{1}”不是本表的栏目：{3}"),
    (r"no value (.+) in a header or footer", "模板页眉或页脚的“{1}”不是本表的栏目"),
    (r"must show \{\{ (\w+) \}\}", "模板里要有 {{{{ {1} }}}}"),
    (r"is no DOCX: .*", "不是可读取的DOCX文件"),
    (r"cannot be read as a template: (.*)", "模板语法有误：{1}"),
    (r"cannot be filled: (.*)", "模板无法填写：{1}"),
    (r"is larger than (\d+) bytes", "文件不得大于{1}字节"),
    (r"bytes must rise .*", "照片大小的四个界限应由小到大"),
    (r"background\.blue: .*", "色相 hue_from 应小于 hue_to，都在 0 到 360 之间"),
    (r"retention days must not be negative", "保存天数不能为负"),
    (r"max_bytes, max_pixels and max_count must be at least 1", "大小、像素和数量上限至少为1"),
    (r"a cell reaches below the last row", "有单元格伸出了最后一行"),
)


def in_chinese(message: str) -> str:
    """Empty where nobody wrote the sentence yet."""
    for pattern, sentence in _SENTENCES:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            return sentence(found) if callable(sentence) else sentence.format(found[0], *found.groups())
    return ""
