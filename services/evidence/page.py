"""The page of a bag: what lies in it, to browse without a network, and a check of it by the browser itself (WebCrypto)."""

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

_SCRIPT = (Path(__file__).parent / "verify.js").read_text(encoding="utf-8")
_STYLE = (
    "body{font:16px/1.6 'Noto Sans SC','PingFang SC','Microsoft YaHei',sans-serif;max-width:60rem;margin:2rem auto;"
    "padding:0 1rem;color:#222}h1{font-size:1.4rem}h2{font-size:1.1rem;border-bottom:1px solid #ccc}"
    "#verdict{white-space:pre-wrap;padding:.5rem 1rem;background:#f4f4f4}.good{color:#06622b}.bad{color:#a40000}"
)
_CHECK = """
document.getElementById("folder").addEventListener("change", async (chosen) => {
  const verdict = document.getElementById("verdict");
  verdict.textContent = "核验中……";
  const files = new Map();
  for (const file of chosen.target.files) {
    files.set(file.webkitRelativePath.split("/").slice(1).join("/"), new Uint8Array(await file.arrayBuffer()));
  }
  try {
    const found = await verifyBag(files);
    const good = found.faults.length === 0;
    verdict.className = good ? "good" : "bad";
    verdict.textContent = good
      ? `核验通过：${found.files}个文件、${found.cases}件推荐与签名一致。签名密钥 ${found.keyId}，请与主办单位公布的密钥核对。`
      : `核验不通过：\\n${found.faults.join("\\n")}`;
  } catch (error) {
    verdict.className = "bad";
    verdict.textContent = `无法核验：${error.message}`;
  }
});
"""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the files below it, as paths below `data/`."""

    title: str
    paths: Sequence[str]


def index_page(title: str, facts: Iterable[tuple[str, str]], sections: Iterable[Section]) -> bytes:
    """HTML that stands alone. Every text from outside is escaped, every address quoted."""
    listed = "".join(_section(section) for section in sections)
    told = "".join(f"<dt>{html.escape(name)}</dt><dd>{html.escape(value)}</dd>" for name, value in facts)
    return (
        "<!doctype html><html lang=zh-CN><meta charset=utf-8>"
        "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline';"
        " script-src 'unsafe-inline'; img-src 'self'\">"
        f"<title>{html.escape(title)}</title><style>{_STYLE}</style><h1>{html.escape(title)}</h1><dl>{told}</dl>"
        "<h2>核验 Verify</h2><p>选择本包解压后的整个文件夹（含本页所在的 data 文件夹的上一级），由浏览器在本机核验，不联网。</p>"
        "<p><input type=file id=folder webkitdirectory multiple></p><div id=verdict></div>"
        f"{listed}<script>{_SCRIPT}{_CHECK}</script></html>\n"
    ).encode()


def _section(section: Section) -> str:
    links = "".join(
        f'<li><a href="{quote(path)}">{html.escape(path.rpartition("/")[2])}</a></li>' for path in section.paths
    )
    return f"<h2>{html.escape(section.title)}</h2><ul>{links}</ul>"
