"""Every limit from both sides: as much as it allows is taken, one more is refused."""

import pytest

from playground.blockkit import check_blocks


def plain(length=1):
    return {"type": "plain_text", "text": "x" * length}


def mrkdwn(length=1):
    return {"type": "mrkdwn", "text": "x" * length}


def address(length):
    return "https://example.com/".ljust(length, "x")


def option(n=0, **more):
    return {"text": plain(), "value": str(n), **more}


def options(n):
    return [option(i) for i in range(n)]


def button(**more):
    return {"type": "button", "text": plain(), **more}


def picture(**more):
    return {"type": "image", "image_url": address(30), "alt_text": "x", **more}


def actions(element):
    return {"type": "actions", "elements": [element]}


def asks(kind, **more):
    return {"type": "input", "label": plain(), "element": {"type": kind, **more}}


def accessory(kind, **more):
    return {"type": "section", "text": plain(), "accessory": {"type": kind, **more}}


def confirm(**more):
    texts = {"title": plain(), "text": plain(), "confirm": plain(), "deny": plain()}
    return actions(button(confirm={**texts, **more}))


def words(*parts):
    section = {"type": "rich_text_section", "elements": list(parts)}
    return {"type": "rich_text", "elements": [section]}


def video(**more):
    given = {"title": plain(), "alt_text": "x", "video_url": address(30), "thumbnail_url": address(30)}
    return {"type": "video", **given, **more}


def beneath(element):
    return {"type": "context_actions", "elements": [element]}


def icon(**more):
    return beneath({"type": "icon_button", "icon": "trash", "text": plain(), **more})


def feedback(**more):
    good = {"text": plain(), "value": "1"}
    return beneath({"type": "feedback_buttons", "positive_button": {**good, **more}, "negative_button": good})


def card(**more):
    return {"type": "card", "title": plain(), **more}


def container(**more):
    return {"type": "container", "title": plain(), "child_blocks": [{"type": "divider"}], **more}


def cell(length=1):
    return {"type": "raw_text", "text": "x" * length}


def table(rows):
    return {"type": "table", "rows": rows}


def data_table(rows):
    return {"type": "data_table", "caption": "x", "rows": rows}


def chart(points=1, series=1, label=1, **axes):
    labels = [str(i).ljust(label, "x") for i in range(points)]
    data = [{"label": one, "value": 1} for one in labels]
    given = [{"name": str(i), "data": data} for i in range(series)]
    shape = {"type": "bar", "series": given, "axis_config": {"categories": labels, **axes}}
    return {"type": "data_visualization", "title": "x", "chart": shape}


def pie(segments=1, label=1):
    given = [{"label": str(i).ljust(label, "x"), "value": 1} for i in range(segments)]
    return {"type": "data_visualization", "title": "x", "chart": {"type": "pie", "segments": given}}


