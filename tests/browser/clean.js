// What an injection would leave behind: scripts run, handlers, links that run something, elements that load something.
() => {
  const all = [...document.querySelectorAll("*")];
  const loads = ["img", "iframe", "object", "embed", "base", "style", "[srcdoc]"].map((each) => `#main ${each}`).join(", ");
  return {
    hacked: window.hacked ?? null,
    scripts: document.querySelectorAll("script").length,
    handlers: all.flatMap((node) => [...node.attributes]).filter((each) => each.name.startsWith("on")).length,
    links: all.filter((node) => node.matches("a[href]") && !/^(https?:|mailto:|#|\/)/.test(node.getAttribute("href"))).length,
    made: document.querySelectorAll(loads).length,
  };
}
