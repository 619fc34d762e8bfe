/* Comforts of the desk: one key for one action, questions that appear when they apply, choosing while typing. Pages work without. */
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

  /* data-offers="/address?what=…": the field offers what may be meant while people type. Without scripts a code, a name or "name（code）" is
     typed, and the server says what it did not find. Lists of people get a box that adds a line. */
  function offering(input, address) {
    var list = document.createElement("datalist"), waiting = 0, asked = "";
    list.id = input.id + "-offers";
    input.setAttribute("list", list.id);
    input.setAttribute("autocomplete", "off");
    input.parentNode.appendChild(list);
    input.addEventListener("input", function () {
      var text = input.value.trim();
      clearTimeout(waiting);
      if (!text || text === asked || /（[^（）]+）$/.test(text)) { return; }
      waiting = setTimeout(function () {
        asked = text;
        fetch(address + "&q=" + encodeURIComponent(text), { headers: { Accept: "application/json" } })
          .then(function (answer) { return answer.ok ? answer.json() : { items: [] }; })
          .then(function (found) {
            if (asked !== text) { return; }
            list.textContent = "";
            found.items.forEach(function (one) {
              var option = document.createElement("option");
              option.value = one.value;
              if (one.where) { option.label = one.value + " · " + one.where; }
              list.appendChild(option);
            });
          })
          .catch(function () { asked = ""; });
      }, 200);
    });
  }

  function adding(area, address, label) {
    var box = document.createElement("input");
    box.className = "input add-person";
    box.type = "text";
    box.id = area.id + "-add";
    box.setAttribute("aria-label", label);
    box.setAttribute("placeholder", label);
    area.parentNode.appendChild(box);
    offering(box, address);
    function take() {
      if (!/（[^（）]+）$/.test(box.value.trim())) { return; }
      area.value = (area.value.trim() ? area.value.replace(/\s+$/, "") + "\n" : "") + box.value.trim();
      area.dispatchEvent(new Event("input", { bubbles: true }));
      box.value = "";
    }
    box.addEventListener("input", take);
    box.addEventListener("keydown", function (event) { if (event.key === "Enter") { event.preventDefault(); take(); } });
  }

  Array.prototype.forEach.call(document.querySelectorAll("[data-offers]"), function (control) {
    var address = control.getAttribute("data-offers");
    if (control.tagName === "TEXTAREA") {
      adding(control, address, control.getAttribute("data-offers-add"));
    } else if (control.type === "text") {
      offering(control, address);
    }
  });
})();
