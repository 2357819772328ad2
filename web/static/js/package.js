// What else lies in a whole delivery: files by kind, images with their hashes, and what is told of it as a whole.
import { byId, el, said, t } from "./common.js";

const megabytes = (bytes) => (bytes / 1048576).toFixed(1);

export function contents(upload) {
  const told = upload.notes || [];
  const whole = upload.package;
  byId("package").hidden = !whole && !told.length;
  byId("package-notes").replaceChildren(...told.map((one) => el("li", {}, said(one))));
  byId("package-files").textContent = whole ? t("upload.package_files", { n: whole.files, mb: megabytes(whole.size_bytes) }) : "";
  byId("package-images").hidden = !whole?.rasters_total;
  if (!whole?.rasters_total) return;
  byId("package-images-count").textContent = t("upload.package_images", { n: whole.rasters_total });
  byId("package-images-list").replaceChildren(el("table", {}, el("tbody", {}, whole.rasters.map((one) => el("tr", {},
    el("td", {}, one.path), el("td", { class: "figure" }, `${megabytes(one.size_bytes)} MB`), el("td", { class: "code" }, one.sha256))))));
}
