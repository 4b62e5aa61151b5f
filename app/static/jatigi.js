/* Jatigi: what a little script makes quicker. Every page works without it. */
(function () {
	"use strict";
	var doc = document;
	function all(selector, root) { return Array.prototype.slice.call((root || doc).querySelectorAll(selector)); }
	function make(tag, name) { var el = doc.createElement(tag); el.className = name || ""; return el; }
	function button(text, act) {
		var el = make("button", "btn btn-sm");
		el.type = "button"; el.textContent = text; el.addEventListener("click", act);
		return el;
	}
	function typing(el) { return /^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName) || el.isContentEditable; }

	/* What needs correcting takes the focus. */
	var first = doc.querySelector("[data-focus]");
	if (first) { first.focus(); }

	/* Drafts: saved two seconds after the last stroke and when the page is left; one line says so. */
	all("form[data-draft]").forEach(function (form) {
		var line = form.querySelector("[data-draft-line]"), timer, busy = false, dirty = false;
		function say(text, failed) {
			if (!line) { return; }
			line.classList.toggle("failed", failed);
			line.textContent = text;
			if (!failed) { return; }
			line.append(" ", button(form.dataset.retry, save));
		}
		function body() {
			var data = new FormData(form);
			all("input[type=file]", form).forEach(function (input) { data.delete(input.name); });
			return new URLSearchParams(data);
		}
		function save() {
			if (busy) { return; }
			busy = true; dirty = false;
			fetch(form.dataset.draft, { method: "POST", body: body(), headers: { Accept: "application/json" }, redirect: "manual" })
				.then(function (answer) { if (!answer.ok) { throw answer; } return answer.json(); })
				.then(function (said) { say(said.text, false); }, function () { dirty = true; say(form.dataset.failed, true); })
				.then(function () { busy = false; });
		}
		form.addEventListener("input", function (event) {
			if (event.target.type === "file") { return; }
			dirty = true; clearTimeout(timer); timer = setTimeout(save, 2000);
		});
		form.addEventListener("submit", function () { dirty = false; clearTimeout(timer); });
		addEventListener("pagehide", function () { if (dirty && navigator.sendBeacon) { navigator.sendBeacon(form.dataset.draft, body()); } });
	});

	/* Files go up one by one as they are chosen; a failed one is tried again alone and never loses the form. A form that is sent
	   meanwhile waits for them, and stays when one fails. */
	all("form[data-upload]").forEach(function (form) {
		var going = 0, pressed = null, words = new Map();
		function hold(button) {
			pressed = button;
			all("button[name=" + button.name + "]:not(.visually-hidden)", form).forEach(function (one) {
				if (!words.has(one)) { words.set(one, one.textContent); }
				one.textContent = form.dataset.sending; one.setAttribute("aria-disabled", "true");
			});
		}
		function free() {
			words.forEach(function (text, one) { one.textContent = text; one.removeAttribute("aria-disabled"); });
			words.clear(); pressed = null;
		}
		function arrived(well) {
			var button = pressed;
			going -= 1;
			if (!button || (well && going)) { return; }
			free();
			if (well) { form.requestSubmit(button); } else { form.dispatchEvent(new Event("input")); }
		}
		form.addEventListener("submit", function (event) {
			if (!going || !event.submitter) { return; }
			event.preventDefault();
			if (!pressed) { hold(event.submitter); }
		});
		form.addEventListener("change", function (event) {
			var input = event.target, path = (input.name || "").replace(/\.fichier$/, "");
			if (input.type !== "file" || path === input.name) { return; }
			Array.prototype.slice.call(input.files).forEach(function (file) { up(input, path, file); });
			input.value = "";
		});
		function up(input, path, file) {
			var row = make("p", "row-of"), bar = make("progress"), note = make("span", "meta");
			row.setAttribute("role", "status"); bar.max = 1; row.append(file.name, bar, note);
			input.closest(".dropzone").before(row);
			function send() {
				var request = new XMLHttpRequest(), data = new FormData();
				data.append("csrf_token", form.elements.csrf_token.value); data.append("champ", path); data.append("fichier", file);
				request.open("POST", form.dataset.upload); request.setRequestHeader("Accept", "application/json"); request.responseType = "json";
				request.upload.onprogress = function (step) { bar.value = step.loaded / step.total; };
				request.onloadend = function () {
					var said = request.response || {};
					if (request.status !== 200) {
						note.textContent = said.detail || form.dataset.failed; note.append(" ", button(form.dataset.retry, send));
						arrived(false);
						return;
					}
					if (!input.multiple) { all('input[type=hidden][name="' + path + '"]', form).forEach(function (old) { old.remove(); }); }
					var kept = make("input");
					kept.type = "hidden"; kept.name = path; kept.value = said.code;
					bar.remove(); note.textContent = said.text; row.append(kept);
					form.dispatchEvent(new Event("input"));
					arrived(true);
				};
				note.textContent = ""; going += 1; request.send(data);
			}
			send();
		}
	});

	/* Choose the whole page of a list. */
	all("input[data-all]").forEach(function (box) {
		box.addEventListener("change", function () {
			all("tbody input[type=checkbox]", box.closest("table")).forEach(function (other) { other.checked = box.checked; });
		});
	});

	/* Menus close on Escape and on a click elsewhere. */
	doc.addEventListener("click", function (event) {
		all("details.menu[open]").forEach(function (menu) { if (!menu.contains(event.target)) { menu.open = false; } });
	});

	/* Keys, always optional, never while typing: j k t f n / ? */
	function step(by) {
		var links = all(".task-row .task-title");
		if (!links.length) { return; }
		var at = links.indexOf(doc.activeElement);
		links[at < 0 ? 0 : Math.max(0, Math.min(links.length - 1, at + by))].focus();
	}
	function go(selector) {
		var el = doc.querySelector(selector);
		if (!el) { return; }
		if (el.tagName === "DETAILS") { el.open = true; el = el.querySelector("select, input, a") || el; }
		if (el.tagName === "A" || el.tagName === "BUTTON") { el.click(); } else { el.focus(); }
	}
	doc.addEventListener("keydown", function (event) {
		if (event.key === "Escape") {
			all("details.menu[open]").forEach(function (menu) { menu.open = false; menu.querySelector("summary").focus(); });
			return;
		}
		if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) { return; }
		var acts = {
			j: function () { step(1); }, k: function () { step(-1); },
			t: function () {
				var row = doc.activeElement.closest && doc.activeElement.closest(".task-row");
				if (row) { row.querySelector("input").checked = true; go(".bulk-bar [value=take]"); } else { go("[data-key=t]"); }
			},
			f: function () { go("[data-key=f]"); }, n: function () { go("[data-key=n]"); },
			"/": function () { go(".topsearch input"); }, "?": function () { go("[data-key=help]"); }
		};
		if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
	});
})();
