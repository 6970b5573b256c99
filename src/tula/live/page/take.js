// What a reader takes along: copies and downloads.

async function copy(text, button) {
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = make("textarea", { class: "offstage", readonly: true }, text);
    document.body.append(area);
    area.select();
    done = document.execCommand("copy");
    area.remove();
  }
  $("copied").textContent = done
    ? `${button.dataset.name} copied.`
    : "The browser does not let this page copy: select the text instead.";
}

/** A field of a table: quoted, and never a formula where a spreadsheet opens it. */
const field = (value) =>
  typeof value === "number"
    ? Number.isFinite(value)
      ? String(value)
      : ""
    : `"${(/^[=+\-@\t\r]/.test(value) ? "'" : "") + value.replaceAll('"', '""')}"`;

const save = (name, rows) =>
  saveText(
    name,
    `\ufeff${rows.map((row) => row.map(field).join(",")).join("\r\n")}\r\n`,
    "text/csv",
  );

function saveText(name, text, type) {
  const link = make("a", {
    href: URL.createObjectURL(new Blob([text], { type })),
    download: name,
  });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
