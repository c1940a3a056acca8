// What can be done with recovery codes besides saving them as a file, which needs no script.

const codes = [...document.querySelectorAll("[data-codes] code")].map((code) => code.textContent);
const told = document.querySelector("[data-told]");
const deeds = {
  async copy() {
    try {
      await navigator.clipboard.writeText(codes.join("\n"));
      told.textContent = told.dataset.copied;
    } catch {
      told.textContent = told.dataset.refused;
    }
  },
  print: () => window.print(),
};

for (const button of document.querySelectorAll("[data-do]")) {
  const isAble = button.dataset.do !== "copy" || navigator.clipboard !== undefined; // over plain http there is none
  button.hidden = !isAble;
  button.addEventListener("click", deeds[button.dataset.do]);
}
