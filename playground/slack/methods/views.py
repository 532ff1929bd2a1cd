"""views.open, views.push, views.update, views.publish."""

from playground.slack.blocks import view_body
from playground.slack.errors import SlackError, invalid_arguments
from playground.slack.methods.table import Answer, Call, method


def _modal(call: Call) -> Answer:
    body = view_body(call.args.parsed("view"))
    if body["type"] != "modal":
        raise invalid_arguments("must be a modal [json-pointer:/view/type]")
    return body


@method("views.open", tier=4)
def views_open(call: Call) -> Answer:
    """A modal in front of the person whose trigger id it is."""
    body = _modal(call)
    trigger = call.backend.triggers.exchange(call.args.required("trigger_id"))
    return {"view": call.backend.views.open(trigger.user, body).as_api()}


@method("views.push", tier=4)
def views_push(call: Call) -> Answer:
    """A modal on top of the one that the trigger id comes from."""
    body = _modal(call)
    trigger = call.backend.triggers.exchange(call.args.required("trigger_id"))
    return {"view": call.backend.views.push(trigger.user, body).as_api()}


@method("views.update", tier=4)
def views_update(call: Call) -> Answer:
    """Another content for an open modal, by view_id or external_id; with `hash` only if nothing changed since."""
    args, views = call.args, call.backend.views
    body = _modal(call)
    view = views.find(args.text("view_id")) if args.has("view_id") else views.by_external_id(args.text("external_id"))
    if view is None or view.is_home:
        raise SlackError("not_found")
    return {"view": views.update(view, body, args.text("hash")).as_api()}


@method("views.publish", tier=4)
def views_publish(call: Call) -> Answer:
    """A person's App Home."""
    args = call.args
    body = view_body(args.parsed("view"))
    if body["type"] != "home":
        raise invalid_arguments("must be a home [json-pointer:/view/type]")
    if not call.backend.app.home_tab:
        raise SlackError("not_enabled")
    user = args.required("user_id")
    if user not in call.backend.state.users:
        raise invalid_arguments("user not found [json-pointer:/user_id]")
    return {"view": call.backend.views.publish(user, body, args.text("hash")).as_api()}
