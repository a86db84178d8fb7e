package io.lockstep.data.normalize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.lockstep.data.normalize.Column.Gap;
import io.lockstep.data.normalize.Column.Missing;
import io.lockstep.data.normalize.Column.Scale;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** What is learned of a column is what a plain loop over its values gives. */
class ColumnStatisticsTest {
  private static Column number(Missing missing) {
    return new Column(
        "n", new Column.Numbers(Scale.STANDARDIZE, false), new Gap(missing, "", false));
  }

  private static ColumnEncoding.OfNumber fitted(Missing missing, double[]... parts)
      throws IOException {
    ColumnStatistics whole = ColumnStatistics.of(number(missing), List.of());
    for (double[] part : parts) {
      ColumnStatistics own = ColumnStatistics.of(number(missing), List.of());
      Arrays.stream(part).forEach(own::add);
      var bytes = new ByteArrayOutputStream();
      own.writeTo(new DataOutputStream(bytes));
      ColumnStatistics travelled = ColumnStatistics.of(number(missing), List.of());
      travelled.readFrom(new DataInputStream(new ByteArrayInputStream(bytes.toByteArray())));
      whole.merge(travelled);
    }
    return (ColumnEncoding.OfNumber) whole.finish();
  }

  @Test
  void mediansAreExactHoweverTheValuesAreCut() throws IOException {
    var random = new SplittableRandom(3);
    double[] values = random.doubles(5000, -1e3, 1e6).toArray();
    values[7] = Double.NaN;
    double[] there = Arrays.stream(values).filter(it -> !Double.isNaN(it)).sorted().toArray();
    for (int cut : new int[] {0, 1, 2500, 4999}) {
      var found =
          fitted(
              Missing.MEDIAN,
              Arrays.copyOfRange(values, 0, cut),
              Arrays.copyOfRange(values, cut, values.length));
      assertThat(found.fill()).isEqualTo(there[2499]);
    }
    assertThat(fitted(Missing.MEDIAN, new double[] {4, 1, 3, 2}).fill()).isEqualTo(2.5);
    assertThat(fitted(Missing.MOST_FREQUENT, new double[] {9, -0.0, 5, 9, 0, 0}).fill())
        .isEqualTo(0);
  }

  @Test
  void ofVeryManyNumbersTheMedianIsGoodToManyDigits() throws IOException {
    var random = new SplittableRandom(4);
    double[] values = random.doubles(200_000, 1, 2).toArray();
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double median = (sorted[99_999] + sorted[100_000]) / 2;
    var one = fitted(Missing.MEDIAN, values);
    var two =
        fitted(
            Missing.MEDIAN,
            Arrays.copyOfRange(values, 0, 70_000),
            Arrays.copyOfRange(values, 70_000, values.length));
    assertThat(one.fill()).isCloseTo(median, within(1e-4)).isEqualTo(two.fill());
  }

  @Test
  void wordsThatAreRareOrUnknownAreAnother() {
    Column column = new Column("w", new Column.Words(2, 2, List.of()), Gap.FAIL);
    List<String> dictionary = List.of("a", "b", "c", "d");
    ColumnStatistics counts = ColumnStatistics.of(column, dictionary);
    for (double id : new double[] {3, 3, 3, 1, 1, 0, 0, 0, 2}) {
      counts.add(id);
    }
    ColumnEncoding found = counts.finish();
    assertThat(found.names()).containsExactly("w=a", "w=d", "w is another");
    ColumnEncoding elsewhere = found.over(List.of("d", "z", "a"));
    float[] features = new float[12];
    for (int id = -1; id < 3; id++) {
      elsewhere.encode(id, features, 3 * (id + 1));
    }
    assertThat(features).containsExactly(0, 0, 1, 0, 1, 0, 0, 0, 1, 1, 0, 0);
  }

  @Test
  void anEncodingIsWhatItsJsonSays() throws IOException {
    ColumnEncoding number = fitted(Missing.MEAN, new double[] {0.1, 0.7, 1e-9});
    Column words = new Column("w", new Column.Words(1, 9, List.of()), Gap.FAIL);
    ColumnStatistics counts = ColumnStatistics.of(words, List.of("x, y", ""));
    counts.add(0);
    var encoding = new Encoding(List.of(number, counts.finish()));
    Encoding read = (Encoding) Normalizer.fromJson(encoding.toJson());
    assertThat(read.names()).isEqualTo(encoding.names());
    assertThat(read.toJson()).isEqualTo(encoding.toJson());
    assertThat(((ColumnEncoding.OfNumber) read.columns().get(0)).fill())
        .isEqualTo(((ColumnEncoding.OfNumber) number).fill());
  }
}
