package io.kubeserve.grafana;

import io.kubeserve.grafana.Query.Idle;
import io.kubeserve.grafana.Query.Kind;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A panel while it is being put together. */
final class Panel {
  static final String NO_TRAFFIC = "No traffic";

  /** The chart's scrape interval: a shorter step would ask for rates of one sample. */
  static final String INTERVAL = "30s";

  private static final JsonMapper JSON = new JsonMapper();

  private final String type;
  private final String title;
  private final String description;
  private final int width;
  private final List<Query> queries = new ArrayList<>();
  private final ObjectNode defaults = JSON.createObjectNode();
  private final ArrayNode overrides = JSON.createArrayNode();
  private final ObjectNode options = JSON.createObjectNode();
  private final ArrayNode transformations = JSON.createArrayNode();

  private Panel(String type, String title, String unit, int width, String description) {
    this.type = type;
    this.title = title;
    this.description = description;
    this.width = width;
    defaults.put("unit", unit);
    noValue("No data");
    defaults.set(
        "mappings",
        tree(
            """
            [{"type": "special", "options": {"match": "nan", "result": {"text": "%s", "index": 0}}}]
            """
                .formatted(NO_TRAFFIC)));
  }

  /** A number, and how it went. */
  static Panel stat(String title, String unit, String description) {
    Panel panel = new Panel("stat", title, unit, 4, description);
    panel.options(
        """
        {"reduceOptions": {"values": false, "calcs": ["lastNotNull"], "fields": ""}, "graphMode": "area",
         "colorMode": "value", "textMode": "auto", "justifyMode": "auto", "orientation": "auto"}
        """);
    return panel.thresholds("green");
  }

  static Panel timeseries(String title, String unit, String description) {
    Panel panel = new Panel("timeseries", title, unit, 12, description);
    panel.options(
        """
        {"legend": {"displayMode": "table", "placement": "bottom", "showLegend": true, "calcs": ["mean", "max", "lastNotNull"]},
         "tooltip": {"mode": "multi", "sort": "desc"}}
        """);
    panel.defaults.set(
        "custom",
        tree(
            """
            {"drawStyle": "line", "lineWidth": 1, "fillOpacity": 10, "showPoints": "never", "spanNulls": false,
             "stacking": {"mode": "none", "group": "A"}}
            """));
    return panel.min(0);
  }

  static Panel heatmap(String title, String unit, String description) {
    Panel panel = new Panel("heatmap", title, "short", 12, description);
    return panel.options(
        """
        {"calculate": false, "cellGap": 1, "color": {"mode": "scheme", "scheme": "Blues", "steps": 64, "exponent": 0.5, "fill": "dark-blue"},
         "yAxis": {"unit": "%s", "axisPlacement": "left", "reverse": false}, "rowsFrame": {"layout": "le"},
         "tooltip": {"mode": "single", "yHistogram": false}, "legend": {"show": true}, "exemplars": {"color": "orange"},
         "cellValues": {}, "filterValues": {"le": 1e-9}, "showValue": "never"}
        """
            .formatted(unit));
  }

  /** A table of one row for each set of labels, with a query for each column. */
  static Panel table(String title, String description) {
    Panel panel = new Panel("table", title, "short", 24, description);
    panel.options("{\"showHeader\": true, \"cellHeight\": \"sm\", \"footer\": {\"show\": false}}");
    panel.defaults.set(
        "custom", tree("{\"align\": \"auto\", \"filterable\": true, \"inspect\": false}"));
    return panel;
  }

  Panel query(String legend, String expression) {
    return add(legend, expression, Kind.RANGE, Idle.VALUE);
  }

  /** A ratio or an average: nothing while there is no traffic. */
  Panel ratio(String legend, String expression) {
    noValue(NO_TRAFFIC);
    return add(legend, expression, Kind.RANGE, Idle.NOTHING);
  }

  /** A quantile of a histogram, with the exemplars of its predictions. */
  Panel quantile(String legend, String expression) {
    noValue(NO_TRAFFIC);
    return add(legend, expression, Kind.RANGE_WITH_EXEMPLARS, Idle.NOTHING);
  }

  /** Of HTTP requests, of which scrapes and probes may be some. */
  Panel requests(String legend, String expression) {
    noValue(NO_TRAFFIC);
    return add(legend, expression, Kind.RANGE, Idle.EITHER);
  }

  /** Of what only some servers tell: stages, batches, streams. */
  Panel told(String legend, String expression) {
    noValue("No traffic, or the server does not tell");
    return add(legend, expression, Kind.RANGE, Idle.WHERE_TOLD);
  }

  /** Of errors whose series begin with the first of them. */
  Panel failures(String legend, String expression) {
    noValue("No errors");
    return add(legend, expression, Kind.RANGE, Idle.NO_ERRORS);
  }

  /** A quantile over HTTP requests. */
  Panel requestQuantile(String legend, String expression) {
    noValue(NO_TRAFFIC);
    return add(legend, expression, Kind.RANGE_WITH_EXEMPLARS, Idle.EITHER);
  }

