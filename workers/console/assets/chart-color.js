// @ts-check

// A custom property is read as written, `light-dark(...)`. Only an element that uses it has a colour that a canvas accepts.
const probe = document.createElement("span");
probe.hidden = true;
document.body.append(probe);

/** A colour of the page's style, for a canvas. @param {string} name @param {number} [alpha] */
export function color(name, alpha = 1) {
  probe.style.color = `var(${name})`;
  return getComputedStyle(probe).color.replace(/^rgb\((.*)\)$/, `rgba($1, ${alpha})`);
}
