import time

import pytest
from nbformat.v4 import new_output

from coursekit.autograde.plain_html import for_page, plain_html
from coursekit.autograde.sanitize import LEFT_OUT, clean_outputs, is_cut


def shown(kind="display_data", **data):
    named = {mime.replace("_", "/"): content for mime, content in data.items()}
    return clean_outputs([new_output(kind, data=named)])[0]


@pytest.mark.parametrize(
    "html",
    [
        "<script>steal()</script>",
        "<SCRIPT src=//x>",
        "<img src=x onerror=steal()>",
        "<svg onload=steal()>",
        "<iframe srcdoc='<script>steal()</script>'></iframe>",
        "<a href='javascript:steal()'>x</a>",
        "<td style='background:url(javascript:steal())'>1</td>",
        "<scr<script></script>ipt>steal()</script>",
        "<form action=//x><input name=steal()></form>",
        "<style>@import '//x'</style>",
    ],
)
def test_nothing_active_is_left_of_html(html):
    left = shown(text_html=f"<b>1</b>{html}").data["text/html"].lower()
    for active in ("<script", "onerror", "onload", "<iframe", "href", "style", "<form"):
        assert active not in left
    assert "<b>1</b>" in left


def test_a_table_of_pandas_stays_a_table_without_its_style_as_text():
    table = "<table><tbody><tr><th>0</th><td>1</td></tr></tbody></table>"
    html = f"<div>\n<style scoped>.dataframe {{x: y}}</style>{table}</div>"
    assert shown(text_html=html).data["text/html"] == f"<div>\n{table}</div>"


@pytest.mark.parametrize(
    "html", ["</div></body>1", "1<table><td>", "<!--", "<b", "&lt;b"]
)
def test_every_tag_is_closed_and_none_is_closed_twice(html):
    left = plain_html(html)
    assert left.count("</") == left.count("<") / 2


def test_other_types_are_replaced_by_a_note_and_the_output_keeps_its_own():
    output = shown("execute_result", **{"application_javascript": "steal()"})
    assert output.output_type == "execute_result"
    assert output.data == {"text/plain": LEFT_OUT}
    assert is_cut([output])


def test_an_image_is_base64_or_nothing():
    assert shown(image_png="iVBORw0K\n").data == {"image/png": "iVBORw0K\n"}
    assert shown(image_png="<script>").data == {"text/plain": LEFT_OUT}


def test_streams_and_errors_stay_what_they_are():
    outputs = [
        new_output("stream", name="stderr", text="careful"),
        new_output("error", ename="E", evalue="no", traceback=["line"]),
    ]
    assert clean_outputs(outputs) == outputs
    assert not is_cut(outputs)


@pytest.mark.parametrize(
    "piece",
    [
        "<style",
        "<script>",
        "<b>",
        "<b></b>",
        "<table><td>",
        "<!--",
        "&",
        "<a x='",
        "<a ",
        "&#",
    ],
)
def test_hostile_html_takes_no_time(piece):
    began = time.perf_counter()
    shown(text_html=piece * (190_000 // len(piece)))
    assert time.perf_counter() - began < 3


def test_too_much_html_gives_way_to_the_plain_text():
    output = shown(text_html="x" * 300_000, text_plain="x")
    assert output.data == {"text/plain": "x"}


def test_a_page_has_no_signs_of_links_beside_headings_and_tables_with_room():
    html = '<h1>A<a class="anchor-link" href="#A">¶</a></h1><table><td>1</td></table>'
    assert for_page(html) == (
        '<h1>A</h1><table class="table table-condensed"><td>1</td></table>'
    )


def test_the_style_of_tables_lets_nothing_of_a_student_through():
    hostile = '<table class="x" onclick="steal()">&lt;table&gt;<script>1</script>'
    assert for_page(hostile) == (
        '<table class="table table-condensed">&lt;table&gt;</table>'
    )
