// What the pages by hand share: a choice is kept for a year in a cookie, what it grants starts, and the banner goes.
"use strict";
const chosen = () => document.cookie.split("; ").find((one) => one.startsWith("choice="))?.slice(7);
const start = () => {
  const script = document.createElement("script");
  script.src = "/analytics.js";
  document.head.append(script);
};
const choose = (value, banner = document.querySelector("#banner")) => {
  document.cookie = `choice=${value}; Path=/; Max-Age=31536000; SameSite=Lax`;
  banner?.remove();
  if (value === "all") start();
};
addEventListener("DOMContentLoaded", () => {
  const banner = document.querySelector("#banner");
  if (chosen()) banner?.remove();
  if (chosen() === "all") start();
  for (const button of document.querySelectorAll("[data-choose]")) {
    button.addEventListener("click", (event) => {
      event.preventDefault();
      choose(button.dataset.choose);
    });
  }
});
