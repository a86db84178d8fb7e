package io.lockstep.data.source.csv;

import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.lockstep.data.InputException;
import io.lockstep.data.source.Whole;
import io.lockstep.data.source.idx.Idx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Each kind of wrong CSV gets one message that names file and line, the fault and the remedy. */
class BadCsvTest {
  private static final CsvOptions LABEL = CsvOptions.classes("label");

  @TempDir Path folder;

  static Stream<Arguments> wrongFiles() {
    CsvOptions number = CsvOptions.numbers("label");
    return Stream.of(
        arguments("empty", "", LABEL, ": is empty."),
        arguments("header only", "a,label\n", LABEL, ": holds no examples."),
        arguments(
            "short row",
            "a,b,label\n1,2,x\n1,x\n",
            LABEL,
            " line 3: 2 values, but the header has 3 columns. Fill in what is missing."),
        arguments(
            "long row",
            "a,label\n1,x,y\n",
            LABEL,
            " line 2: 3 values, but the header has 2 columns. Quote values that contain the"
                + " delimiter."),
        arguments(
            "short row without header",
            "1,2,x\n1,x\n",
            CsvOptions.classes("2").withoutHeader(),
            " line 2: 2 values, but the first line has 3 columns."),
        arguments(
            "text in a number column",
            "a,label\n1,x\ntwo,x\n",
            LABEL,
            " line 3: column 'a': 'two' is not a number. Mend the value, or say with"
                + " features: [...] which columns are features, or with data.columns:"
                + " [{category: [...]}] which hold words."),
        arguments(
            "header taken for data",
            "a,label\n1,x\n",
            CsvOptions.classes("1").withoutHeader(),
            " line 1: column 0: 'a' is not a number."),
        arguments(
            "decimal comma",
            "a;label\n1,5;x\n",
            LABEL.withDelimiter(';'),
            "'1,5' is not a number. Decimals are written with a point."),
        arguments("NaN", "a,label\nNaN,x\n", LABEL, "'NaN' is not a number"),
        arguments("infinite", "a,label\nInfinity,x\n", LABEL, "'Infinity' is not a number"),
        arguments("a Java literal", "a,label\n1f,x\n", LABEL, "'1f' is not a number"),
        arguments("hexadecimal", "a,label\n0x1p3,x\n", LABEL, "'0x1p3' is not a number"),
        arguments("no digits", "a,label\n-.e1,x\n", LABEL, "'-.e1' is not a number"),
        arguments("too large", "a,label\n1e39,x\n", LABEL, "1e39 is too large for a 32-bit number"),
        arguments(
            "empty number",
            "a,label\n,x\n",
            LABEL,
            " line 2: column 'a': empty, where a number must be. Nothing is filled in: mend or"
                + " remove the row, or say what stands there, such as data.columns:"
                + " [{number: ['a'], missing: median}]."),
        arguments("empty label", "a,label\n1,\n", LABEL, "column 'label': the label is empty"),
        arguments(
            "label not among the classes",
            "a,label\n1,cat\n1,catt\n",
            LABEL.withClasses(List.of("dog", "cat")),
            " line 3: column 'label': label 'catt' is not among the classes dog, cat."),
        arguments(
            "text to be predicted",
            "a,label\n1,cat\n",
            number,
            " line 2: column 'label': 'cat' is not a number."),
        arguments(
            "unknown label column",
            "a,lable\n1,x\n",
            LABEL,
            ": there is no column 'label'. Columns are: a, lable."),
        arguments(
            "other delimiter",
            "a;label\n1;x\n",
            LABEL,
            ": there is no column 'label'. Columns are: a;label. Is the delimiter right?"),
        arguments("number beyond", "a,b\n1,x\n", CsvOptions.classes("2"), "no column '2'"),
        arguments(
            "unknown feature",
            "a,label\n1,x\n",
            LABEL.withFeatures("a", "b"),
            "there is no column 'b'"),
        arguments(
            "label as feature",
            "a,label\n1,x\n",
            LABEL.withFeatures("a", "label"),
            "column 'label' is both feature and label"),
        arguments(
            "feature twice",
            "a,label\n1,x\n",
            LABEL.withFeatures("a", "0"),
            "column 'a' is named twice among the features"),
        arguments(
            "name twice",
            "a,a,label\n1,2,x\n",
            LABEL.withFeatures("a"),
            "names column 'a' twice, as columns 0 and 1 (counted from 0). Choose by number."),
        arguments("labels only", "label\nx\n", LABEL, "only label columns, no features"),
        arguments(
            "other shape",
            "a,b,label\n1,2,x\n",
            LABEL.withShape(1, 28, 28),
            "2 feature columns, which cannot be shaped as [1, 28, 28]"),
        arguments(
            "stray quote", "a,label\n1,x\n2,\"x\" y\n", LABEL, " line 3: the quotes do not match"),
        arguments(
            "open quote",
            "a,label\n1,\"x\n2,y\n",
            LABEL,
            " line 2: a quote begins that is never closed"),
        arguments(
            "line after quoted line ends",
            "a,label\n1,\"x\ny\"\n\nb,x\n",
            LABEL,
            " line 5: column 'a': 'b'"),
        arguments(
            "fault within quoted line ends",
            "a,label\n1,x\nb,\"x\ny\"\n",
            LABEL,
            " line 3: column 'a': 'b'"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongFiles")
  void oneMessageNamesFileLineFaultAndRemedy(
      String fault, String text, CsvOptions options, String expected) throws IOException {
    String path = Idx.write(folder, "data.csv", text.getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> Whole.settled(new CsvSource(path, options)))
        .as(fault)
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(path)
        .hasMessageContaining(expected);
  }

  @Test
  void otherEncodingsAreRefused() throws IOException {
    byte[] latin = "a,label\n1,x\n2,f\u00fcr\n".getBytes(StandardCharsets.ISO_8859_1);
    String path = Idx.write(folder, "data.csv", latin);
    assertThatThrownBy(() -> Whole.settled(new CsvSource(path, LABEL)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is not UTF-8 text");
  }

  @Test
  void cutGzipIsRefused() throws IOException {
    byte[] packed = Idx.gzip("a,label\n1,x\n2,y\n".getBytes(StandardCharsets.UTF_8));
    for (int length = 2; length < packed.length; length++) {
      String path = Idx.write(folder, "data.csv", Arrays.copyOf(packed, length));
      assertThatThrownBy(() -> Whole.settled(new CsvSource(path, LABEL)))
          .isInstanceOf(InputException.class)
          .hasMessageContaining("cut short or damaged");
    }
  }

  @Test
  void aQuoteNeverClosedDoesNotFillTheMemory() throws IOException {
    // 200 MB unpacked from 200 KB.
    byte[] spaces = new byte[1 << 20];
    Arrays.fill(spaces, (byte) 'x');
    Path path = folder.resolve("bomb.csv.gz");
    try (var out = new java.util.zip.GZIPOutputStream(java.nio.file.Files.newOutputStream(path))) {
      out.write("a,label\n1,\"".getBytes(StandardCharsets.UTF_8));
      for (int i = 0; i < 200; i++) {
        out.write(spaces);
      }
    }
    assertThatThrownBy(() -> Whole.settled(new CsvSource(path.toString(), LABEL)))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("bomb.csv.gz line 2: a quote begins that is never closed");
  }

  @Test
  void contradictoryOptionsAreRefused() {
    assertThatThrownBy(() -> CsvOptions.numbers()).hasMessageContaining("name the label column");
    assertThatThrownBy(() -> CsvOptions.numbers("a").withClasses(List.of("x")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no classes");
    assertThatThrownBy(() -> LABEL.withClasses(List.of("x", "x")))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("twice");
    assertThatThrownBy(() -> LABEL.withDelimiter('"')).isInstanceOf(InputException.class);
    assertThatThrownBy(() -> LABEL.withShape(0)).isInstanceOf(InputException.class);
    assertThatThrownBy(
            () ->
                new CsvOptions(
                    List.of("a", "b"),
                    CsvOptions.LabelKind.CLASS,
                    List.of(),
                    List.of(),
                    ',',
                    true,
                    List.of(),
                    false,
                    CsvOptions.Weight.NONE))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("one label column, not 2");
  }
}
