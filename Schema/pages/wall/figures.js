// From the answers of the saved questions to the figures of the wall. Pure. A value may be missing anywhere: then so is what is made of it.

import { textOf } from "../console/json-text.js";
import { numberOf, passedOfYear } from "./numbers.js";

/** @typedef {"persons"|"households"|"villages"} Subject */

export const subjects = ["persons", "households", "villages"];
const planSubjects = { persons: "PERSON", households: "HOUSEHOLD", villages: "VILLAGE" };

/**
 * The plan by year beside what came of it. Behind is who has done less than is due: all of the years that are over, and of the running
 * one the part that has passed.
 *
 * @param {Object} data The answer of plan-and-fact.
 * @param {{subject: Subject, asOf: string, isWhole: boolean}} options `isWhole`: of the whole plan, and not of an area.
 * @returns {{source: string, years: {year: number, plan: number, fact: number, planTotal: number, factTotal: number,
 *   state: "reached"|"onTrack"|"behind"|"toCome", missing: number}[]}} `source`: the plan's name; empty where the planned years are counted.
 */
export function planByYear(data, { subject, asOf, isWhole }) {
  const targets = isWhole ? targetsOf(data, subject) : null;
  const plan = targets?.years ?? yearsOf(subject === "villages" ? data.villagesPlanned?.groups : data.planned?.groups, "plannedExitYear", subject);
  const fact = yearsOf(subject === "villages" ? data.villagesLeft?.groups : data.left?.groups, "exitYear", subject);
  const current = Number(asOf.slice(0, 4));
  const all = [...plan.keys(), ...fact.keys()];
  const years = [];
  let [planTotal, factTotal] = [0, 0];
  for (let year = Math.min(...all); year <= Math.max(...all); year++) {
    const [planned, done] = [plan.get(year) ?? 0, fact.get(year) ?? 0];
    const due = year < current ? planTotal + planned : year === current ? planTotal + planned * passedOfYear(asOf) : null;
    planTotal += planned;
    factTotal += done;
    const missing = due === null ? 0 : Math.max(0, Math.ceil(due - factTotal - 1e-9));
    const state = due === null ? "toCome" : missing > 0 ? "behind" : factTotal >= planTotal ? "reached" : "onTrack";
    years.push({ year, plan: planned, fact: done, planTotal, factTotal, state, missing });
  }
  return { source: targets?.name ?? "", years };
}

/** What one plan sets; null where there is none, or more than one. */
function targetsOf(data, subject) {
  const rows = (data.targets?.nodes ?? []).filter((row) => row.subject === planSubjects[subject] && numberOf(row.count) !== null);
  const names = new Set(rows.map((row) => row.plan?.name ?? ""));
  if (names.size !== 1) return null;
  return { name: [...names][0], years: new Map(rows.map((row) => [Number(row.year), Number(row.count)])) };
}

function yearsOf(groups, field, subject) {
  const years = new Map();
  for (const group of groups ?? []) {
    const year = numberOf(group.key?.[field]?.value);
    if (year !== null) years.set(year, (years.get(year) ?? 0) + countOf(group, subject));
  }
  return years;
}

function countOf(group, subject) {
  return numberOf(subject === "persons" ? group.aggregate?.sum?.memberCount : group.aggregate?.count) ?? 0;
}

/**
 * The same by village, of poor villages and of others with households in the plan: a cell for each year, those that are behind first.
 *
 * @returns {{years: number[], rows: {code: string, name: string, cells: {plan: number, fact: number, state: string}[], plan: number,
 *   fact: number, missing: number, plannedYear: number|null, exitYear: number|null}[]}|null} Households or persons; villages have no cells.
 *   null where there are more pairs of village and year than were asked for: half of them would tell a falsehood.
 */
export function planByVillage(data, { subject, asOf, limit = Infinity }) {
  if ([data.planned, data.left].some((one) => (one?.byVillage ?? []).length >= limit)) return null;
  const counted = subject === "persons" ? "persons" : "households";
  const villages = new Map((data.villages?.nodes ?? []).map((village) => [village.code, village]));
  const cells = new Map();
  const add = (groups, field, part) => {
    for (const group of groups ?? []) {
      const year = numberOf(group.key?.[field]?.value);
      const code = group.key?.village?.code;
      if (year === null || code === undefined) continue;
      if (!cells.has(code)) cells.set(code, new Map());
      const years = cells.get(code);
      if (!years.has(year)) years.set(year, { plan: 0, fact: 0 });
      years.get(year)[part] += countOf(group, counted);
    }
  };
  add(data.planned?.byVillage, "plannedExitYear", "plan");
  add(data.left?.byVillage, "exitYear", "fact");
  const years = [...new Set([...cells.values()].flatMap((row) => [...row.keys()]))].sort((one, other) => one - other);
  const passed = passedOfYear(asOf);
  const current = Number(asOf.slice(0, 4));
  const listed = [...villages.values()].filter((village) => village.isPoorVillage === true).map((village) => village.code);
  const rows = [...new Set([...listed, ...cells.keys()])].map((code) => {
    const village = villages.get(code);
    let [plan, fact, missing] = [0, 0, 0];
    const row = years.map((year) => {
      const cell = cells.get(code)?.get(year) ?? { plan: 0, fact: 0 };
      const due = year < current ? plan + cell.plan : year === current ? plan + cell.plan * passed : null;
      plan += cell.plan;
      fact += cell.fact;
      const lacking = due === null ? 0 : Math.max(0, Math.ceil(due - fact - 1e-9));
      if (due !== null) missing = lacking;
      return { ...cell, state: due === null ? "toCome" : lacking > 0 ? "behind" : "reached" };
    });
    const isOut = village?.exitStatus === "EXITED" && !(village.exitDate && String(village.exitDate) > asOf);
    return {
      code, name: village?.name ?? code, cells: row, plan, fact, missing,
      plannedYear: numberOf(village?.plannedExitYear), exitYear: isOut ? numberOf(village?.exitYear) : null,
    };
  });
  rows.sort((one, other) => other.missing - one.missing || (one.code < other.code ? -1 : one.code > other.code ? 1 : 0));
  return { years, rows };
}

