package io.lockstep.data.source.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.ZstdOutputStream;
import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.block.Block;
import io.lockstep.data.source.ReadInSplits;
import io.lockstep.data.source.Settled;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.io.compress.BZip2Codec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A table is the same however it is cut, and wrong in the same place. */
class CsvSplitsTest {
  private static final Configuration HADOOP = new Configuration();

  @TempDir Path folder;

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  /** Examples as text, and what is known of them. */
  private record Read(List<String> rows, Settled settled) {}

  private static Read read(CsvSource source, long splitBytes) throws IOException {
    return read(source, source.layout(HADOOP, splitBytes));
  }

  private static Read read(CsvSource source, SourceLayout layout) throws IOException {
    ReadInSplits read = ReadInSplits.of(source, layout);
    Settled settled = read.settled();
    List<String> rows = new ArrayList<>();
    for (Block block : read.blocks()) {
      for (int row = 0; row < block.size(); row++) {
        var text = new StringBuilder().append(block.id(row)).append(':');
        for (int column = 0; column < 2; column++) {
          int width = block.schema().fields().get(column).width();
          for (int i = 0; i < width; i++) {
            text.append(' ').append(block.values(column).at(row * width + i));
          }
        }
        rows.add(text.toString());
      }
    }
    return new Read(rows, settled);
  }

  private static String table(int rows, boolean quoted) {
    var random = new SplittableRandom(5);
    var text = new StringBuilder("a,note,b,kind\n");
    for (int i = 0; i < rows; i++) {
      text.append(1_700_000_000L + i).append(',');
      text.append(quoted && random.nextInt(4) == 0 ? "\"line\nbreak, \"\"and\"\" more\"" : "x");
      text.append(',').append(random.nextDouble()).append(',');
      text.append("cab".charAt(random.nextInt(3))).append(random.nextInt(9) == 0 ? "\n\n" : "\n");
    }
    return text.toString();
  }

