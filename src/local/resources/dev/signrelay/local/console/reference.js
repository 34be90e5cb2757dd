// What Swagger UI's elements lack for screen readers and keyboards. Its rendering does not remove attributes.
const ATTRIBUTES = {
  ".examples-select-element": { "aria-label": "Example" },
  ".body-param__text": { "aria-label": "Request body" },
  ".close-modal": { "aria-label": "Close" },
  ".info .title": { "aria-level": 2 },
  ".information-container": { role: "region", "aria-label": "About" },
  ".scheme-container": { role: "region", "aria-label": "Keys" },
  ".callbacks-container h2": { "aria-level": 4 },
  ".tab-item": { role: "button", tabindex: 0 },
  ".responses-table": { role: "table" },
};
const root = document.getElementById("reference");

new MutationObserver(() => {
  for (const [selector, attributes] of Object.entries(ATTRIBUTES)) {
    for (const element of root.querySelectorAll(selector)) {
      for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    }
  }
}).observe(root, { childList: true, subtree: true });

root.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches(".tab-item")) event.target.click();
});

SwaggerUIBundle({
  url: "/api/docs/openapi.json",
  domNode: root,
  // Links inside the buttons that expand an operation would be controls in a control.
  deepLinking: false,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  // Its colours are inline and have too little contrast.
  syntaxHighlight: false,
  tryItOutEnabled: true,
  validatorUrl: null,
});
