package io.lockstep.data.source.csv;

import static org.assertj.core.api.Assertions.assertThat;

import io.lockstep.data.Labels;
import io.lockstep.data.block.Block;
import io.lockstep.data.source.Settled;
import io.lockstep.data.source.Whole;
import io.lockstep.data.source.idx.Idx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CsvSourceTest {

  @TempDir Path folder;

  @Test
  void allColumnsButTheLabelAreFeatures() throws IOException {
    CsvSource source =
        source(
            """
            length,kind,width
            1.5,cat,2
            -3e2,dog,.25
            """,
            CsvOptions.classes("kind"));
    Settled settled = Whole.settled(source);
    assertThat(settled.examples()).isEqualTo(2);
    assertThat(settled.shape()).containsExactly(2);
    assertThat(settled.labels()).isEqualTo(new Labels.Classes(List.of("cat", "dog")));
    Block block = Whole.rows(source, 0, 1);
    assertThat(Whole.features(block, 0)).containsExactly(1.5f, 2);
    assertThat(Whole.features(block, 1)).containsExactly(-300, 0.25f);
    assertThat(Whole.label(block, 0)).isZero();
    assertThat(Whole.label(block, 1)).isEqualTo(1);
    assertThat(block.id(1)).isEqualTo(1);
  }

  @Test
  void featuresComeInTheOrderAskedForByNameOrNumber() throws IOException {
    CsvSource source =
        source(
            """
            a,b,c,label
            1,2,3,x
            1,2,3,y
            """,
            CsvOptions.classes("3").withFeatures("c", "0"));
    assertThat(Whole.features(Whole.rows(source, 0), 0)).containsExactly(3, 1);
  }

  @Test
  void aNameInTheHeaderWinsOverANumber() throws IOException {
    CsvSource source =
        source("1,0,label\n10,20,x\n10,20,y\n", CsvOptions.classes("label").withFeatures("1"));
    assertThat(Whole.features(Whole.rows(source, 0), 0)).containsExactly(10);
  }

  @Test
  void withoutAHeaderColumnsAreNumbered() throws IOException {
    CsvSource source =
        source("5;6;yes\n7;8;no\n", CsvOptions.classes("2").withDelimiter(';').withoutHeader());
    assertThat(Whole.settled(source).examples()).isEqualTo(2);
    assertThat(Whole.settled(source).labels().names()).containsExactly("no", "yes");
    assertThat(Whole.features(Whole.rows(source, 1), 0)).containsExactly(7, 8);
  }

  @Test
  void quotedFieldsMayHoldDelimitersQuotesAndLineEnds() throws IOException {
    CsvSource source =
        source(
            "x,\"the \"\"label\"\", really\"\r\n1,\"a,b\"\r\n2,\"two\r\nlines\"\r\n\"3\",plain\r\n",
            CsvOptions.classes("the \"label\", really"));
    assertThat(Whole.settled(source).labels().names())
        .containsExactly("a,b", "plain", "two\r\nlines");
    Block block = Whole.rows(source, 2);
    assertThat(Whole.features(block, 0)).containsExactly(3);
    assertThat(Whole.label(block, 0)).isEqualTo(1);
  }

  @Test
  void spacesTabsByteOrderMarkAndBlankLinesDoNoHarm() throws IOException {
    CsvSource source =
        source(
            "\uFEFFa\tlabel\n\n 1 \t x \n\n2\ty", CsvOptions.classes("label").withDelimiter('\t'));
    assertThat(Whole.settled(source).examples()).isEqualTo(2);
    assertThat(Whole.settled(source).labels().names()).containsExactly("x", "y");
    CsvSource byFirst =
        source("\uFEFF\"label\",a\nx,1\ny,1\n", CsvOptions.classes("label").withFeatures("a"));
    assertThat(Whole.settled(byFirst).examples()).isEqualTo(2);
  }

  @Test
  void aByteOrderMarkWithoutHeaderDoesNoHarm() throws IOException {
    CsvSource source = source("\uFEFF1,x\n2,y\n", CsvOptions.classes("1").withoutHeader());
    assertThat(Whole.features(Whole.rows(source, 0), 0)).containsExactly(1);
  }

  @Test
  void collectedClassesThatAreNumbersAreSortedAsNumbers() throws IOException {
    CsvSource source = source("a,l\n1,10\n1,9\n1,-1\n1,0\n", CsvOptions.classes("l"));
    assertThat(Whole.settled(source).labels().names()).containsExactly("-1", "0", "9", "10");
    CsvSource mixed = source("a,l\n1,10\n1,9\n1,x\n", CsvOptions.classes("l"));
    assertThat(Whole.settled(mixed).labels().names()).containsExactly("10", "9", "x");
  }

  @Test
  void givenClassesKeepTheirOrder() throws IOException {
    CsvSource source =
        source(
            "a,l\n1,no\n2,yes\n", CsvOptions.classes("l").withClasses(List.of("yes", "no", "?")));
    assertThat(Whole.settled(source).labels().names()).containsExactly("yes", "no", "?");
    Block block = Whole.rows(source, 0, 1);
    assertThat(Whole.label(block, 0)).isEqualTo(1);
    assertThat(Whole.label(block, 1)).isZero();
  }

  @Test
  void aTestSetTakesTheClassesOfTheTrainingSet() throws IOException {
    CsvSource test = source("a,l\n1,dog\n", CsvOptions.classes("l"));
    Labels labels = new Labels.Classes(List.of("cat", "dog"));
    assertThat(Whole.label(Whole.rows(test.like(labels, List.of("a")), 0), 0)).isEqualTo(1);
    CsvSource numbers = source("a,l\n1,2\n", CsvOptions.numbers("l"));
    assertThat(numbers.like(new Labels.Targets(List.of("l")), List.of("a")).options().features())
        .containsExactly("a");
  }

  @Test
  void severalColumnsMayBePredicted() throws IOException {
    CsvSource source = source("a,y,z\n1,2,3\n4,5,6\n", CsvOptions.numbers("z", "y"));
    assertThat(Whole.settled(source).labels()).isEqualTo(new Labels.Targets(List.of("z", "y")));
    Block block = Whole.rows(source, 1);
    assertThat(block.values(1).at(0)).isEqualTo(6);
    assertThat(block.values(1).at(1)).isEqualTo(5);
    assertThat(Whole.features(block, 0)).containsExactly(4);
  }

  @Test
  void pixelsMayBeShapedAsAnImage() throws IOException {
    CsvSource source =
        source("l,p0,p1,p2,p3\n7,0,1,2,3\n8,0,1,2,3\n", CsvOptions.classes("l").withShape(1, 2, 2));
    assertThat(Whole.settled(source).shape()).containsExactly(1, 2, 2);
  }

  @Test
  void gzipIsReadToo() throws IOException {
    byte[] packed = Idx.gzip("a,l\n1,x\n2,y\n".getBytes(StandardCharsets.UTF_8));
    CsvSource source =
        new CsvSource(Idx.write(folder, "packed.csv", packed), CsvOptions.classes("l"));
    assertThat(Whole.settled(source).examples()).isEqualTo(2);
  }

  @Test
  void anySubsetOfALargeFileIsTheSameAsItsRows() throws IOException {
    StringBuilder text = new StringBuilder("a,b,l\n");
    for (int i = 0; i < 5000; i++) {
      text.append(i).append(',').append(-i).append(',').append(i % 7).append('\n');
    }
    CsvSource source = source(text.toString(), CsvOptions.classes("l"));
    int[] positions = {0, 1, 2500, 4999};
    Block block = Whole.rows(source, positions);
    for (int row = 0; row < positions.length; row++) {
      assertThat(Whole.features(block, row)).containsExactly(positions[row], -positions[row]);
      assertThat(Whole.label(block, row)).isEqualTo(positions[row] % 7);
    }
  }

  @Test
  void theShippedFilesHoldTenFeaturesAndTwoClasses() throws IOException {
    for (String part : List.of("train", "test")) {
      CsvSource source =
          new CsvSource(
              "../conf/data/breast-cancer-" + part + ".csv", CsvOptions.classes("malignant"));
      Settled summary = Whole.settled(source);
      assertThat(summary.examples()).isEqualTo(part.equals("train") ? 455 : 114);
      assertThat(summary.shape()).containsExactly(10);
      assertThat(summary.labels().names()).isEqualTo(List.of("0", "1"));
    }
  }

  private CsvSource source(String text, CsvOptions options) throws IOException {
    return new CsvSource(
        Idx.write(folder, "data.csv", text.getBytes(StandardCharsets.UTF_8)), options);
  }
}
