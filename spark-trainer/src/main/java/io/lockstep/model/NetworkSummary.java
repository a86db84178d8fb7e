package io.lockstep.model;

import io.lockstep.compute.KernelReport;
import io.lockstep.config.Origins;
import io.lockstep.data.Labels;
import io.lockstep.data.block.Field;
import io.lockstep.plan.ModelPlan;
import io.lockstep.plan.Plan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * A network as a table, as Keras prints it: layer, output shape, parameters, and who computes it.
 */
public final class NetworkSummary {
  private NetworkSummary() {}

  /**
   * Describes the network of a plan as it trains; creates it for a moment.
   *
   * @param input what an example consists of
   * @return lines with a line feed after each
   */
  public static String of(Plan plan, NetworkInput input, Labels labels, Origins origins) {
    NetworkConfiguration configuration =
        NetworkBuilder.build(plan.model(), input, labels, plan.seed(), origins);
    Blueprint.Assembled assembled = Blueprint.of(configuration, plan.compute()).assemble();
    try {
      List<Row> rows = rows(layers(assembled.network()));
      if (plan.model() instanceof ModelPlan.Layered layered) {
        rows = rows(NetworkShapes.of(layered, input, labels, origins), rows);
      }
      return print(input, rows, assembled.kernels());
    } finally {
      assembled.network().close();
    }
  }

  private static List<Layer> layers(Model network) {
    return Arrays.asList(
        network instanceof ComputationGraph graph
            ? graph.getLayers()
            : ((MultiLayerNetwork) network).getLayers());
  }

  /** A line of the table. */
  private record Row(String name, String type, String output, long parameters) {}

  private static List<Row> rows(List<Layer> layers) {
    List<Row> rows = new ArrayList<>();
    for (Layer layer : layers) {
      var conf = layer.conf().getLayer();
      String name =
          conf.getLayerName() == null ? String.valueOf(layer.getIndex()) : conf.getLayerName();
      rows.add(new Row(name, conf.getClass().getSimpleName(), "", layer.numParams()));
    }
    return rows;
  }

  /** The plan's own layers, flatten included, with the parameters of DL4J's of the same name. */
  private static List<Row> rows(NetworkShapes shapes, List<Row> layers) {
    Map<String, Row> byName = new HashMap<>();
    layers.forEach(row -> byName.put(row.name, row));
    List<Row> rows = new ArrayList<>();
    for (int i = 0; i < shapes.plan().layers().size(); i++) {
      Row layer = byName.get(shapes.name(i));
      rows.add(
          new Row(
              shapes.name(i),
              shapes.layer(i).word(),
              shapes.output(i).toString(),
              layer == null ? 0 : layer.parameters));
    }
    return rows;
  }

  private static String print(NetworkInput input, List<Row> rows, Optional<KernelReport> report) {
    Map<String, String> kernels = new HashMap<>();
    report.stream()
        .flatMap(it -> it.layers().stream())
        .forEach(
            entry ->
                kernels.put(
                    entry.layer(), entry.accelerated() ? entry.how() : "DL4J, " + entry.how()));
    List<List<String>> table = new ArrayList<>();
    table.add(List.of("layer", "output", "parameters", report.isEmpty() ? "" : "computed by"));
    for (Field each : input.inputs()) {
      String name = input.inputs().size() == 1 ? "input" : "input " + each.name();
      table.add(List.of(name, input.features(each).toString(), "", ""));
    }
    long total = 0;
    for (Row row : rows) {
      total += row.parameters;
      table.add(
          List.of(
              row.name,
              row.output.isEmpty() ? row.type : row.output,
              String.format(Locale.ROOT, "%,d", row.parameters),
              kernels.getOrDefault(row.name, "")));
    }
    String size =
        String.format(Locale.ROOT, "%,d parameters, %.1f MB as float32%n", total, total * 4 / 1e6);
    String machine = report.map(it -> it.updater() + "\n" + it.platform() + "\n").orElse("");
    return align(table) + size + machine;
  }

  private static String align(List<List<String>> table) {
    int[] widths = new int[4];
    for (List<String> row : table) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : table) {
      String line =
          String.format(
              "%-" + widths[0] + "s  %-" + widths[1] + "s  %" + widths[2] + "s  %s", row.toArray());
      text.append(line.stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
