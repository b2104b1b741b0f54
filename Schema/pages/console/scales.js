// From values to places on a chart. Pure: numbers in, numbers out.

/** Round steps that cover low–high in about `count` parts. @returns {{low: number, high: number, step: number, ticks: number[]}} */
export function niceScale(low, high, count = 5) {
  if (!(high > low)) {
    high = low === 0 ? 1 : low + Math.abs(low) * 0.1;
    if (low > 0) low = 0;
  }
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((factor) => factor * power).find((candidate) => candidate >= rough * (1 - 1e-9)) ?? 10 * power;
  const first = Math.floor(low / step + 1e-9) * step;
  const last = Math.ceil(high / step - 1e-9) * step;
  const ticks = [];
  const digits = Math.max(0, Math.ceil(-Math.log10(step)) + 1);
  for (let index = 0; first + index * step <= last + step * 1e-6; index++) ticks.push(Number((first + index * step).toFixed(Math.min(digits, 12))));
  return { low: ticks[0], high: ticks[ticks.length - 1], step, ticks };
}

/** The least and the greatest of any number of values. @returns {[number, number]} */
export function extent(values, low = Infinity, high = -Infinity) {
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** A function from low–high to from–to. */
export function linear(low, high, from, to) {
  const factor = high === low ? 0 : (to - from) / (high - low);
  return (value) => from + (value - low) * factor;
}

/** Days since 1970 of a date, or of what begins with one: 2017, 2017-05, 2017-Q2, 2017-H1, 2017-W20, 2017-05-20(T…). null if it is none. */
export function dayNumber(text) {
  const match = String(text).match(/^(\d{4})(?:-(?:Q([1-4])|H([12])|W(\d\d)|(\d\d)(?:-(\d\d))?))?(?:T.*)?$/);
  if (!match) return null;
  const [, year, quarter, half, week, month, day] = match;
  if (week) {
    // The week that holds 4 January is the first; weeks begin on Monday.
    const fourth = Date.UTC(Number(year), 0, 4) / 86_400_000;
    return fourth - ((fourth + 3) % 7) + (Number(week) - 1) * 7;
  }
  const number = quarter ? (Number(quarter) - 1) * 3 : half ? (Number(half) - 1) * 6 : month ? Number(month) - 1 : 0;
  if (number > 11 || (day && Number(day) > 31)) return null;
  return Date.UTC(Number(year), number, day ? Number(day) : 1) / 86_400_000;
}

/** Ticks at whole days, months, quarters or years. @returns {{day: number, label: string}[]} */
export function timeTicks(low, high, count = 6) {
  const days = Math.max(1, high - low);
  const months = days / 30.44;
  const stepMonths = [1, 3, 6, 12, 24, 60, 120, 240, 600].find((step) => months / step <= count + 1) ?? 1200;
  const ticks = [];
  if (months < 2) {
    const step = Math.max(1, Math.ceil(days / count));
    for (let day = Math.ceil(low); day <= high; day += step) ticks.push({ day, label: dateText(day) });
    return ticks;
  }
  const start = new Date(low * 86_400_000);
  let index = start.getUTCFullYear() * 12 + start.getUTCMonth();
  index = Math.ceil((start.getUTCDate() > 1 ? index + 1 : index) / stepMonths) * stepMonths;
  for (;; index += stepMonths) {
    const day = Date.UTC(Math.floor(index / 12), index % 12, 1) / 86_400_000;
    if (day > high) return ticks;
    const year = String(Math.floor(index / 12));
    ticks.push({ day, label: stepMonths >= 12 ? year : `${year}-${String((index % 12) + 1).padStart(2, "0")}` });
  }
}

export function dateText(day) {
  return new Date(day * 86_400_000).toISOString().slice(0, 10);
}

/** A number for an axis: with the digits that its step has, in threes. */
export function tickText(value, step) {
  const digits = (String(Number(step.toPrecision(3))).split(".")[1] ?? "").length;
  const [whole, fraction] = value.toFixed(Math.min(digits, 12)).split(".");
  return whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",") + (fraction ? `.${fraction}` : "");
}
