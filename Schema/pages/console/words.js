// What the console says, in Chinese and English. No word here speaks of the data: such words come from the server.

const words = {
  run: ["运行", "Run"],
  stop: ["停止", "Stop"],
  format: ["整理格式", "Format"],
  formatFailed: ["括号不配对，未作改动。", "The brackets do not match; nothing was changed."],
  share: ["复制链接", "Copy link"],
  shared: ["链接已复制。", "The link is copied."],
  shareByHand: ["无法写入剪贴板；链接已放入地址栏。", "The clipboard cannot be written; the link stands in the address bar."],
  sharePersonal: [
    "注意：链接中含有个人信息（{where}）。请只发给有权知悉的人。链接内容不会发送到服务器，但会留在聊天和浏览记录里。确定复制吗？",
    "Careful: the link would hold personal data ({where}). Send it only to those who may know it. It is never sent to the server, but it stays in chats and histories. Copy it all the same?",
  ],
  notTold: ["服务器不公开数据说明，无法判断", "the server shows no schema, so it cannot be told"],
  shareWithout: ["复制不含这些变量的链接", "Copy without these variables"],
  shareAnyway: ["照样复制", "Copy all the same"],
  cancel: ["取消", "Cancel"],
  newTab: ["新标签", "New tab"],
  closeTab: ["关闭标签（Delete）", "Close tab (Delete)"],
  untitled: ["未命名", "untitled"],
  editor: ["GraphQL 查询", "GraphQL document"],
  editorHelp: [
    "输入时自动提示；Ctrl+空格 打开提示，方向键选择，Enter 采用，Esc 关闭。Ctrl+Enter 运行。F1 查看光标处的类型。",
    "Suggestions come as you type; Ctrl+Space opens them, arrows choose, Enter takes one, Escape closes. Ctrl+Enter runs. F1 shows the type at the caret.",
  ],
  variables: ["变量（JSON）", "Variables (JSON)"],
  asOf: ["基准日", "as of"],
  version: ["版本", "version"],
  reason: ["理由", "reason"],
  reasonHint: ["记入审计日志", "kept in the audit"],
  versionHint: ["当前", "current"],
  knownAt: ["或某一时刻", "or a moment"],
  operation: ["操作", "operation"],
  answer: ["回答", "Answer"],
  json: ["JSON", "JSON"],
  table: ["表格", "Table"],
  chart: ["图表", "Chart"],
  plan: ["执行计划", "Plan"],
  downloadJSON: ["下载 JSON", "Download JSON"],
  downloadCSV: ["下载 CSV", "Download CSV"],
  nothingYet: ["运行一个查询，回答显示在这里。", "Run a question; its answer is shown here."],
  running: ["正在运行…", "Running…"],
  stopped: ["已停止。", "Stopped."],
  noAnswer: ["服务器没有应答：{reason}", "The server did not answer: {reason}"],
  notJSON: ["回答不是 JSON。", "The answer is no JSON."],
  status: ["{status} · 版本 {version} · 基准日 {asOf} · {milliseconds} 毫秒 · {size}", "{status} · version {version} · as of {asOf} · {milliseconds} ms · {size}"],
  rows: ["{count} 行", "rows: {count}"],
  noTable: ["回答中没有可以列成表格的内容。", "The answer holds nothing that makes a table."],
  single: ["单个值", "single values"],
  which: ["列表", "list"],
  spread: ["逐行展开", "a row for each of"],
  none: ["不展开", "none"],
  sortBy: ["按 {name} 排序", "Sort by {name}"],
  tableHelp: ["{rows} 行，{columns} 列；可滚动", "{rows} rows, {columns} columns; scrolls"],
  bars: ["柱", "Bars"],
  lines: ["线", "Lines"],
  time: ["时间", "Time"],
  kind: ["图形", "kind"],
  across: ["横轴", "along"],
  values: ["数值", "values"],
  moreValues: ["及", "and"],
  by: ["分组", "by"],
  noChart: ["表格中没有数值列，不能画图。", "The table has no column of numbers, so there is no chart."],
  noTimes: ["没有日期列，不能画时间图。", "No column holds dates, so there is no time chart."],
  firstBars: ["只画前 {shown} 行，共 {count} 行。", "The first {shown} of {count} rows are drawn."],
  asTable: ["图中数据", "The chart's data"],
  chartOf: ["{kind}图：{values}，按 {across}", "{kind}: {values} by {across}"],
  explain: ["运行并显示执行计划", "Run and show the plan"],
  planHelp: ["执行计划说明回答是怎样得出的：各步骤、估计与实际行数、用时。", "The plan tells how the answer was found: its steps, the rows estimated and met, and the time taken."],
  step: ["步骤", "step"],
  mode: ["方式", "mode"],
  estimated: ["估计", "estimated"],
  actual: ["实际", "actual"],
  visited: ["经过", "visited"],
  questions: ["常用问题", "Questions"],
  examples: ["例子", "Examples"],
  schema: ["数据说明", "Schema"],
  history: ["历史", "History"],
  panel: ["侧栏", "side panel"],
  search: ["搜索", "search"],
  searchQuestions: ["按标题或名称查找", "Find by title or name"],
  searchSchema: ["按名称、中文标签或说明查找", "Find by name, label or description"],
  noneFound: ["没有找到。", "Nothing found."],
  noSchema: ["服务器不公开数据说明；编辑器只检查语法。", "The server shows no schema; the editor checks syntax only."],
  loading: ["正在载入…", "Loading…"],
  clearHistory: ["清空历史", "Clear the history"],
  historyHelp: [
    "历史只保存在本浏览器。含个人信息的变量不保存；个人信息写在查询里时，整条查询不保存。",
    "Kept in this browser only. Variables with personal data are not kept, nor a document that has such data in it.",
  ],
  historyEmpty: ["还没有历史。", "Nothing yet."],
  personalLeftOut: ["变量未保存", "variables not kept"],
  back: ["返回", "Back"],
  openInEditor: ["在编辑器中打开", "Open in the editor"],
  ask: ["提问", "Ask"],
  nextPage: ["下一页", "Next page"],
  required: ["必填", "required"],
  default: ["默认", "default"],
  listHint: ["每行一个，或用逗号分隔", "one a line, or between commas"],
  choose: ["（不限）", "(any)"],
  broken: ["不可用", "broken"],
  viaBody: ["含个人信息的参数不写入网址，由请求正文发送。", "Parameters with personal data are not put into a URL; they are sent in the body."],
  type: ["类型", "type"],
  types: ["类型", "Types"],
  fields: ["字段", "Fields"],
  enumValues: ["取值", "Values"],
  usedBy: ["用于", "Used by"],
  implements: ["实现", "Implements"],
  possible: ["可能的类型", "Possible types"],
  deprecatedWord: ["已弃用", "deprecated"],
  oneOfHelp: ["只给其中一个。", "Exactly one of these is given."],
  loaded: ["已载入的数据", "What is loaded"],
  shortcuts: ["快捷键", "Shortcuts"],
  language: ["English", "中文"],
  languageLabel: ["Switch to English", "切换到中文"],
  more: ["再显示 {count} 项", "Show {count} more"],
  items: ["{count} 项", "{count} items"],
  members: ["{count} 个字段", "{count} fields"],
  problems: ["{count} 处问题", "problems: {count}"],
  place: ["第 {line} 行第 {column} 列", "line {line}, column {column}"],
  suggestions: ["{count} 个提示", "suggestions: {count}"],
  suggestionList: ["提示", "suggestions"],
  keyRun: ["运行", "run"],
  keyStop: ["停止", "stop"],
  keySuggest: ["提示", "suggestions"],
  keyType: ["光标处的类型说明", "the type at the caret"],
  keyFormat: ["整理格式", "format"],
  keyLeave: ["离开编辑器", "leave the editor"],
  keyEditor: ["到编辑器", "to the editor"],
  keyAnswer: ["到回答", "to the answer"],
  close: ["关闭", "Close"],

  "problem.expected": ["此处应为 {what}，而不是“{found}”。", "Expected {what}, found '{found}'."],
  "problem.expectedEnd": ["文末缺少 {what}。", "The text ends where {what} is expected."],
  "problem.unknownDefinition": ["没有“{name}”这种定义。", "There is no definition '{name}'."],
  "problem.unknownType": ["没有类型 {name}。", "There is no type {name}."],
  "problem.unknownField": ["{type} 没有字段“{name}”。", "{type} has no field '{name}'."],
  "problem.unknownArgument": ["{field} 没有参数“{name}”。", "{field} has no argument '{name}'."],
  "problem.unknownInput": ["{type} 没有字段“{name}”。", "{type} has no field '{name}'."],
  "problem.unknownValue": ["{type} 没有取值 {name}。", "{type} has no value {name}."],
  "problem.unknownVariable": ["变量 ${name} 没有定义。", "The variable ${name} is not defined."],
  "problem.unknownFragment": ["没有片段 {name}。", "There is no fragment {name}."],
  "problem.unknownDirective": ["没有指令 @{name}。", "There is no directive @{name}."],
  "problem.misplacedDirective": ["指令 @{name} 不能用在这里。", "The directive @{name} cannot stand here."],
  "problem.repeatedVariable": ["变量 ${name} 定义了两次。", "The variable ${name} is defined twice."],
  "problem.unusedVariable": ["变量 ${name} 没有用到。", "The variable ${name} is not used."],
  "problem.variableType": ["变量 ${name} 的类型是 {type}，此处需要 {expected}。", "The variable ${name} is of type {type}; {expected} is expected here."],
  "problem.repeatedArgument": ["“{name}”给了两次。", "'{name}' is given twice."],
  "problem.missingArgument": ["{field} 缺少参数 {name}: {type}。", "{field} lacks its argument {name}: {type}."],
  "problem.missingInput": ["{type} 缺少字段 {name}。", "{type} lacks its field {name}."],
  "problem.oneOf": ["{type} 恰好要给一个字段。", "Exactly one field of {type} is given."],
  "problem.noSelection": ["“{name}”是 {type}，没有下级字段。", "'{name}' is {type} and has no fields of its own."],
  "problem.needsSelection": ["“{name}”是 {type}，要在 {…} 中选择字段。", "'{name}' is {type}: say which of its fields in { … }."],
  "problem.emptySelection": ["{ } 中至少要有一个字段。", "At least one field is selected in { }."],
  "problem.neverSo": ["{parent} 不会是 {type}。", "{parent} is never {type}."],
  "problem.noFields": ["{type} 没有字段。", "{type} has no fields."],
  "problem.noInput": ["变量不能是 {type} 类型。", "A variable cannot be of type {type}."],
  "problem.noList": ["此处需要 {type}，不是列表。", "{type} is expected here, not a list."],
  "problem.notNull": ["{type} 不能为 null。", "{type} cannot be null."],
  "problem.wrongValue": ["{value} 不是 {type}。", "{value} is not {type}."],
  "problem.deprecated": ["{name} 已弃用：{reason}", "{name} is deprecated: {reason}"],
  "problem.jsonName": ["此处应为带引号的名称。", "A name in quotes is expected here."],
  "problem.jsonString": ["文本没有结束引号，或含有不允许的字符。", "The text lacks its closing quote, or holds what it may not."],
  "problem.jsonDepth": ["嵌套过深。", "Nested too deeply."],
  "problem.jsonValue": ["此处应为一个值。", "A value is expected here."],
  "problem.jsonColon": ["此处应为冒号。", "A colon is expected here."],
  "problem.jsonComma": ["此处应为逗号或结束括号。", "A comma or a closing bracket is expected here."],
  "problem.jsonEnd": ["JSON 已结束，后面不应再有内容。", "The JSON has ended; nothing may follow."],
  "problem.notObject": ["变量应写成 { … }。", "Variables are an object: { … }."],
  "problem.extraVariable": ["查询没有变量 ${name}。", "The document has no variable ${name}."],
  "problem.missingVariable": ["缺少变量 ${name}: {type}。", "The variable ${name}: {type} is missing."],
  didYouMean: ["是否指 {hint}？", "Did you mean {hint}?"],
};

let current = "zh";

export const language = () => current;

export function setLanguage(name) {
  current = name === "en" ? "en" : "zh";
}

/** The word of a key in the language chosen, its holes filled. */
export function word(key, values = {}) {
  const entry = words[key];
  if (entry === undefined) return key;
  return entry[current === "en" ? 1 : 0].replace(/\{(\w+)\}/g, (hole, name) => (values[name] === undefined ? hole : String(values[name])));
}

/** What a problem of the analysis says. */
export function problemText(problem) {
  const text = word(`problem.${problem.code}`, problem.values);
  return problem.values?.hint ? `${text} ${word("didYouMean", problem.values)}` : text;
}

/** Of two texts the one in the language chosen, or the other where that is empty. */
export function either(chinese, english) {
  return (current === "en" ? english || chinese : chinese || english) ?? "";
}

/** Adds what a page says besides. A key that is there already keeps its words. */
export function addWords(more) {
  for (const [key, entry] of Object.entries(more)) words[key] ??= entry;
}

export const allWords = words;