OF_BLOCKS = [
    (255, lambda n: {"type": "divider", "block_id": "x" * n}),
    (3000, lambda n: {"type": "section", "text": mrkdwn(n)}),
    (10, lambda n: {"type": "section", "fields": [plain()] * n}),
    (2000, lambda n: {"type": "section", "fields": [mrkdwn(n)]}),
    (150, lambda n: {"type": "header", "text": plain(n)}),
    (10, lambda n: {"type": "context", "elements": [mrkdwn()] * n}),
    (3000, lambda n: {"type": "context", "elements": [mrkdwn(n)]}),
    (3000, lambda n: {"type": "context", "elements": [plain(n)]}),
    (3000, lambda n: {"type": "context", "elements": [picture(image_url=address(n))]}),
    (2000, lambda n: {"type": "context", "elements": [picture(alt_text="x" * n)]}),
    (25, lambda n: {"type": "actions", "elements": [button()] * n}),
    (5, lambda n: {"type": "context_actions", "elements": feedback()["elements"] * n}),
    (2000, lambda n: {"type": "input", "label": plain(n), "element": {"type": "datepicker"}}),
    (2000, lambda n: {**asks("datepicker"), "hint": plain(n)}),
    (3000, lambda n: picture(image_url=address(n))),
    (2000, lambda n: picture(alt_text="x" * n)),
    (2000, lambda n: picture(title=plain(n))),
    (3000, lambda n: {"type": "image", "alt_text": "x", "slack_file": {"url": address(n)}}),
    (2000, lambda n: video(alt_text="x" * n)),
    (199, lambda n: video(title=plain(n))),
    (199, lambda n: video(description=plain(n))),
    (49, lambda n: video(author_name="x" * n)),
    (49, lambda n: video(provider_name="x" * n)),
    (3000, lambda n: video(video_url=address(n))),
    (3000, lambda n: video(thumbnail_url=address(n))),
    (2000, lambda n: video(title_url=address(n))),
    (2000, lambda n: video(provider_icon_url=address(n))),
    (12_000, lambda n: {"type": "markdown", "text": "x" * n}),
    (3000, lambda n: words({"type": "link", "url": address(n)})),
    (6, lambda n: words({"type": "emoji", "name": "wave", "skin_tone": n})),
    (9_999_999_999, lambda n: words({"type": "date", "timestamp": n, "format": "{date}"})),
    (3000, lambda n: words({"type": "date", "timestamp": 1, "format": "{date}", "url": address(n)})),
    (150, lambda n: card(title=plain(n))),
    (150, lambda n: card(subtitle=mrkdwn(n))),
    (200, lambda n: card(body=mrkdwn(n))),
    (200, lambda n: card(subtext=plain(n))),
    (3, lambda n: card(actions=[button()] * n)),
    (10, lambda n: {"type": "carousel", "elements": [card()] * n}),
    (150, lambda n: container(title=plain(n))),
    (150, lambda n: container(subtitle=mrkdwn(n))),
    (10, lambda n: container(child_blocks=[{"type": "divider"}] * n)),
    (100, lambda n: table([[cell()]] * n)),
    (20, lambda n: table([[cell()] * n])),
    (10_000, lambda n: table([[cell(n)]])),
    (20, lambda n: {**table([[cell()]]), "column_settings": [{}] * n}),
    (201, lambda n: data_table([[cell()]] * n)),
    (20, lambda n: data_table([[cell()] * n, [cell()] * n])),
    (20_000, lambda n: data_table([[cell()], [cell(n - 1)]])),
    (100, lambda n: {**data_table([[cell()]] * 2), "page_size": n}),
    (50, lambda n: {**pie(), "title": "x" * n}),
    (6, lambda n: pie(segments=n)),
    (20, lambda n: pie(label=n)),
    (6, lambda n: chart(series=n)),
    (50, lambda n: chart(x_label="x" * n)),
    (50, lambda n: chart(y_label="x" * n)),
]

OF_ELEMENTS = [
    (255, lambda n: actions(button(action_id="x" * n))),
    (75, lambda n: actions(button(text=plain(n)))),
    (3000, lambda n: actions(button(url=address(n)))),
    (2000, lambda n: actions(button(value="x" * n))),
    (75, lambda n: actions(button(accessibility_label="x" * n))),
    (4000, lambda n: actions(button(agent_prompt="x" * n))),
    (75, lambda n: actions(button(agent_prompt="x", agent_prompt_display="x" * n))),
    (10, lambda n: actions(button(visible_to_user_ids=["U1"] * n))),
    (100, lambda n: confirm(title=plain(n))),
    (300, lambda n: confirm(text=mrkdwn(n))),
    (30, lambda n: confirm(confirm=plain(n))),
    (30, lambda n: confirm(deny=plain(n))),
    (5, lambda n: actions({"type": "overflow", "options": options(n)})),
    (3000, lambda n: actions({"type": "overflow", "options": [option(url=address(n))]})),
    (75, lambda n: actions({"type": "overflow", "options": [option(text=plain(n))]})),
    (75, lambda n: icon(text=plain(n))),
    (2000, lambda n: icon(value="x" * n)),
    (75, lambda n: icon(accessibility_label="x" * n)),
    (10, lambda n: icon(visible_to_user_ids=["U1"] * n)),
    (75, lambda n: feedback(text=plain(n))),
    (2000, lambda n: feedback(value="x" * n)),
    (75, lambda n: feedback(accessibility_label="x" * n)),
    (100, lambda n: accessory("static_select", options=options(n))),
    (100, lambda n: accessory("static_select", option_groups=[{"label": plain(), "options": options(n)}])),
    (100, lambda n: accessory("static_select", option_groups=[{"label": plain(), "options": options(1)}] * n)),
    (75, lambda n: accessory("static_select", option_groups=[{"label": plain(n), "options": options(1)}])),
    (75, lambda n: accessory("static_select", options=[option(text=plain(n))])),
    (75, lambda n: accessory("static_select", options=[option(description=plain(n))])),
    (150, lambda n: accessory("static_select", options=[option("x" * n)])),
    (150, lambda n: accessory("users_select", placeholder=plain(n))),
    (100, lambda n: accessory("multi_external_select", initial_options=options(n))),
    (10, lambda n: accessory("checkboxes", options=options(n))),
    (75, lambda n: accessory("checkboxes", options=[option(text=mrkdwn(n))])),
    (10, lambda n: accessory("radio_buttons", options=options(n))),
    (75, lambda n: accessory("radio_buttons", options=[option(description=mrkdwn(n))])),
    (150, lambda n: accessory("datepicker", placeholder=plain(n))),
    (150, lambda n: accessory("timepicker", placeholder=plain(n))),
    (9_999_999_999, lambda n: asks("datetimepicker", initial_date_time=n)),
    (150, lambda n: asks("plain_text_input", placeholder=plain(n))),
    (3000, lambda n: asks("plain_text_input", initial_value="x" * n)),
    (3000, lambda n: asks("plain_text_input", min_length=n)),
    (3000, lambda n: asks("plain_text_input", max_length=n)),
    (2, lambda n: asks("plain_text_input", dispatch_action_config={"trigger_actions_on": ["on_enter_pressed"] * n})),
    (3000, lambda n: asks("url_text_input", initial_value=address(n))),
    (100, lambda n: asks("rich_text_input", max_lines=n)),
    (100, lambda n: asks("rich_text_input", min_lines=n)),
    (10, lambda n: asks("file_input", max_files=n)),
]

