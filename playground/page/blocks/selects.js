// Select menus, one or many: a button with what is chosen, and a searchable list in a popup.

import { h, uid } from "../dom.js";
import { icon } from "../icons.js";
import { openPopup } from "../popup.js";
import { myChannels, state } from "../store.js";
import { press } from "./press.js";
import { bare, words } from "./words.js";

const people = () => [...state.users.values()].filter((user) => !user.is_bot)
  .map((user) => ({ value: user.id, text: user.real_name || user.name, note: user.role || null }));
const channels = () => myChannels().filter((channel) => !channel.is_im).map((channel) => ({ value: channel.id,
    text: `#${channel.name}` }));

const optionOf = (option) => ({ value: option.value, text: bare(option.text), node: () => words(option.text),
    note: option.description ? bare(option.description) : null });

function optionsOf(item) {
  if (/users_select$/.test(item.type)) return people();
  if (/channels_select$/.test(item.type)) return channels();
  if (/conversations_select$/.test(item.type)) return [...channels(),
    ...people().map((one) => ({ ...one, text: `@${one.text}` }))];
  if (item.option_groups) return item.option_groups.flatMap((group) => group.options.map((option,
      at) => ({ ...optionOf(option), group: at === 0 ? bare(group.label) : null })));
  return (item.options || []).map(optionOf);
}

function initial(item, many) {
  const kind = item.type.replace(/^multi_/, "").replace(/_select$/, "").replace(/s$/, "");
  if (many) return (item.initial_options || []).map((option) => option.value).concat(item[`initial_${kind}s`] || []);
  return item.initial_option?.value ?? item[`initial_${kind}`] ?? null;
}

function select(item, blockId, ctx, marks) {
  const many = item.type.startsWith("multi_");
  const limit = many ? item.max_selected_items || Infinity : 1;
  const options = optionsOf(item);
  let chosen = [ctx.values.start(blockId, item, initial(item, many)) ?? []].flat();
  const shown = h("span", { class: "select-shown" });
  const node = h("button", { class: "field-input select", type: "button", "aria-haspopup": "listbox", id: ctx.inputId,
      ...marks }, shown, icon("down"));

  const draw = () => {
    const picked = options.filter((option) => chosen.includes(option.value));
    const label = picked.length ? picked.map((option) => option.text).join(", ") : bare(item.placeholder) || "Choose";
    shown.replaceChildren(many && picked.length ? h("span", { class: "chips" },
        picked.map((option) => h("span", { class: "chip" }, option.text))) : label);
    shown.classList.toggle("placeholder", !picked.length);
    node.setAttribute("aria-label",
      `${ctx.label || bare(item.placeholder) || "Choose"}: ${picked.length ? label : "nothing chosen"}`);
  };
  const take = async (value) => {
    if (many) chosen = chosen.includes(value) ? chosen.filter((each) => each !== value) : [...chosen, value].slice(0, limit);
    else chosen = [value];
    ctx.values.set(blockId, item, many ? chosen : chosen[0]);
    draw();
    if (!many) await settle();
  };
  const settle = async () => {
    if (ctx.acts !== false) await press(node, item, blockId, ctx, { selected: many ? chosen : chosen[0] });
  };
  node.addEventListener("click", () => {
    const before = JSON.stringify(chosen);
    openList(node, options, { many, isChosen: (value) => chosen.includes(value), take,
      onClose: () => { if (many && JSON.stringify(chosen) !== before) settle(); } });
  });
  draw();
  return node;
}

/** The list itself: typing narrows it, arrows move, Enter takes, Esc leaves. */
function openList(anchor, options, { many, isChosen, take, onClose }) {
  const listId = uid("list");
  const list = h("ul", {
    class: "options", role: "listbox", id: listId, "aria-multiselectable": many ? "true" : null,
    on: { mousedown: (event) => event.preventDefault() }, // the focus stays in the search box
  });
  const search = h("input", { class: "option-search", type: "text", role: "combobox", "aria-expanded": "true",
      "aria-controls": listId, "aria-label": "Search the options", autocomplete: "off", placeholder: "Search" });
  let active = Math.max(0, options.findIndex((option) => isChosen(option.value)));
  const found = () => options.filter((option) => option.text.toLowerCase().includes(search.value.trim().toLowerCase()));
  const popup = openPopup(anchor, h("div", { class: "select-popup" }, search, list), { onClose, focus: search });

  const draw = () => {
    const items = found();
    active = Math.min(active, Math.max(0, items.length - 1));
    list.replaceChildren(...items.flatMap((option, at) => [
      option.group && !search.value ? h("li", { class: "option-group", role: "presentation" }, option.group) : null,
      h("li", { class: `option${at === active ? " active" : ""}`, role: "option", id: `${listId}-${at}`,
          "aria-selected": String(isChosen(option.value)), "data-value": option.value,
        on: { click: () => choose(option), mousemove: () => { if (active !== at) { active = at; draw(); } } } },
        h("span", { class: "option-check" }, isChosen(option.value) ? icon("check") : null),
        h("span", {}, option.node ? option.node() : option.text, option.note && h("span", { class: "option-note" },
            option.note))),
    ]).filter(Boolean));
    if (!items.length) list.append(h("li", { class: "option-none" }, "Nothing matches"));
    search.setAttribute("aria-activedescendant", items.length ? `${listId}-${active}` : "");
    list.querySelector(".active")?.scrollIntoView({ block: "nearest" });
  };
  const choose = async (option) => {
    const done = take(option.value);
    if (many) draw();
    else popup.close();
    await done;
  };
  search.addEventListener("input", () => { active = 0; draw(); });
  search.addEventListener("keydown", (event) => {
    const items = found();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && items.length) active = (active + step + items.length) % items.length;
    else if (event.key === "Enter" && items[active]) choose(items[active]);
    else return;
    event.preventDefault();
    draw();
  });
  draw();
}

const KINDS = ["static", "users", "conversations", "channels", "external"];
export const selects = Object.fromEntries(KINDS.flatMap((kind) => [`${kind}_select`,
    `multi_${kind}_select`]).map((type) => [type, select]));
