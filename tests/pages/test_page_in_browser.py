"""A page in a real browser: it obeys the page's own policy, shows its texts, and lays nothing over the edge."""

import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from read_page import read_page
from told_records import answered

from llmpost.pages.account import account_of
from llmpost.pages.request_page import page_of_request

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--enable-logging=stderr", "--log-level=0")
HOSTILE = (
    'Say <script>document.title = "won"</script><img src=x onerror="document.title = 1"> \u202e\x00 to bob@example.com'
)
MEASURING = ("--allow-file-access-from-files", "--virtual-time-budget=5000")
MEASURE = """
window.onload = () => {
  const pages = [...document.querySelectorAll("iframe")].map((frame) => frame.contentDocument.documentElement);
  document.title = pages.map((page) => page.scrollWidth > page.clientWidth ? page.scrollWidth : "fits").join(" ");
};
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="no chromium is installed here"),
]


def browse(folder: Path, html: str, *flags: str) -> subprocess.CompletedProcess[str]:
    """What a browser with an empty profile makes of the page."""
    path = folder / "page.html"
    path.write_text(html, "utf-8")
    words = [str(BROWSER), *FLAGS, f"--user-data-dir={folder / 'profile'}", *flags, path.as_uri()]
    return subprocess.run(words, capture_output=True, encoding="utf-8", timeout=60)


def test_the_browser_sees_what_the_parser_sees(tmp_path: Path) -> None:
    """Its document has the texts of the page, the style is taken, and nothing that a model wrote has run."""
    html = page_of_request(account_of([answered(HOSTILE)])).html()
    done = browse(tmp_path, html, "--dump-dom")
    assert "won" not in re.findall(r"<title>(.*?)</title>", done.stdout, re.S)[0]
    texts = [own.text() for own in read_page(html).every("div", "text")]
    shown = re.findall(r'<div class="text"[^>]*>(.*?)</div>', done.stdout, re.S)
    assert [read_page(own).text() for own in shown] == texts
    assert "Content Security Policy" not in done.stderr


def test_the_browser_refuses_what_the_page_does_not_have(tmp_path: Path) -> None:
    """The test above has teeth: a style of another's and a script are refused, and the browser says so."""
    html = page_of_request(account_of([answered()])).html()
    other = html.replace("</body>", "<style>p { color: red }</style><script>document.title = 'won'</script></body>")
    done = browse(tmp_path, other, "--dump-dom")
    assert done.stderr.count("Content Security Policy") >= 2
    assert "<title>won</title>" not in done.stdout


def test_nothing_stands_over_the_edge(tmp_path: Path) -> None:
    """On a telephone and on a screen, a page with words of any length is no wider than its window."""
    record = answered("x" * 5000 + " to bob@example.com", id="f" * 500)
    record = replace(record, trace=replace(record.trace, notes=("n" * 500,), settings={"stop": "s" * 500}))
    (tmp_path / "inner.html").write_text(page_of_request(account_of([record])).html(), "utf-8")
    frames = "".join(f'<iframe src="inner.html" width="{width}" height="600"></iframe>' for width in (380, 1200))
    done = browse(tmp_path, f"<title>-</title>{frames}<script>{MEASURE}</script>", "--dump-dom", *MEASURING)
    assert re.findall(r"<title>(.*?)</title>", done.stdout)[0] == "fits fits"