ONE_TOO_MUCH = {"too_long", "too_many", "out_of_range"}


@pytest.mark.parametrize(("most", "make"), OF_BLOCKS + OF_ELEMENTS)
def test_as_much_as_it_allows(most, make):
    assert check_blocks([make(most)], "message") == []

    codes = [one.code for one in check_blocks([make(most + 1)], "message")]
    assert codes
    assert set(codes) <= ONE_TOO_MUCH


@pytest.mark.parametrize("make", [lambda n: chart(points=n), lambda n: chart(label=n)], ids=["points", "labels"])
def test_twenty_points_with_labels_of_twenty(make):
    """One too many of either is told twice, in the series and on the axis."""
    assert check_blocks([make(20)], "message") == []
    found = check_blocks([make(21)], "message")

    assert {one.pointer.split("/")[4] for one in found} == {"series", "axis_config"}
    assert {one.code for one in found} <= ONE_TOO_MUCH


AT_LEAST = [
    (1, lambda n: words({"type": "emoji", "name": "wave", "skin_tone": n})),
    (0, lambda n: words({"type": "date", "timestamp": n, "format": "{date}"})),
    (0, lambda n: {"type": "rich_text", "elements": [{**bullets(), "indent": n}]}),
    (0, lambda n: {"type": "rich_text", "elements": [{**bullets(), "offset": n}]}),
    (0, lambda n: {"type": "rich_text", "elements": [{**bullets(), "border": n}]}),
    (0, lambda n: {**data_table([[cell()]] * 2), "row_header_column_index": n}),
    (1, lambda n: {**data_table([[cell()]] * 2), "page_size": n}),
    (0, lambda n: accessory("external_select", min_query_length=n)),
    (0, lambda n: accessory("multi_external_select", min_query_length=n)),
    (1, lambda n: accessory("multi_users_select", max_selected_items=n)),
    (1_000_000_000, lambda n: asks("datetimepicker", initial_date_time=n)),
    (0, lambda n: asks("plain_text_input", min_length=n)),
    (1, lambda n: asks("plain_text_input", max_length=n)),
    (1, lambda n: asks("rich_text_input", min_lines=n)),
    (1, lambda n: asks("rich_text_input", max_lines=n)),
    (1, lambda n: asks("file_input", max_files=n)),
]


def bullets():
    return {"type": "rich_text_list", "style": "bullet", "elements": words({"type": "text", "text": "x"})["elements"]}


@pytest.mark.parametrize(("least", "make"), AT_LEAST)
def test_as_little_as_it_allows(least, make):
    assert check_blocks([make(least)], "message") == []
    assert [one.code for one in check_blocks([make(least - 1)], "message")] == ["out_of_range"]
