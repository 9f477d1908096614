import { App, applyDocumentTheme, applyHostFonts, applyHostStyleVariables, type McpUiHostContext } from "@modelcontextprotocol/ext-apps";
import type { Actions, Question, Shown } from "./controls";
import { busy, draw, only, say } from "./page";
import { isObject, pictureOf, toolOf } from "./picture";

/** Result is what is read of a tool's result, whoever made it. */
interface Result { isError?: boolean; content?: unknown; structuredContent?: unknown; _meta?: unknown }

const app = new App({ name: "asleep-mcp-pictures", version: "1.0.0" }, { availableDisplayModes: ["inline", "fullscreen"] });

let given: Record<string, unknown> = {}; // the arguments of the model's call
let shown: Shown | undefined;
let last: Result | undefined; // the host's, to draw once the tool's name is known
const before: Shown[] = []; // what to go back to
let turn = 0; // of the newest question: answers to older ones are dropped

const actions: Actions = {
  ask: (question) => { void ask(question, true); },
  metric: (name) => { if (shown) show({ ...shown, metric: name }); },
  back: () => {
    const previous = before.pop();
    turn++;
    busy(false);
    say("");
    if (previous) show({ ...previous, back: before.length > 0 });
  },
};

function show(next: Shown): void {
  shown = next;
  try {
    draw(next, actions);
  } catch {
    only(next.picture.picture.title, "This picture cannot be drawn. The answer's text has the same facts.");
  }
}

/** ask calls a tool, for what a control says, and draws its answer. */
async function ask(question: Question, keep: boolean): Promise<void> {
  const mine = ++turn;
  busy(true);
  say("Loading …");
  let result: Result;
  try {
    // With chart, every host is sent what is drawn here, whatever it says that it shows.
    result = await app.callServerTool({ name: question.tool, arguments: { ...question.arguments, chart: "svg" } });
  } catch {
    result = { isError: true, content: [{ type: "text", text: "The server could not be asked. What is shown is from before." }] };
  }
  if (mine !== turn) return;
  busy(false);
  const picture = result.isError ? undefined : pictureOf(result._meta);
  if (!picture) {
    say(textOf(result) || "This answer has no picture.", true);
    if (!shown) only("Sleep", summaryOf(last) || "There is nothing to draw.");
    return;
  }
  if (keep && shown && (shown.question.tool !== question.tool)) before.push(shown);
  say("");
  show({ question, picture, answer: result.structuredContent, metric: shown?.picture.kind === picture.kind ? shown.metric : "", back: before.length > 0 });
}

/** received draws the result of the model's call. */
function received(result: Result): void {
  last = result;
  turn++;
  busy(false);
  if (result.isError) {
    only("No picture", textOf(result) || "The tool failed.");
    return;
  }
  const picture = pictureOf(result._meta);
  const tool = toolOf(result._meta) || app.getHostContext()?.toolInfo?.tool?.name || "";
  before.length = 0;
  if (picture) {
    say("");
    show({ question: { tool, arguments: given }, picture, answer: result.structuredContent, metric: "", back: false });
    return;
  }
  only("Sleep", summaryOf(result) || "There is nothing to draw.");
  if (tool) void ask({ tool, arguments: withoutChart(given) }, false);
}

function withoutChart(all: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => name !== "chart"));
}

function textOf(result: Result): string {
  if (!Array.isArray(result.content)) return "";
  return result.content.filter((c): c is { text: string } => isObject(c) && c.type === "text" && typeof c.text === "string").map((c) => c.text).join(" ").slice(0, 600);
}

function summaryOf(result: Result | undefined): string {
  const answer = result?.structuredContent;
  return isObject(answer) && typeof answer.summary === "string" ? answer.summary : "";
}

function applyContext(context: McpUiHostContext | undefined): void {
  if (context?.theme) applyDocumentTheme(context.theme);
  if (context?.styles?.variables) applyHostStyleVariables(context.styles.variables);
  if (context?.styles?.css?.fonts) applyHostFonts(context.styles.css.fonts);
  const insets = context?.safeAreaInsets;
  if (insets) document.body.style.padding = `${insets.top}px ${insets.right}px ${insets.bottom}px ${insets.left}px`;
}

app.ontoolinput = (input) => { given = isObject(input.arguments) ? input.arguments : {}; };
app.ontoolresult = (result) => { received(result as Result); };
app.ontoolcancelled = () => {
  turn++;
  busy(false);
  if (!shown) only("No picture", "The call was cancelled.");
};
app.onhostcontextchanged = (context) => { applyContext(context); };
app.onteardown = () => ({});
app.onerror = () => { say("The host sent something that this page does not understand.", true); };

let width = 0;
new ResizeObserver(() => {
  const now = document.documentElement.clientWidth;
  if (now !== width && shown) draw(shown, actions);
  width = now;
}).observe(document.documentElement);
document.getElementById("controls")?.addEventListener("submit", (event) => event.preventDefault());

app.connect().then(
  () => applyContext(app.getHostContext()),
  () => only("Sleep", "This page shows pictures inside an assistant; by itself it has nothing to show."),
);
