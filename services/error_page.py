"""/docs/errors: where the `help` of every refusal leads."""

from html import escape

from services.common.problems import problem_classes
from services.error_catalogue import what_to_do

_HEAD = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>错误代码 Errors</title><h1>错误代码 Errors</h1>
<p>程序判断<code>code</code>，向人显示<code>detail</code>；求助时请提供<code>trace_id</code>。
Programs test <code>code</code>, people read <code>detail</code>; give <code>trace_id</code> when you ask for help.</p><dl>
"""


def error_page_html() -> str:
    """Every code of the services that run here, in order. Needs no script and no style."""
    entries = [
        f'<dt id="{escape(cls.code)}"><code>{escape(cls.code)}</code> {cls.status}</dt>'
        f"<dd>{escape(cls.title.zh)}<br>{escape(cls.title.en)}<br>{escape(what_to_do(cls))}</dd>"
        for cls in problem_classes()
    ]
    return _HEAD + "\n".join(entries) + "\n</dl></html>\n"
