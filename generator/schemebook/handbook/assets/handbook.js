/* What the pages do beside being read: the search button, the menu's Escape, tips on words of the glossary. */
(() => {
  "use strict";

  /* Material listens to single letters on the whole page ("n" leaves it). Such keys must be off unless they
     can be turned off (WCAG 2.2, 2.1.4), and they take answers with them on a form. */
  const letters = new Set(["f", "s", "/", "n", ".", "p", ","]);
  window.addEventListener("keydown", (event) => {
    if (letters.has(event.key) && !event.ctrlKey && !event.metaKey && !event.altKey) event.stopImmediatePropagation();
  }, true);

  const search = document.querySelector("[data-md-toggle=search]");
  const menu = document.querySelector("[data-sb-menu]");

  for (const button of document.querySelectorAll("[data-sb-search]")) {
    button.hidden = false;
    button.addEventListener("click", () => {
      if (menu) menu.open = false;
      if (!search.checked) search.click();
      document.querySelector("[data-md-component=search-query]").focus();
    });
  }

  if (menu) {
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && menu.open) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    });
    document.addEventListener("click", (event) => {
      if (menu.open && !menu.contains(event.target)) menu.open = false;
    });
  }

  /* A table that is wider than the page scrolls in a box of Material's, which the keyboard has to reach. */
  const reachBoxes = () => {
    for (const box of document.querySelectorAll(".md-typeset__scrollwrap")) {
      if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
      else box.removeAttribute("tabindex");
    }
  };
  window.addEventListener("load", () => setTimeout(reachBoxes));
  window.addEventListener("resize", reachBoxes);

  /* A word of the glossary is a link to its entry. With script it shows the entry in place: on focus, tap and
     hover; the tip stays while the pointer is on it and closes with Escape (WCAG 2.2, 1.4.13). */
  let tip = null;
  let owner = null;

  const close = () => {
    if (!tip) return;
    tip.remove();
    owner.removeAttribute("aria-describedby");
    tip = owner = null;
  };

  const open = (term) => {
    if (owner === term) return;
    close();
    owner = term;
    tip = document.createElement("div");
    tip.className = "sb-tip";
    tip.id = "sb-tip";
    const word = document.createElement("b");
    word.textContent = term.dataset.word;
    const entry = document.createElement("span");
    entry.textContent = term.dataset.tip;
    const more = document.createElement("a");
    more.href = term.href;
    more.textContent = term.dataset.more;
    tip.append(word, entry, document.createElement("br"), more);
    term.after(tip);
    term.setAttribute("aria-describedby", "sb-tip");
    place(term);
  };

  const place = (term) => {
    const frame = tip.offsetParent || document.body;
    const base = frame.getBoundingClientRect();
    const at = term.getClientRects()[0];
    const edge = document.documentElement.clientWidth - tip.offsetWidth - 16;
    tip.style.left = `${Math.max(16, Math.min(at.left, edge)) - base.left}px`;
    tip.style.top = `${at.bottom - base.top + 6}px`;
  };

  for (const term of document.querySelectorAll("a.sb-term[data-tip]")) {
    term.addEventListener("focus", () => open(term));
    term.addEventListener("pointerenter", (event) => { if (event.pointerType === "mouse") open(term); });
    term.addEventListener("click", (event) => {
      event.preventDefault();
      open(term);
    });
  }

  document.addEventListener("pointerover", (event) => {
    if (!tip || tip.contains(event.target) || owner.contains(event.target)) return;
    const shown = tip;
    setTimeout(() => { if (tip === shown && !tip.matches(":hover") && !owner.matches(":hover, :focus")) close(); }, 300);
  });
  document.addEventListener("focusin", (event) => {
    if (tip && !tip.contains(event.target) && event.target !== owner) close();
  });
  document.addEventListener("pointerdown", (event) => {
    if (tip && !tip.contains(event.target) && !owner.contains(event.target)) close();
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
})();
