package io.kubeserve.grafana;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A dashboard of the classic model while it is being put together. */
final class Dashboard {
  /**
   * The one that vLLM ships, tested there on Grafana 10.4 to 13.2: Grafana migrates upward only.
   */
  private static final int SCHEMA_VERSION = 39;

  private static final int COLUMNS = 24;

  private static final JsonMapper JSON = new JsonMapper();

  private final String uid;
  private final String title;
  private final String description;
  private final List<Object> content = new ArrayList<>();
  private final ArrayNode variables = JSON.createArrayNode();
  private final ArrayNode annotations = JSON.createArrayNode();

  Dashboard(String uid, String title, String description) {
    this.uid = uid;
    this.title = title;
    this.description = description;
    variables.add(
        Panel.tree(
            """
            {"name": "datasource", "label": "Data source", "type": "datasource", "query": "prometheus",
             "refresh": 1, "hide": 0, "includeAll": false, "multi": false, "regex": "", "options": []}
            """));
    annotations.add(
        Panel.tree(
            """
            {"builtIn": 1, "datasource": {"type": "grafana", "uid": "-- Grafana --"}, "enable": true, "hide": true,
             "iconColor": "rgba(0, 211, 255, 1)", "name": "Annotations & Alerts", "type": "dashboard"}
            """));
  }

  static ObjectNode datasource() {
    return JSON.createObjectNode().put("type", "prometheus").put("uid", "${datasource}");
  }

  String uid() {
    return uid;
  }

  /** A label that Prometheus has only where it federates; hidden, and every one by default. */
  Dashboard cluster() {
    ObjectNode variable =
        variable("cluster", "Cluster", "label_values(predictions_total, cluster)");
    variable.put("hide", 2).put("includeAll", true).put("allValue", ".*");
    variable.set("current", Panel.tree("{\"text\": \"All\", \"value\": \"$__all\"}"));
    return this;
  }

  /** One value of a label. */
  Dashboard one(String name, String label, String query) {
    variable(name, label, query).put("includeAll", false);
    return this;
  }

  /** Any values of a label, every one by default. */
  Dashboard many(String name, String label, String query) {
    ObjectNode variable = variable(name, label, query);
    variable.put("includeAll", true).put("multi", true);
    variable.set("current", Panel.tree("{\"text\": [\"All\"], \"value\": [\"$__all\"]}"));
    return this;
  }

  private ObjectNode variable(String name, String label, String query) {
    ObjectNode variable = variables.addObject();
    variable.put("name", name).put("label", label).put("type", "query");
    variable.set("datasource", datasource());
    variable.putObject("query").put("query", query).put("refId", "Variable-" + name);
    variable.put("refresh", 2).put("sort", 1).put("hide", 0).put("multi", false).put("regex", "");
    return variable;
  }

  Dashboard annotation(
      String name, String color, String expression, String titleFormat, String text) {
    ObjectNode annotation = annotations.addObject();
    annotation.put("name", name).put("enable", true).put("hide", false).put("iconColor", color);
    annotation.set("datasource", datasource());
    annotation.put("expr", expression).put("step", Panel.INTERVAL);
    annotation.put("titleFormat", titleFormat).put("textFormat", text);
    return this;
  }

  Dashboard row(String rowTitle) {
    content.add(rowTitle);
    return this;
  }

  Dashboard panels(Panel... panels) {
    content.addAll(List.of(panels));
    return this;
  }

  List<Panel> panels() {
    return content.stream().filter(Panel.class::isInstance).map(Panel.class::cast).toList();
  }

  ObjectNode json() {
    ObjectNode dashboard = JSON.createObjectNode();
    dashboard.putNull("id");
    dashboard.put("uid", uid).put("title", title).put("description", description);
    dashboard.putArray("tags").add("kubeserve");
    dashboard.put("schemaVersion", SCHEMA_VERSION).put("editable", false).put("graphTooltip", 1);
    dashboard.put("timezone", "browser").put("refresh", "30s");
    dashboard.putObject("time").put("from", "now-1h").put("to", "now");
    dashboard.putObject("timepicker");
    dashboard.set(
        "links",
        Panel.tree(
            """
            [{"type": "dashboards", "title": "KubeServe", "tags": ["kubeserve"], "asDropdown": false, "icon": "external link",
              "includeVars": true, "keepTime": true, "targetBlank": false, "tooltip": "", "url": ""}]
            """));
    dashboard.putObject("templating").set("list", variables);
    dashboard.putObject("annotations").set("list", annotations);
    dashboard.set("panels", layout());
    return dashboard;
  }

  private ArrayNode layout() {
    ArrayNode panels = JSON.createArrayNode();
    int x = 0;
    int y = 0;
    int height = 0;
    for (Object element : content) {
      int width = element instanceof Panel panel ? panel.width() : COLUMNS;
      if (x + width > COLUMNS) {
        y += height;
        x = 0;
        height = 0;
      }
      int id = panels.size() + 1;
      if (element instanceof Panel panel) {
        panels.add(panel.json(id, x, y));
        height = Math.max(height, panel.height());
      } else {
        panels.add(rowJson(id, (String) element, y));
        height = 1;
      }
      x += width;
    }
    return panels;
  }

  private static ObjectNode rowJson(int id, String rowTitle, int y) {
    ObjectNode row = JSON.createObjectNode();
    row.put("id", id).put("type", "row").put("title", rowTitle).put("collapsed", false);
    row.putObject("gridPos").put("h", 1).put("w", COLUMNS).put("x", 0).put("y", y);
    row.putArray("panels");
    return row;
  }
}
