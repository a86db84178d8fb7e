package io.lockstep.data.source.csv;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.block.Field;
import io.lockstep.data.source.ClassNames;
import io.lockstep.data.source.Settled;
import io.lockstep.data.source.SkippedRecords;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SplitReport;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What becomes of the reports of a table in which nothing was wrong, whatever it was read from. */
final class TableSettlement {
  private TableSettlement() {}

  /**
   * @param name of the table, for messages
   * @throws InputException if it is empty, or its labels are no classes
   */
  static Settled of(
      String name, CsvOptions options, SourceLayout layout, List<SplitReport> reports) {
    if (reports.stream().mapToLong(SplitReport::examples).sum() == 0) {
      throw new InputException(name + ": " + nothing(SkippedRecords.of(layout, reports)));
    }
    if (layout.schema().labels().isEmpty()) { // to be scored
      return Settled.of(layout, reports, new Labels.Targets(List.of("unknown")), false);
    }
    List<Labels> labels = new ArrayList<>();
    List<SplitReport> named = reports;
    List<Labels> found = new ArrayList<>();
    int at = 0; // in the names of all label columns
    for (int output = 0; output < layout.schema().labels().size(); output++) {
      if (options.labelKinds().get(output) == CsvOptions.LabelKind.NUMBER) {
        int width = layout.schema().labels().get(output).width();
        labels.add(new Labels.Targets(layout.targets().subList(at, at + width)));
        found.add(labels.get(output));
        at += width;
        continue;
      }
      List<String> given = options.allClasses().get(output);
      var classes = new ClassNames(name, layout.targets().get(at++), given, named, output);
      named = classes.named();
      found.add(classes.ids());
      labels.add(classes.labels());
    }
    boolean anyNames = labels.stream().anyMatch(Labels.Classes.class::isInstance);
    return Settled.of(layout, named, united(layout, found), anyNames)
        .withLabels(united(layout, labels));
  }

  private static String nothing(SkippedRecords skipped) {
    if (skipped.total() == 0) {
      return "holds no examples.";
    }
    SkippedRecords.Place first = skipped.first().get(0);
    return String.format(
        Locale.ROOT,
        "none of the %,d rows can be used: %s. The first: %s: %s",
        skipped.total(),
        skipped.kinds(),
        first.where(),
        first.message());
  }

  private static Labels united(SourceLayout layout, List<Labels> each) {
    return each.size() == 1
        ? each.get(0)
        : new Labels.Several(layout.schema().labels().stream().map(Field::name).toList(), each);
  }
}
