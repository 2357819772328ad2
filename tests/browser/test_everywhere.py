"""What holds for every page at every width: nothing hangs over the edge, nothing is cut, controls have names."""

import pytest

PUBLIC = ["/", "/sign-in", "/certificate", "/rules", "/about", "/help"]
STAFF = ["/uploads", "/uploads/1", "/uploads/compare", "/map", "/images", "/connect"]


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


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_fit(house, visit, path):
    visit.goto(house.url + path)
    visit.wait_for_load_state("networkidle")
    assert problems(visit) == []


@pytest.mark.parametrize("path", STAFF)
def test_staff_pages_fit(house, visit, sign_in, path):
    sign_in("official")
    visit.goto(house.url + path)
    visit.wait_for_load_state("networkidle")
    assert problems(visit) == []


@pytest.mark.parametrize("path", STAFF)
def test_staff_pages_ask_who_is_there(house, visit, path):
    visit.goto(house.url + path)
    assert visit.url.endswith(f"/sign-in?next={path}")