  private static CsvOptions options() {
    return CsvOptions.classes("kind").withFeatures("b", "a");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void isTheSameWhereverItIsCut(boolean lineBreaksInQuotes) throws IOException {
    Path file = write("t.csv", table(60, lineBreaksInQuotes));
    var source = new CsvSource(file.toString(), options());
    Read whole = read(source, 1 << 20);
    assertThat(whole.rows()).hasSize(60);
    assertThat(whole.settled().labels().names()).containsExactly("a", "b", "c");
    for (int bytes = 1; bytes < 120; bytes += bytes < 40 ? 1 : 7) {
      assertThat(read(source, bytes).rows()).as("splits of %d", bytes).isEqualTo(whole.rows());
    }
  }

  @Test
  void theContentsHashKnowsTheContentNotThePath() throws IOException {
    String first = hash(write("one.csv", table(30, false)));
    assertThat(hash(write("two.csv", table(30, false)))).isEqualTo(first);
    assertThat(hash(write("one.csv", table(30, false).replace("1700000007", "1700000008"))))
        .isNotEqualTo(first);
  }

  private static String hash(Path file) throws IOException {
    return read(new CsvSource(file.toString(), options()), 1 << 20).settled().hash();
  }

  @Test
  void packedFilesAndFoldersOfPartsAreTheSame() throws IOException {
    String table = table(40, true);
    List<String> plain =
        read(new CsvSource(write("t.csv", table).toString(), options()), 64).rows();
    Path packed = folder.resolve("t.csv.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed))) {
      out.write(table.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(read(new CsvSource(packed.toString(), options()), 64).rows()).isEqualTo(plain);

    Path parts = Files.createDirectory(folder.resolve("parts"));
    String flat = table(40, false);
    int cut = flat.indexOf('\n', flat.length() / 2) + 1;
    Files.writeString(parts.resolve("part-0"), flat.substring(0, cut));
    Files.writeString(parts.resolve("part-1"), "a,note,b,kind\n" + flat.substring(cut));
    Files.writeString(parts.resolve("_SUCCESS"), "");
    assertThat(read(new CsvSource(parts.toString(), options()), 100).rows())
        .isEqualTo(read(new CsvSource(write("flat.csv", flat).toString(), options()), 90).rows());
  }

  @Test
  void aLineIsCountedOverTheWholeFile() throws IOException {
    String table = table(60, false);
    String[] lines = table.split("\n", -1);
    lines[40] = "1,x,oops,a";
    var source = new CsvSource(write("t.csv", String.join("\n", lines)).toString(), options());
    for (int bytes : new int[] {50, 333, 1 << 20}) {
      assertThatThrownBy(() -> read(source, bytes))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("t.csv line 41: column 'b': 'oops' is not a number");
    }
  }

  @Test
  void anOpenQuoteIsReportedWhereItBegins() throws IOException {
    String[] lines = table(60, false).split("\n", -1);
    lines[30] = "1,\"never closed,2,a";
    var source = new CsvSource(write("t.csv", String.join("\n", lines)).toString(), options());
    for (int bytes : new int[] {100, 1 << 20}) {
      assertThatThrownBy(() -> read(source, bytes))
          .hasMessageContaining("t.csv line 31: a quote begins that is never closed");
    }
  }

  @Test
  void allColumnsOfWordsAreToldAtOnce() throws IOException {
    Path file = write("w.csv", "name,age,town,y\nann,3,rome,1\nbob,4,oslo,0\n");
    assertThatThrownBy(() -> read(new CsvSource(file.toString(), CsvOptions.classes("y")), 999))
        .hasMessageContaining("2 columns")
        .hasMessageContaining("line 2: column 'name': 'ann' is not a number")
        .hasMessageContaining("line 2: column 'town': 'rome' is not a number");
  }

  @Test
  void aTestSetHasTheColumnsOfTrainingByName() throws IOException {
    Path train = write("train.csv", "a,b,y\n1,2,u\n3,4,v\n");
    Path other = write("other.csv", "extra,b,y,a\n9,2,u,1\n9,4,v,3\n");
    var source = new CsvSource(train.toString(), CsvOptions.classes("y"));
    Read trained = read(source, 999);
    SourceLayout layout = source.layout(HADOOP);
    CsvSource same =
        new CsvSource(other.toString(), CsvOptions.classes("y"))
            .like(trained.settled().labels(), layout.columns());
    assertThat(read(same, 999).rows()).isEqualTo(trained.rows());

    Path lacking = write("lacking.csv", "a,y\n1,u\n");
    assertThatThrownBy(
            () ->
                read(
                    new CsvSource(lacking.toString(), CsvOptions.classes("y"))
                        .like(trained.settled().labels(), layout.columns()),
                    999))
        .hasMessageContaining("there is no column 'b'");
  }

  @Test
  void aFirstExampleIsNoHeader() throws IOException {
    Path iris = write("iris.csv", "5.1,3.5,1.4,setosa\n4.9,3.0,1.4,setosa\n7,3.2,4.7,virginica\n");
    assertThatThrownBy(() -> new CsvSource(iris.toString(), CsvOptions.classes("3")).layout(HADOOP))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("Set header: false");
    Path years = write("years.csv", "town,2019,2020,2021\nx,1,2,3\ny,4,5,6\n");
    new CsvSource(years.toString(), CsvOptions.classes("town")).layout(HADOOP);
  }

  @Test
  void numbersWrittenInSeveralWaysAreOneClass() throws IOException {
    Path file = write("c.csv", "x,y\n1,1\n2,1.0\n3,0\n4,0.00\n");
    Read read = read(new CsvSource(file.toString(), CsvOptions.classes("y")), 5);
    assertThat(read.settled().labels().names()).containsExactly("0", "1");
    assertThat(read.rows().get(1)).endsWith(" 1.0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gz", "bz2", "zst"})
  void aPackedTableIsTheTable(String packing) throws IOException {
    String table = table(60, true);
    Read plain = read(new CsvSource(write("t.csv", table).toString(), options()), 1 << 20);
    Path packed = folder.resolve("t.csv." + packing);
    try (OutputStream out = packed(packing, Files.newOutputStream(packed))) {
      out.write(table.getBytes(StandardCharsets.UTF_8));
    }
    Read read = read(new CsvSource(packed.toString(), options()), 50);
    assertThat(read.rows()).isEqualTo(plain.rows());
    assertThat(read.settled().hash()).isEqualTo(plain.settled().hash());
    assertThat(read.settled().layout().splits()).hasSize(1);
  }

  private static OutputStream packed(String packing, OutputStream out) throws IOException {
    return switch (packing) {
      case "gz" -> new GZIPOutputStream(out);
      case "zst" -> new ZstdOutputStream(out);
      default -> {
        BZip2Codec codec = new BZip2Codec();
        codec.setConf(HADOOP);
        yield codec.createOutputStream(out);
      }
    };
  }

  /** What else would be wrong in it follows from its header. */
  @Test
  void aPartFileWithOtherColumnsIsToldOnceByName() throws IOException {
    Path parts = Files.createDirectory(folder.resolve("parts"));
    Files.writeString(parts.resolve("part-0.csv"), "a,b,y\n1,2,u\n3,4,v\n");
    Files.writeString(parts.resolve("part-1.csv"), "a,y,b\n1,u,2\n3,v,4\n");
    Files.writeString(parts.resolve("part-2.csv"), "a,b,y\n1,2,u\n");
    for (int bytes : new int[] {7, 1 << 20}) {
      assertThatThrownBy(
              () -> read(new CsvSource(parts.toString(), CsvOptions.classes("y")), bytes))
          .isInstanceOf(InputException.class)
          .message()
          .endsWith(
              "part-1.csv line 1: the header (a, y, b) is not that of the first file (a, b, y). All"
                  + " files of a table have the same columns in the same order.")
          .doesNotContain("\n");
    }
  }

  @Test
  void oneClassCanBeMeasuredButNotLearned() throws IOException {
    Path file = write("one.csv", "x,y\n1,u\n2,u\n");
    var source = new CsvSource(file.toString(), CsvOptions.classes("y"));
    assertThatThrownBy(() -> read(source, 99)).hasMessageContaining("only the class 'u'");
    CsvSource known = source.like(new Labels.Classes(List.of("t", "u")), List.of("x"));
    assertThat(read(known, 99).rows()).hasSize(2);
  }

  @Test
  void hintsAreTrue() throws IOException {
    Path file = write("h.csv", "x,y\n\"1,234\",u\n2,v\n");
    assertThatThrownBy(() -> read(new CsvSource(file.toString(), CsvOptions.classes("y")), 99))
        .hasMessageContaining("without commas between the thousands");
    var prices = new StringBuilder("x,price\n");
    for (int i = 0; i < 50; i++) {
      prices.append(i).append(',').append(i * 1.37).append('\n');
    }
    Path priced = write("p.csv", prices.toString());
    assertThatThrownBy(
            () -> read(new CsvSource(priced.toString(), CsvOptions.classes("price")), 99))
        .hasMessageContaining("targets: [price]");
  }

  @Test
  void targetsAreFeaturesOnlyIfThatIsSaid() throws IOException {
    String file = write("r.csv", "a,b\n1,2\n3,4\n").toString();
    CsvOptions options = CsvOptions.reconstruction();
    assertThat(read(new CsvSource(file, options), 99).rows())
        .containsExactly("0: 1.0 2.0 1.0 2.0", "1: 3.0 4.0 3.0 4.0");
    var refused = new CsvSource(file, CsvOptions.numbers("a").withFeatures("a", "b"));
    assertThatThrownBy(() -> read(refused, 99)).hasMessageContaining("set reconstruct: true");
  }

  @ParameterizedTest
  @ValueSource(longs = {7, 1 << 20})
  void aColumnOfWeightsIsNoFeature(long splitBytes) throws IOException {
    String file = write("w.csv", "a,w,y\n1,0.5,u\n2,0,v\n3,3,u\n").toString();
    var source = new CsvSource(file, weighted(CsvOptions.classes("y"), "w"));
    assertThat(read(source, splitBytes).rows())
        .containsExactly("0: 1.0 0.0", "1: 2.0 1.0", "2: 3.0 0.0");
    SourceLayout layout = source.layout(HADOOP, splitBytes);
    assertThat(layout.schema().weighted()).isTrue();
    List<Float> weights = new ArrayList<>();
    for (SourceSplit split : layout.splits()) {
      try (SplitReader reader = source.open(HADOOP, layout, split)) {
        reader.next().ifPresent(block -> weights.add(block.weight(0)));
      }
    }
    assertThat(weights).first().isEqualTo(0.5f);
    String numbers = write("n.csv", "a,w\n1,0.5\n2,0\n").toString();
    var itself = new CsvSource(numbers, weighted(CsvOptions.reconstruction(), "w"));
    assertThat(read(itself, splitBytes).rows()).containsExactly("0: 1.0 1.0", "1: 2.0 2.0");
  }

  private static CsvOptions weighted(CsvOptions options, String column) {
    return options.withWeight(new CsvOptions.Weight(column, false));
  }

  @Test
  void weightsThatAreNoneAreToldWithTheirLine() throws IOException {
    CsvOptions options = weighted(CsvOptions.classes("y"), "w");
    for (String wrong : List.of("-1", "", "x", "inf", "1e99")) {
      Path file = write("w.csv", "a,w,y\n1,1,u\n2,%s,v\n".formatted(wrong));
      assertThatThrownBy(() -> read(new CsvSource(file.toString(), options), 99))
          .as(wrong)
          .isInstanceOf(InputException.class)
          .hasMessageContaining("w.csv line 3: column 'w': ");
    }
    String file = write("n.csv", "a,b,y\n1,1,u\n2,1,v\n").toString();
    assertThatThrownBy(() -> new CsvSource(file, options).layout(HADOOP))
        .hasMessageContaining("there is no column 'w'");
    assertThatThrownBy(() -> weighted(CsvOptions.classes("y"), "y"))
        .hasMessageContaining("holds weights");
    assertThatThrownBy(
            () ->
                new CsvSource(file, weighted(CsvOptions.classes("y").withFeatures("a"), "0"))
                    .layout(HADOOP))
        .hasMessageContaining("holds weights");
    assertThatThrownBy(
            () -> new CsvSource(file, weighted(CsvOptions.classes("y"), "2")).layout(HADOOP))
        .hasMessageContaining("both label and weight");
  }

  @Test
  void aTestSetMayLackTheWeights() throws IOException {
    String with = write("with.csv", "a,w,y\n1,0.5,u\n2,0,v\n").toString();
    String without = write("without.csv", "a,y\n1,u\n2,v\n").toString();
    CsvOptions options = weighted(CsvOptions.classes("y"), "w");
    Labels labels = read(new CsvSource(with, options), 99).settled().labels();
    for (String file : List.of(with, without)) {
      CsvSource test = new CsvSource(file, options).like(labels, List.of("a"));
      Read read = read(test, 99);
      assertThat(read.rows()).containsExactly("0: 1.0 0.0", "1: 2.0 1.0");
      assertThat(read.settled().schema().weighted()).isEqualTo(file.equals(with));
    }
  }

  @Test
  void linesOfBlanksAreNoRows() throws IOException {
    Path file = write("b.csv", "x,y\n1,u\n   \n\t\n2,v\n  \n");
    assertThat(read(new CsvSource(file.toString(), CsvOptions.classes("y")), 999).rows())
        .hasSize(2);
  }
}
