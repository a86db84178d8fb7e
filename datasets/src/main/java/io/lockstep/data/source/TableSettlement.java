package io.lockstep.data.source;

import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import java.util.List;

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
      throw new InputException(name + ": holds no examples.");
    }
    if (options.labelKind() == CsvOptions.LabelKind.NUMBER) {
      return Settled.of(layout, reports, new Labels.Targets(layout.targets()), false);
    }
    return new ClassNames(name, layout.targets().get(0), options.classes(), reports).settle(layout);
  }
}