/**
 * Villages by their incidence, the highest first, with the threshold that the answer was made with.
 *
 * @param {Object} data The answer of incidence-by-village.
 * @param {{name: string, value: string, from: string}[]} parameters Those that the answer names.
 */
export function incidence(data, parameters) {
  const rows = (data.villages?.nodes ?? []).map((village) => ({
    code: village.code, name: village.name ?? village.code, rate: numberOf(village.incidence), text: textOf(village.incidence ?? null),
    persons: numberOf(village.poorPersons), population: numberOf(village.registeredPopulation), meets: village.meetsIncidence ?? null,
  })).sort((one, other) => (other.rate ?? -1) - (one.rate ?? -1));
  const total = numberOf(data.villages?.totalCount) ?? rows.length;
  const [meeting, unknown] = [numberOf(data.meeting?.totalCount), numberOf(data.unknown?.totalCount)];
  const unknownRows = (data.unknown?.nodes ?? []).map((village) => ({ code: village.code, name: village.name ?? village.code }));
  return { rows, total, meeting, failing: meeting === null ? null : total - meeting, unknown, unknownRows, threshold: thresholdOf(parameters) };
}

/** @returns {{value: number, text: string, isInclusive: boolean, from: string, row: string}|null} null where none was read. */
export function thresholdOf(parameters) {
  const most = parameters.find((one) => one.name === "village.exit.incidenceMax");
  if (most === undefined || most.value === null || most.value === undefined || Number.isNaN(Number(most.value))) return null;
  const inclusive = parameters.find((one) => one.name === "village.exit.incidenceInclusive");
  return { value: Number(most.value), text: String(most.value), isInclusive: String(inclusive?.value) === "true", from: most.from ?? "", row: most.row ?? "" };
}

/** Teams as they come, those with the most unvisited first; the sums are of all villages, also of those that are not listed. */
export function coverage(data) {
  const rows = (data.workTeams?.nodes ?? []).map((team) => {
    const [poor, visited] = [numberOf(team.village?.poor?.totalCount), numberOf(team.village?.visited?.totalCount)];
    return {
      number: team.number, name: team.name ?? team.number, leader: team.leader?.nodes?.[0]?.cadre?.name ?? "",
      code: team.village?.code ?? "", village: team.village?.name ?? "", poor, visited,
      share: poor === null || visited === null || poor === 0 ? null : visited / poor,
    };
  });
  return {
    rows, total: numberOf(data.workTeams?.totalCount) ?? rows.length, poor: numberOf(data.poor?.totalCount), visited: numberOf(data.visited?.totalCount),
    withoutTeam: numberOf(data.withoutTeam?.totalCount) ?? 0,
  };
}

/**
 * Cases by kind and state, in the order in which the procedure goes.
 *
 * @param {{types: string[], states: string[]}} order Of the enums; what is not in them comes last.
 */
export function cases(data, order = { types: [], states: [] }) {
  const place = (list, name) => (list.includes(name) ? list.indexOf(name) : list.length);
  const part = (one, isOpen) => (one?.groups ?? []).map((group) => ({
    type: group.key?.type ?? "", state: group.key?.state ?? "", count: numberOf(group.aggregate?.count), isOpen,
  }));
  const rows = [...part(data.open, true), ...part(data.closed, false)];
  rows.sort((one, other) => Number(other.isOpen) - Number(one.isOpen)
    || place(order.types, one.type) - place(order.types, other.type) || place(order.states, one.state) - place(order.states, other.state));
  return { rows, open: numberOf(data.open?.totalCount), closed: numberOf(data.closed?.totalCount) };
}

/** The numbers above all others; null where one is not told. */
export function totals(data) {
  const pair = (one) => ({ households: numberOf(one?.aggregate?.count), persons: numberOf(one?.aggregate?.sum?.memberCount) });
  return {
    registered: pair(data.registered), poor: pair(data.poor), exits: pair(data.exits), planned: pair(data.planned),
    unvisited: numberOf(data.unvisited?.aggregate?.countDistinct?.household), pairings: numberOf(data.unvisited?.aggregate?.count),
    withoutHelper: numberOf(data.withoutHelper?.totalCount), money: textOf(data.money?.aggregate?.sum?.amount ?? null),
  };
}

/** Poor villages that are off the list, and all. */
export function villagesOut(data) {
  return {
    out: (data.villagesLeft?.groups ?? []).reduce((sum, group) => sum + (numberOf(group.aggregate?.count) ?? 0), 0),
    all: numberOf(data.poorVillages?.totalCount),
  };
}
