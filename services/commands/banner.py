"""What `xianjin serve` tells in the embedded default: where the documentation is, and who can sign in."""

from pathlib import Path

from services.embedded import demo_people


def embedded_banner(*, url: str, wechat_url: str, data: Path, seconds: float) -> str:
    """Printed once the server answers."""
    return f"""
先进 Xianjin 已启动（{seconds:.1f} 秒）  ready in {seconds:.1f} s

  接口文档 API documentation   {url}/docs
  接口契约 contract            {url}/openapi.yaml
  模拟微信 fake WeChat          {wechat_url}
  数据目录 data                {data}

演示账号 demo accounts (embedded mode only), password: {demo_people.PASSWORD}
{demo_people.overview()}
  其他县（市、区）同理 likewise for: {", ".join(demo_people.prefixes())}

下一步 next: make demo      停止 stop: Ctrl-C
"""
