/* Choosing an institution, person, site or place while typing: the field offers what the register may hold. Without scripts a code,
   a name or "name（code）" is typed, and the server says what it did not find. Lists of people get a box that adds a line. */
(function () {
  "use strict";
  function offering(input, address, field) {
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
        fetch(address + "?field=" + encodeURIComponent(field) + "&q=" + encodeURIComponent(text), { headers: { Accept: "application/json" } })
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

  function adding(area, address, field, label) {
    var box = document.createElement("input");
    box.className = "input add-person";
    box.type = "text";
    box.id = area.id + "-add";
    box.setAttribute("aria-label", label);
    box.setAttribute("placeholder", label);
    area.parentNode.appendChild(box);
    offering(box, address, field);
    function take() {
      if (!/（[^（）]+）$/.test(box.value.trim())) { return; }
      area.value = (area.value.trim() ? area.value.replace(/\s+$/, "") + "\n" : "") + box.value.trim();
      area.dispatchEvent(new Event("input", { bubbles: true }));
      box.value = "";
    }
    box.addEventListener("input", take);
    box.addEventListener("keydown", function (event) { if (event.key === "Enter") { event.preventDefault(); take(); } });
  }

  Array.prototype.forEach.call(document.querySelectorAll("form[data-lookup]"), function (form) {
    var address = form.getAttribute("data-lookup"), names = form.getAttribute("data-lookup-fields").split(" ");
    names.forEach(function (name) {
      var control = form.elements[name];
      if (!control || !control.tagName) { return; }
      if (control.tagName === "TEXTAREA") {
        adding(control, address, name, form.getAttribute("data-lookup-add"));
      } else if (control.type === "text") {
        offering(control, address, name);
      }
    });
  });
})();
