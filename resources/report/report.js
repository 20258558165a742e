"use strict";
// Filters the findings by severity, words and state. Everything is there without it.
(() => {
  const form = document.getElementById("filter");
  if (!form) return;
  const severity = document.getElementById("filter-severity"), words = document.getElementById("filter-words");
  const open = document.getElementById("filter-open"), count = document.getElementById("filter-count");
  const findings = Array.from(document.querySelectorAll("article.finding"));
  let texts = null;  // made when first asked for: reading every finding costs time
  const apply = () => {
    const wanted = words.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (wanted.length && !texts) texts = findings.map(f => f.textContent.toLowerCase());
    let shown = 0;
    findings.forEach((f, i) => {
      const fits = (!severity.value || f.dataset.severity === severity.value) && !(open.checked && f.classList.contains("dismissed")) && wanted.every(w => texts[i].includes(w));
      f.hidden = !fits;
      shown += fits;
    });
    count.textContent = count.dataset.text.replace("{shown}", shown).replace("{all}", findings.length);
  };
  form.addEventListener("input", apply);
  form.addEventListener("submit", e => e.preventDefault());
  // A link to a finding that is filtered away shows it.
  addEventListener("hashchange", () => { const f = document.getElementById(location.hash.slice(1)); if (f) f.hidden = false; });
  form.hidden = findings.length < 2;
})();
