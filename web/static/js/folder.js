// A folder as one archive, made here: the same folder gives the same bytes, and no file is held in memory as a whole.
import { makeZip } from "../vendor/client-zip/client-zip.mjs";

/** Every file bears this moment, so that a copied folder is the same delivery. */
const MOMENT = new Date(1980, 0, 1);
/** What systems leave in folders by themselves is no part of a delivery. */
const LEFT_BEHIND = /^(?:\..*|Thumbs\.db|desktop\.ini|__MACOSX)$/i;

const kept = (path) => !path.split("/").some((part) => LEFT_BEHIND.test(part));
const inOrder = (found) => found.filter(({ path }) => kept(path)).sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));

/** The files of an input that chooses folders or several files. */
export const chosenFiles = (files) => inOrder([...files].map((file) => ({ path: file.webkitRelativePath || file.name, file })));

/** The files of what was dropped, folders opened; must be called before the event has ended. */
export async function droppedFiles(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  return inOrder((await Promise.all(entries.map(walk))).flat());
}

async function walk(entry) {
  const path = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) return [{ path, file: await new Promise((done, failed) => entry.file(done, failed)) }];
  const reader = entry.createReader();
  const found = [];
  // A reader gives a hundred entries at a time, until it gives none.
  for (;;) {
    const some = await new Promise((done, failed) => reader.readEntries(done, failed));
    if (!some.length) return (await Promise.all(found.map(walk))).flat();
    found.push(...some);
  }
}

/** One archive of some files, named after their folder; `tell` is called with the share that is packed, 0 to 1. */
export async function packed(files, tell) {
  const total = files.reduce((sum, { file }) => sum + file.size, 0) || 1;
  let done = 0;
  const counting = new TransformStream({
    transform(chunk, control) {
      done += chunk.byteLength;
      tell(Math.min(1, done / total));
      control.enqueue(chunk);
    },
  });
  const parts = files.map(({ path, file }) => ({ name: path, lastModified: MOMENT, input: file }));
  const blob = await new Response(makeZip(parts).pipeThrough(counting)).blob();
  const [top] = files[0].path.split("/");
  const name = files.every(({ path }) => path.startsWith(`${top}/`)) ? top : top.replace(/\.[^.]*$/, "");
  return new File([blob], `${name}.zip`, { type: "application/zip" });
}
