package io.lockstep.data.source.series;

import io.lockstep.data.InputException;
import io.lockstep.data.file.DataFile;
import io.lockstep.data.file.DataFiles;
import io.lockstep.data.source.csv.CsvProblems;
import io.lockstep.data.source.csv.CsvRows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/**
 * A file with the class of each sequence: lines {@code name,class}, the name being that of the
 * sequence, or of its file with or without its ending; or, of files, a class a line in the order of
 * their names.
 *
 * @param file with the labels
 * @param lines one or two values each
 * @param numbers of the lines
 */
record SequenceLabels(String file, List<String[]> lines, List<Long> numbers) {
  /**
   * The classes of files that are a sequence each, in their order.
   *
   * @throws InputException if the lines do not fit the files
   */
  static List<String> ofFiles(Configuration hadoop, SequencesOptions options, List<DataFile> files)
      throws IOException {
    return read(hadoop, options).of(files);
  }

  /**
   * The classes of sequences by their names.
   *
   * @throws InputException if the file is no list of names and classes
   */
  static Map<String, String> byName(Configuration hadoop, SequencesOptions options)
      throws IOException {
    SequenceLabels labels = read(hadoop, options);
    if (!labels.lines.isEmpty() && labels.lines.get(0).length == 1) {
      throw new InputException(
          labels.file
              + ": each line is a class alone, but sequences of a table are known by their names."
              + " Write name,class in each line.");
    }
    return labels.byName();
  }

  private static SequenceLabels read(Configuration hadoop, SequencesOptions options)
      throws IOException {
    DataFile file = DataFiles.one(hadoop, options.labelsFile());
    List<String[]> lines = new ArrayList<>();
    List<Long> numbers = new ArrayList<>();
    try (DataFile.Content content = file.openContent(hadoop);
        var rows =
            new CsvRows(
                options.table().encoding().utf8(content.in()),
                options.table().encoding(),
                options.table().delimiter())) {
      while (rows.next()) {
        lines.add(rows.values().toArray(String[]::new));
        numbers.add(rows.line());
        int size = rows.size();
        if (size > 2 || size != lines.get(0).length) {
          throw new InputException(
              String.format(
                  Locale.ROOT,
                  "%s line %,d: %d values; each line is a name and a class, or each a class alone.",
                  file.name(),
                  rows.line(),
                  size));
        }
      }
      if (rows.problem() != null) {
        throw new InputException(CsvProblems.text(file.name(), "line", 0, rows.problem()));
      }
      if (rows.openQuote() != 0) {
        throw new InputException(CsvProblems.openQuote(file.name(), rows.openQuote()));
      }
    }
    return new SequenceLabels(file.name(), lines, numbers);
  }

  private List<String> of(List<DataFile> files) {
    if (lines.size() != files.size()) {
      throw new InputException(
          String.format(
              Locale.ROOT,
              "%s: %,d lines with labels, but there are %,d sequences (%s to %s). Each file needs"
                  + " one line.",
              file,
              lines.size(),
              files.size(),
              name(files.get(0)),
              name(files.get(files.size() - 1))));
    }
    return lines.get(0).length == 1 ? lines.stream().map(line -> line[0]).toList() : named(files);
  }

  private Map<String, String> byName() {
    Map<String, String> known = new HashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      if (known.put(lines.get(i)[0], lines.get(i)[1]) != null) {
        throw new InputException(
            String.format(
                Locale.ROOT,
                "%s line %,d: '%s' comes twice.",
                file,
                numbers.get(i),
                lines.get(i)[0]));
      }
    }
    return known;
  }

  private List<String> named(List<DataFile> files) {
    Map<String, String> known = byName();
    List<String> labels = new ArrayList<>();
    for (DataFile each : files) {
      String name = name(each);
      int dot = name.indexOf('.');
      String label = known.get(name);
      label = label == null && dot > 0 ? known.get(name.substring(0, dot)) : label;
      if (label == null) {
        throw new InputException("%s: there is no line for the file %s.".formatted(file, name));
      }
      labels.add(label);
    }
    return labels;
  }

  static String name(DataFile file) {
    return file.name().substring(file.name().lastIndexOf('/') + 1);
  }
}
