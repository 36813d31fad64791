// For `mutool run`: words are a job (JSON: {fields: [{page, x, y, kind, value, option}]}, in points from a page's upper
// left corner), a blank, and where the filled form goes. Fills by MuPDF's form calls, which draw each answer as well.
var job = JSON.parse(read(scriptArgs[0]));
var pdf = new PDFDocument(scriptArgs[1]);
var pages = [];

function page(number) {
  if (!pages[number]) pages[number] = pdf.loadPage(number);
  return pages[number];
}

function widgetAt(field) {
  var widgets = page(field.page).getWidgets();
  for (var at = 0; at < widgets.length; at++) {
    var box = widgets[at].getRect();
    if (box[0] <= field.x && field.x <= box[2] && box[1] <= field.y && field.y <= box[3]) return widgets[at];
  }
  throw new Error("no field there");
}

for (var number = 0; number < job.fields.length; number++) {
  var field = job.fields[number];
  var widget = widgetAt(field);
  if (field.kind === "text") widget.setTextValue(field.value);
  else if (field.kind === "drop-down") widget.setChoiceValue(field.label);
  else widget.toggle();
  widget.update();
}
pdf.save(scriptArgs[2], "");
