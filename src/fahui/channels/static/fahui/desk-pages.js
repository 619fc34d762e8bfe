/* Comforts of the desk: one key for one action, and questions that appear when they apply. Pages work without. */
(function () {
  "use strict";
  function typing(target) { return /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable; }

  /* A single key presses the button that shows it. */
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) { return; }
    if (!/^[a-z0-9]$/.test(event.key)) { return; }
    var target = document.querySelector('[data-key="' + event.key + '"]');
    if (target) { event.preventDefault(); target.click(); }
  });

  /* data-show-if='{"field": ["value"]}': shown only when every named field holds one of its values. */
  function values(form, name) {
    return Array.prototype.slice.call(form.querySelectorAll('[name="' + name + '"]')).filter(function (input) {
      return !/^(radio|checkbox)$/.test(input.type) || input.checked;
    }).map(function (input) { return input.value; });
  }
  function refresh(form) {
    Array.prototype.forEach.call(form.querySelectorAll("[data-show-if]"), function (box) {
      var wanted = JSON.parse(box.getAttribute("data-show-if")), prefix = box.getAttribute("data-prefix") || "";
      var shown = Object.keys(wanted).every(function (name) {
        var given = values(form, prefix + name);
        return wanted[name].map(String).some(function (value) { return given.indexOf(value) >= 0; });
      });
      box.hidden = !shown;
    });
    Array.prototype.forEach.call(form.querySelectorAll("fieldset.fieldset"), function (group) {
      group.hidden = !group.querySelector(".question:not([hidden])");
    });
  }
  Array.prototype.forEach.call(document.querySelectorAll("form"), function (form) {
    if (!form.querySelector("[data-show-if]")) { return; }
    refresh(form);
    form.addEventListener("change", function () { refresh(form); });
  });

  /* "Choose all" above a list with checkboxes. */
  document.addEventListener("change", function (event) {
    var master = event.target;
    if (!master.hasAttribute || !master.hasAttribute("data-pick-all")) { return; }
    Array.prototype.forEach.call(master.form.querySelectorAll('input[name="case"]'), function (box) { box.checked = master.checked; });
  });
})();