  Panel instant(String legend, String expression) {
    return add(legend, expression, Kind.INSTANT, Idle.VALUE);
  }

  Panel buckets(String expression) {
    return add("{{le}}", expression, Kind.BUCKETS, Idle.VALUE);
  }

  /** A column, under a title, in a unit. */
  Panel column(String column, String unit, String expression, Idle idle) {
    String reference = reference(queries.size());
    overrides.add(
        tree(
            """
            {"matcher": {"id": "byName", "options": "Value #%s"},
             "properties": [{"id": "displayName", "value": "%s"}, {"id": "unit", "value": "%s"}]}
            """
                .formatted(reference, column, unit)));
    return add(column, expression, Kind.TABLE, idle);
  }

  private Panel add(String legend, String expression, Kind kind, Idle idle) {
    queries.add(new Query(legend, expression.strip(), kind, idle));
    return this;
  }

  /**
   * Colours: the first, then pairs of a value and the colour from there on, in the panel's unit.
   */
  Panel thresholds(String first, Object... steps) {
    ObjectNode thresholds = JSON.createObjectNode().put("mode", "absolute");
    ArrayNode list = thresholds.putArray("steps");
    list.addObject().put("color", first).putNull("value");
    for (int i = 0; i < steps.length; i += 2) {
      list.addObject()
          .put("color", (String) steps[i + 1])
          .put("value", ((Number) steps[i]).doubleValue());
    }
    defaults.set("thresholds", thresholds);
    return this;
  }

  Panel min(double min) {
    defaults.put("min", min);
    return this;
  }

  Panel max(double max) {
    defaults.put("max", max);
    return this;
  }

  Panel noValue(String text) {
    defaults.put("noValue", text);
    return this;
  }

  Panel stacked() {
    ((ObjectNode) defaults.at("/custom/stacking")).put("mode", "normal");
    return this;
  }

  /** Draws the series whose legend starts so as dashed lines: they are limits. */
  Panel dashed(String legend) {
    overrides.add(
        tree(
            """
            {"matcher": {"id": "byRegexp", "options": "/^%s/"},
             "properties": [{"id": "custom.lineStyle", "value": {"fill": "dash", "dash": [10, 10]}},
                            {"id": "custom.fillOpacity", "value": 0},
                            {"id": "custom.stacking", "value": {"mode": "none", "group": "limits"}}]}
            """
                .formatted(legend)));
    return this;
  }

  /** A link on a column of a table. */
  Panel link(String column, String title, String url) {
    ObjectNode override =
        (ObjectNode)
            tree(
                """
                {"matcher": {"id": "byName", "options": "%s"}, "properties": [{"id": "links", "value": [{"targetBlank": false}]}]}
                """
                    .formatted(column));
    ((ObjectNode) override.at("/properties/0/value/0")).put("title", title).put("url", url);
    overrides.add(override);
    return this;
  }

  Panel transformation(String json) {
    transformations.add(tree(json));
    return this;
  }

  private Panel options(String json) {
    options.setAll((ObjectNode) tree(json));
    return this;
  }

  int width() {
    return width;
  }

  int height() {
    return type.equals("stat") ? 4 : 8;
  }

  String title() {
    return title;
  }

  List<Query> queries() {
    return List.copyOf(queries);
  }

  ObjectNode json(int id, int x, int y) {
    ObjectNode panel = JSON.createObjectNode();
    panel.put("id", id).put("type", type).put("title", title).put("description", description);
    panel.set("datasource", Dashboard.datasource());
    panel.putObject("gridPos").put("h", height()).put("w", width).put("x", x).put("y", y);
    ObjectNode fieldConfig = panel.putObject("fieldConfig");
    fieldConfig.set("defaults", defaults);
    fieldConfig.set("overrides", overrides);
    panel.set("options", options);
    if (!transformations.isEmpty()) {
      panel.set("transformations", transformations);
    }
    ArrayNode targets = panel.putArray("targets");
    for (Query query : queries) {
      targets.add(target(query, reference(targets.size())));
    }
    return panel;
  }

  private static String reference(int index) {
    return String.valueOf((char) ('A' + index));
  }

  private static ObjectNode target(Query query, String reference) {
    ObjectNode target = JSON.createObjectNode().put("refId", reference);
    target.set("datasource", Dashboard.datasource());
    target.put("expr", query.expression()).put("legendFormat", query.legend());
    target.put("interval", INTERVAL).put("editorMode", "code");
    boolean instant = query.kind() == Kind.INSTANT || query.kind() == Kind.TABLE;
    target.put("instant", instant).put("range", !instant);
    if (query.kind() == Kind.RANGE_WITH_EXEMPLARS) {
      target.put("exemplar", true);
    }
    if (query.kind() == Kind.TABLE) {
      target.put("format", "table");
    } else if (query.kind() == Kind.BUCKETS) {
      target.put("format", "heatmap");
    }
    return target;
  }

  static JsonNode tree(String json) {
    return JSON.readTree(json);
  }
}
