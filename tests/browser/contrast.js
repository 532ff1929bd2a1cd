// Walks all visible text, composes the backgrounds beneath it, and gives what is below WCAG AA as drawn: 4.5, large text 3.
() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgba = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  };
  const over = (top, under) => top.slice(0, 3).map((part, at) => part * top[3] + under[at] * (1 - top[3]));
  const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const light = ([red, green, blue]) => 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  const ratio = (one, other) => {
    const [dark, bright] = [light(one), light(other)].sort((first, second) => first - second);
    return (bright + 0.05) / (dark + 0.05);
  };
  const behind = (node) => {
    const layers = [];
    for (let each = node; each; each = each.parentElement) layers.unshift(rgba(getComputedStyle(each).backgroundColor));
    return layers.reduce((under, top) => over(top, under), [255, 255, 255]);
  };
  const left = ".unseen, .emoji, [hidden], .skip, noscript, :disabled, title, desc, dialog:not([open])";
  const poor = new Set();
  let seen = 0;
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    const words = walker.currentNode.textContent.trim();
    if (!words || node.closest(left) || !node.checkVisibility({ visibilityProperty: true })) continue;
    const style = getComputedStyle(node);
    const paper = behind(node);
    const ink = over(rgba(node.closest("svg") ? style.fill : style.color), paper);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    seen += 1;
    const found = ratio(ink, paper);
    if (found < (large ? 3 : 4.5) - 0.005) {
      poor.add(`${found.toFixed(2)} ${node.className.baseVal ?? node.className}: ${words.slice(0, 40)}`);
    }
  }
  return { seen, poor: [...poor] };
}

