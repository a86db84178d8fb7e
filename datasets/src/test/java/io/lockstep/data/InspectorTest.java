package io.lockstep.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectorTest {
  private static final Inspector.Hints NONE =
      new Inspector.Hints(Optional.empty(), Optional.empty(), Optional.empty(), 2);

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
    assertThat(features.first().label(0)).isEqualTo(1);
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
    assertThat(features.first().shape()).containsExactly(1, 2, 2);
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
        .hasMessageContaining("neither IDX nor text");
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
}
