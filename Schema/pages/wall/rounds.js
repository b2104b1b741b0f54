// One round of questions, whose answers all name one version and one day; and what becomes of what was shown before. Pure: who asks is handed in.

/**
 * @typedef {{name: string, title: string, parameters: (asOf: string) => [string, string][]}} Question
 * @typedef {{state: "answered", data: Object, parameters: Object[], version: string, asOf: string, publishedAt: string, leftOut: string[], text: string}
 *   | {state: "refused", code: string, reason: string, status: number}
 *   | {state: "failed", code: string, reason: string, status: number}} Result
 *   Refused: asked again, the same would be said. Failed: it may be answered another time.
 * @typedef {{key: string, version: string, asOf: string, publishedAt: string, results: Map<string, Result>, isWhole: boolean}} Round
 */

/** What may pass by itself. */
const passing = ["QUERY_TIMEOUT", "OVERLOADED", "RATE_LIMITED", "INTERNAL_SERVER_ERROR", "VERSION_NOT_REACHED", "VERSION_GONE"];
/** How often a round begins again because its version is no longer kept. */
const attempts = 3;

/** What an answer of the server is. `leftOut`: the fields that were not asked for, because this role has none of them. @returns {Result} */
export function resultOf({ status, version, asOf, value, text = "", leftOut = [] }) {
  const error = value?.errors?.[0];
  const data = value?.data;
  const isComplete = status >= 200 && status < 300 && data !== null && data !== undefined && error === undefined;
  if (isComplete) {
    const told = value.extensions?.data ?? {};
    return { state: "answered", data, parameters: told.parameters ?? [], version, asOf, publishedAt: told.publishedAt ?? "", leftOut, text };
  }
  const code = error?.extensions?.code ?? "";
  // Who has to sign in again sees what there was meanwhile.
  const isPassing = status >= 500 || status === 401 || status === 408 || status === 429 || passing.includes(code) || (error === undefined && status < 400);
  return { state: isPassing ? "failed" : "refused", code, reason: error?.message ?? `HTTP ${status}`, status };
}

/**
 * Asks the first question of the current version, the others of the same one.
 *
 * @param {string} key What is asked, and with which settings.
 * @param {Question[]} questions
 * @param {{asOf: string}} moment
 * @param {(question: Question, parameters: [string, string][], moment: {asOf: string, version: string, minimum: string}) => Promise<Object>} ask
 *   The status, the fields and the value of an answer; throws where there is none.
 * @returns {Promise<Round>}
 */
export async function askRound(key, questions, moment, ask) {
  for (let attempt = 1; ; attempt++) {
    const round = await askOnce(key, questions, moment, ask);
    const isGone = [...round.results.values()].some((result) => result.code === "VERSION_GONE");
    if (!isGone || attempt === attempts) return round;
  }
}

async function askOnce(key, questions, moment, ask) {
  const results = new Map();
  const rest = [...questions];
  let lead = null;
  const one = async (question, at) => {
    try {
      return resultOf(await ask(question, question.parameters(at.asOf), at));
    } catch (error) {
      return { state: "failed", code: "", reason: error.message, status: 0 };
    }
  };
  while (lead === null && rest.length > 0) {
    const question = rest.shift();
    const result = await one(question, { asOf: moment.asOf, version: "", minimum: "" });
    results.set(question.name, result);
    if (result.state === "answered") lead = result;
    // Where one is not answered now, the others are spared.
    else if (result.state === "failed") break;
  }
  if (lead === null) return { key, version: "", asOf: moment.asOf, publishedAt: "", results, isWhole: rest.length === 0 && !hasFailures(results) };
  await Promise.all(rest.map(async (question) => {
    let result = await one(question, { asOf: lead.asOf, version: "", minimum: lead.version });
    // A newer version has come between: the older one is named.
    if (result.state === "answered" && result.version !== lead.version) {
      result = await one(question, { asOf: lead.asOf, version: lead.version, minimum: "" });
    }
    results.set(question.name, result);
  }));
  const publishedAt = [...results.values()].map((result) => result.publishedAt ?? "").find((text) => text !== "") ?? "";
  return { key, version: lead.version, asOf: lead.asOf, publishedAt, results, isWhole: !hasFailures(results) };
}

function hasFailures(results) {
  return [...results.values()].some((result) => result.state === "failed");
}

/**
 * What is shown after a round: all of it, or all of what was shown before.
 *
 * @param {Round|null} shown
 * @param {Round} round
 * @returns {{shown: Round, troubles: Map<string, Result>, isOld: boolean}} `troubles`: what could not be had. `isOld`: what is shown is not of `round`.
 */
export function settle(shown, round) {
  const troubles = new Map([...round.results].filter(([, result]) => result.state === "failed"));
  if (round.isWhole || shown === null || shown.key !== round.key || !hasAnswers(shown)) return { shown: round, troubles, isOld: false };
  return { shown, troubles, isOld: true };
}

/** Whether a round says what another one said, of the same version. */
export function isSame(one, other) {
  return one !== null && one.key === other.key && one.version === other.version && one.asOf === other.asOf && one.results.size === other.results.size
    && [...one.results].every(([name, result]) => {
      const same = other.results.get(name);
      return same !== undefined && same.state === result.state && same.text === result.text && same.reason === result.reason;
    });
}

function hasAnswers(round) {
  return [...round.results.values()].some((result) => result.state === "answered");
}
