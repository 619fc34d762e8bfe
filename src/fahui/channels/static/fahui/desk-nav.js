/* The desk's column, folded before the page is first seen: what is under it would move, and with it what has the focus. */
(function () {
  "use strict";
  var fold = document.querySelector(".desk-nav > details");
  var key = "fahui:desk-nav";

  function storage(value) {
    try {
      if (value === undefined) { return localStorage.getItem(key); }
      localStorage.setItem(key, value);
    } catch (blocked) { /* private mode: nothing to remember */ }
    return null;
  }

  /* As it was left, and closed to begin with on a phone. */
  var narrow = window.matchMedia("(max-width: 59.99em)").matches;
  fold.open = narrow ? false : storage() !== "closed";
  fold.addEventListener("toggle", function () { if (!narrow) { storage(fold.open ? "open" : "closed"); } });

  /* A list longer than the screen has a scroll of its own: where we are stays in sight. */
  var here = fold.open && fold.querySelector("[aria-current]");
  if (here && fold.scrollHeight > fold.clientHeight) { fold.scrollTop = here.offsetTop - fold.clientHeight / 2; }
})();
