package io.lockstep.data.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.InputException;
import io.lockstep.data.source.BadRecords;
import io.lockstep.data.source.SkippedRecords;
import io.lockstep.data.source.idx.Idx;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectorTest {
  private static final Inspector.Hints NONE =
      new Inspector.Hints(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          BadRecords.FAIL,
          2);

  private static final Inspector.Hints SKIP =
      new Inspector.Hints(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          BadRecords.SKIP,
          2);

  @TempDir Path folder;

  @Test
  void imagesAreShownWithTheLabelsThatGoWithThem() throws IOException {
    String images = Idx.write(folder, "my-images-idx3-ubyte", Idx.images(3, 2, 2));
    String labels = Idx.write(folder, "my-labels-idx1-ubyte", Idx.labels(1, 0, 1));
    List<Inspection> found = inspect(NONE, images);
    assertThat(found).hasSize(1);
    Inspection.Features features = (Inspection.Features) found.get(0);
    assertThat(features.type()).isEqualTo("uint8");
    assertThat(features.dimensions()).containsExactly(3, 2, 2);
    assertThat(features.smallest()).isZero();
    assertThat(features.largest()).isEqualTo(11);
    assertThat(features.mean()).isEqualTo(5.5);
    assertThat(features.labelsPath()).contains(labels);
    assertThat(features.classes())
        .contains(new Inspection.Histogram(List.of("0", "1"), List.of(1L, 2L)));
    assertThat(features.first().size()).isEqualTo(2);
    assertThat((int) features.first().values(1).at(0)).isEqualTo(1);
  }

  @Test
  void aFolderIsItsFilesWithLabelsBesideTheirImages() throws IOException {
    Idx.write(folder, "a-images", Idx.gzip(Idx.images(3, 2, 2)));
    Idx.write(folder, "a-labels", Idx.labels(1, 0, 1));
    Idx.write(folder, "b.csv", "x,y\n1,2\n".getBytes(StandardCharsets.UTF_8));
    Idx.write(folder, "c.gz.part", new byte[3]);
    assertThat(inspect(NONE, folder.toString()))
        .extracting(Inspection::path)
        .containsExactly(folder + "/a-images", folder + "/b.csv");
  }

  @Test
  void labelsAloneAreCounted() throws IOException {
    String labels = Idx.write(folder, "labels", Idx.labels(7, 7, 3));
    assertThat(inspect(NONE, labels))
        .containsExactly(
            new Inspection.Answers(
                labels, "uint8", 3, new Inspection.Histogram(List.of("3", "7"), List.of(1L, 2L))));
  }

  @Test
  void imagesNeedNoLabels() throws IOException {
    String images = Idx.write(folder, "pictures", Idx.images(3, 2, 2));
    Inspection.Features features = (Inspection.Features) inspect(NONE, images).get(0);
    assertThat(features.labelsPath()).isEmpty();
    assertThat(features.classes()).isEmpty();
    assertThat(features.first().schema().inputs().get(0).shape()).containsExactly(1, 2, 2);
  }

  @Test
  void runningTextIsToldFromTables() throws IOException {
    String prose = "Erstens, ein Wort.\n\nZweitens:\r\nnoch, ein, 😀!";
    Path file = Files.writeString(folder.resolve("prose.txt"), prose);
    assertThat(inspect(NONE, file.toString()))
        .containsExactly(
            new Inspection.Text(
                file.toString(),
                Inspection.TextKind.RUNNING,
                "UTF-8",
                1,
                4,
                18 + 1 + 1 + 9 + 1 + 13,
                7,
                (int) prose.replace("\r", "").codePoints().distinct().count(),
                18,
                Optional.empty(),
                SkippedRecords.NONE));
  }

  @Test
  void whatCannotBeReadIsCountedOnRequest() throws IOException {
    Path table = folder.resolve("t.csv");
    byte[] bytes = "a,b\n1,2\n3\n\u00FF,4\n5,6\n".getBytes(StandardCharsets.ISO_8859_1);
    Files.write(table, bytes);
    assertThatThrownBy(() -> inspect(NONE, table.toString()))
        .hasMessageContaining("t.csv: is neither IDX nor UTF-8 text");
    Inspection.Table found = (Inspection.Table) inspect(SKIP, table.toString()).get(0);
    assertThat(found.rows()).isEqualTo(2);
    assertThat(found.columns().get(0).mean()).isEqualTo(3);
    assertThat(found.skipped().first())
        .extracting(place -> place.where().replaceAll(".*/", "") + " " + place.fault())
        .containsExactly("t.csv line 3 COLUMNS", "t.csv line 4 NOT_TEXT");

    Path lines = Files.createDirectories(folder.resolve("l"));
    Files.writeString(lines.resolve("cat.txt"), "miau\n");
    Files.write(
        lines.resolve("dog.txt"), "wuff\n\u00FF\nwau\n".getBytes(StandardCharsets.ISO_8859_1));
    for (String path : List.of(lines.toString(), lines.resolve("dog.txt").toString())) {
      assertThatThrownBy(() -> inspect(NONE, path)).hasMessageContaining("dog.txt");
      Inspection.Text text = (Inspection.Text) inspect(SKIP, path).get(0);
      assertThat(text.skipped().total()).isEqualTo(1);
      assertThat(text.skipped().first().get(0).where()).endsWith("dog.txt line 2");
    }
    Inspection.Text text = (Inspection.Text) inspect(SKIP, lines.toString()).get(0);
    assertThat(text.classes())
        .contains(new Inspection.Histogram(List.of("cat", "dog"), List.of(1L, 2L)));
  }

  @Test
  void foldersOfTextsShowTheirClasses() throws IOException {
    for (String name : List.of("lines/cat.txt", "lines/dog.txt", "d/pos/1", "d/pos/2", "d/neg/3")) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, "one\n\ntwo " + name);
    }
    Inspection.Text lines =
        (Inspection.Text) inspect(NONE, folder.resolve("lines").toString()).get(0);
    assertThat(lines.kind()).isEqualTo(Inspection.TextKind.LINES);
    assertThat(lines.classes())
        .contains(new Inspection.Histogram(List.of("cat", "dog"), List.of(2L, 2L)));
    Inspection.Text files = (Inspection.Text) inspect(NONE, folder.resolve("d").toString()).get(0);
    assertThat(files.kind()).isEqualTo(Inspection.TextKind.DIRECTORY);
    assertThat(files.longest()).isEqualTo("one\n\ntwo d/pos/1".length());
    assertThat(files.classes())
        .contains(new Inspection.Histogram(List.of("neg", "pos"), List.of(1L, 2L)));
  }

  @Test
  void delimiterAndHeaderAreFoundOut() throws IOException {
    Inspection.Table table = table("a;kind\n1,5;x\n2,5;y\n");
    assertThat(table.delimiter()).isEqualTo(';');
    assertThat(table.header()).isTrue();
    assertThat(table.rows()).isEqualTo(2);
    assertThat(table.columns()).extracting(Inspection.Column::name).containsExactly("a", "kind");
    Inspection.Table bare = table("1\tx\n2\ty\n");
    assertThat(bare.delimiter()).isEqualTo('\t');
    assertThat(bare.header()).isFalse();
    assertThat(bare.columns()).extracting(Inspection.Column::name).containsExactly("0", "1");
  }

  @Test
  void columnsAreSummedUp() throws IOException {
    Inspection.Table table = table("a,b,kind\n1,,x\n-2,oops,y\n4,3,x\n");
    Inspection.Column a = table.columns().get(0);
    assertThat(a.numbers()).isEqualTo(3);
    assertThat(a.smallest()).isEqualTo(-2);
    assertThat(a.largest()).isEqualTo(4);
    assertThat(a.mean()).isEqualTo(1);
    Inspection.Column b = table.columns().get(1);
    assertThat(b.empty()).isEqualTo(1);
    assertThat(b.texts()).isEqualTo(1);
    assertThat(table.columns().get(2).values())
        .contains(new Inspection.Histogram(List.of("x", "y"), List.of(2L, 1L)));
  }

  @Test
  void whatIsNeitherIdxNorTextIsRefused() throws IOException {
    String path = Idx.write(folder, "x.bin", new byte[] {1, 0, 2, 0, 3});
    assertThatThrownBy(() -> inspect(NONE, path))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is not text but binary");
    assertThatThrownBy(() -> inspect(NONE, "no/such/file"))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("no such file");
  }

  @Test
  void damageIsFoundAsTrainingWouldFindIt() throws IOException {
    String images = Idx.write(folder, "images", Idx.images(3, 2, 2));
    Idx.write(folder, "labels", Idx.labels(1));
    assertThatThrownBy(() -> inspect(NONE, images))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("has 1 labels, but");
  }

  private Inspection.Table table(String text) throws IOException {
    String path = Idx.write(folder, "t.csv", text.getBytes(StandardCharsets.UTF_8));
    return (Inspection.Table) inspect(NONE, path).get(0);
  }

  private static List<Inspection> inspect(Inspector.Hints hints, String path) throws IOException {
    return new Inspector(new Configuration(), hints).inspect(path);
  }

  /** Commas within texts are more than tabs between them, but not in every line the same number. */
  @Test
  void tabsAreSeenInAFileOfTexts() throws IOException {
    Inspection.Table table =
        table("ham\tGo, now, or never, please\nspam\tFree entry\nham\tOk lar, joking\n");
    assertThat(table.delimiter()).isEqualTo('\t');
    assertThat(table.header()).isFalse();
    assertThat(table.columns()).hasSize(2);
    assertThat(table.rows()).isEqualTo(3);
  }

  @Test
  void aFolderOfPartFilesIsOneTable() throws IOException {
    Idx.write(folder, "part-0.csv", "a,b\n1,x\n".getBytes(StandardCharsets.UTF_8));
    Idx.write(folder, "part-1.csv", "a,b\n2,y\n3,y\n".getBytes(StandardCharsets.UTF_8));
    Idx.write(folder, "_SUCCESS", new byte[0]);
    List<Inspection> found = inspect(NONE, folder.toString());
    assertThat(found).hasSize(1);
    assertThat(((Inspection.Table) found.get(0)).rows()).isEqualTo(3);
  }

  @Test
  void whatIsNoTableIsNamed() throws IOException {
    String path = Idx.write(folder, "x.csv", "PAR1....".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> inspect(NONE, path))
        .isInstanceOf(InputException.class)
        .hasMessageContaining("is a Parquet file");
  }
}
