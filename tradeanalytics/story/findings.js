// Sorts and filters the table of findings. Without it the page shows every row, in its order.
const table = document.getElementById("findings");
const rows = [...table.tBodies[0].rows];
const shown = document.getElementById("shown");
const fields = ["words", "detector", "status"].map((name) => document.getElementById(name));

function filter() {
  const [words, detector, status] = fields.map((field) => field.value.trim().toLowerCase());
  let count = 0;
  for (const row of rows) {
    const fits =
      (!words || row.textContent.toLowerCase().includes(words)) &&
      (!detector || row.dataset.detector.toLowerCase() === detector) &&
      (!status || row.dataset.status === status);
    row.hidden = !fits;
    count += fits;
  }
  shown.textContent = count.toLocaleString("en") + " of " + rows.length.toLocaleString("en") + " rows shown";
}

function sort(heading) {
  const up = heading.getAttribute("aria-sort") !== "ascending";
  const at = heading.cellIndex;
  const key = (row) => row.cells[at].dataset.value ?? row.cells[at].textContent.trim();
  const numbers = heading.dataset.kind === "number";
  const compare = (one, other) => {
    const [left, right] = [key(one), key(other)];
    if (left === "" || right === "") return (left === "") - (right === ""); // unknown is last, whichever way
    const order = numbers ? Number(left) - Number(right) : left.localeCompare(right, "en");
    return up ? order : -order;
  };
  for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", up ? "ascending" : "descending");
  table.tBodies[0].append(...rows.sort(compare));
}

for (const field of fields) field.addEventListener("input", filter);
for (const heading of table.tHead.rows[0].cells) {
  heading.querySelector("button").addEventListener("click", () => sort(heading));
}
document.getElementById("controls").hidden = false;
filter();
