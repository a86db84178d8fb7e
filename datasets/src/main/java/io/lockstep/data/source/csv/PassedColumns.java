package io.lockstep.data.source.csv;

import io.lockstep.data.source.ToScore;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The columns of a table that are passed through to scores.
 *
 * @param numbers of the columns
 * @param names that they have among the scores: those of the table; but {@code _c0}, as Spark has
 *     it, for a column without a name, and with its number appended for one that comes again
 */
@SuppressWarnings("ArrayRecordComponent") // compared by nobody
public record PassedColumns(int[] numbers, List<String> names) {
  public PassedColumns {
    names = List.copyOf(names);
  }

  /**
   * The columns that are asked for.
   *
   * @param columns of the table
   */
  public static PassedColumns of(CsvColumns columns, ToScore how) {
    int[] numbers =
        !how.on()
            ? new int[0]
            : how.all()
                ? IntStream.range(0, columns.header().size()).toArray()
                : columns.numbers(how.columns());
    Set<String> taken = new TreeSet<>(); // names differ in more than case
    List<String> names = new ArrayList<>();
    for (int column : numbers) {
      String name = columns.header().get(column);
      boolean named = columns.options().header() && !name.isEmpty();
      String unique = named ? name : "_c" + column;
      if (!taken.add(unique.toLowerCase(Locale.ROOT))) {
        unique += column;
        taken.add(unique.toLowerCase(Locale.ROOT));
      }
      names.add(unique);
    }
    return new PassedColumns(numbers, names);
  }
}
