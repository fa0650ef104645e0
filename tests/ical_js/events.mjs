// Prints, for each calendar file named, its events as ical.js reads them: [[{uid, title, first, last}]] as JSON.
// `last` is the last day itself; iCalendar names the day after it.
import { readFileSync } from "node:fs";
import ICAL from "ical.js";

function days(event) {
  const first = event.startDate, last = event.endDate.clone();
  if (first.isDate) last.adjust(-1, 0, 0, 0);
  return { uid: event.uid, title: event.summary, first: first.toString().slice(0, 10), last: last.toString().slice(0, 10) };
}

const feeds = process.argv.slice(2).map((file) => {
  const calendar = new ICAL.Component(ICAL.parse(readFileSync(file, "utf8")));
  return calendar.getAllSubcomponents("vevent").map((component) => days(new ICAL.Event(component)));
});
process.stdout.write(JSON.stringify(feeds));
