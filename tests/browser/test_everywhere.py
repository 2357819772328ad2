"""What holds for every page at every width: nothing hangs over the edge, nothing is cut, controls have names."""

import pytest

from tests.browser.conftest import running

PUBLIC = ["/", "/sign-in", "/certificate", "/rules", "/about", "/help"]
STAFF = ["/uploads", "/uploads/1", "/uploads/compare", "/map", "/images", "/connect"]


@pytest.fixture(scope="module")
def house(cluster, delivered):
    """One house for all of these tests: none changes anything in it."""
    with running(cluster, delivered) as house:
        yield house


def problems(visit):
    return visit.evaluate(
        """() => {
          const wrong = [];
          if (document.documentElement.scrollWidth > innerWidth) wrong.push("wider than the window");
          for (const control of document.querySelectorAll("input, select, textarea, button, a[href]")) {
            const name = control.getAttribute("aria-label") || control.textContent.trim()
              || control.labels?.[0]?.textContent || control.title || control.querySelector("img[alt]")?.alt;
            if (!name && control.checkVisibility()) wrong.push(`no name: ${control.outerHTML.slice(0, 80)}`);
          }
          return wrong;
        }"""
    )


def test_public_pages_fit(house, visit):
    assert {path: wrong for path in PUBLIC if (wrong := seen(visit, house.url + path))} == {}


def test_staff_pages_fit(house, visit, sign_in):
    sign_in("official")
    assert {path: wrong for path in STAFF if (wrong := seen(visit, house.url + path))} == {}


def test_staff_pages_ask_who_is_there_and_lead_on(house, visit):
    for path in STAFF:
        visit.goto(house.url + path)
        assert visit.url.endswith(f"/sign-in?next={path}")
    visit.get_by_label("用户名").fill("official")
    visit.get_by_label("密码").fill(house.passwords["official"])
    visit.get_by_role("button", name="登录").click()
    visit.wait_for_url(house.url + STAFF[-1])


def seen(visit, url):
    visit.goto(url)
    visit.wait_for_load_state("networkidle")
    return problems(visit)
