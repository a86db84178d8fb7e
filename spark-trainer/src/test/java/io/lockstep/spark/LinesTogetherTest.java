package io.lockstep.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.score.CsvLine;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LinesTogetherTest {
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 63, 64, 65, 128, 1001})
  void joinsAllLinesInTheirOrderIntoTheRecordsThatAreCounted(int rows) {
    List<Object[]> values =
        IntStream.range(0, rows).mapToObj(i -> new Object[] {i, "a\nb,\"" + i, null}).toList();

    List<String> records = new ArrayList<>();
    new LinesTogether().call(values.iterator()).forEachRemaining(records::add);

    assertThat(records).hasSize((int) LinesTogether.count(rows));
    assertThat(String.join("\n", records)).isEqualTo(String.join("\n", lines(values.stream())));
  }

  private static List<String> lines(Stream<Object[]> rows) {
    return rows.map(CsvLine::of).toList();
  }
}
