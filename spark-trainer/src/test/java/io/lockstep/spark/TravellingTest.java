package io.lockstep.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.ps.Contribution;
import io.lockstep.ps.TrainingState;
import io.lockstep.train.NonFiniteException;
import io.lockstep.train.RoundResult;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.Serializer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scala.reflect.ClassTag;

/** States and outcomes arrive as they left, under each of Spark's serializers. */
class TravellingTest {
  private static final float[] VALUES = {1.5f, -0f, Float.MIN_VALUE, -3e38f};
  private static final float[] UPDATER = {7, 8};

  static Stream<Serializer> serializers() {
    SparkConf conf = SparkSettings.apply(new SparkConf(false));
    return Stream.of(new KryoSerializer(conf), new JavaSerializer(conf));
  }

  @ParameterizedTest
  @MethodSource("serializers")
  void states(Serializer serializer) {
    var state = new TrainingState(VALUES, UPDATER, 1L << 40, 3);
    TravellingState read = travelled(new TravellingState(state), serializer);
    assertThat(read.state().sameBits(state)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("serializers")
  void contributions(Serializer serializer) {
    var contribution = new Contribution(2, 64, 3, 0.25, -9, VALUES, UPDATER);
    Outcome read = travelled(Outcome.of(contribution), serializer);
    assertThat(read.contribution()).usingRecursiveComparison().isEqualTo(contribution);
    assertThat(read.diverged()).isFalse();
  }

  @ParameterizedTest
  @MethodSource("serializers")
  void slices(Serializer serializer) {
    var shares = List.of(new RoundResult.Share(0, 60, 2, 11), new RoundResult.Share(1, 4, 1, -12));
    var slice = new RoundResult(VALUES, UPDATER, 64, 2, 0.5, shares);
    Outcome read = travelled(Outcome.ofSlice(() -> slice), serializer);
    assertThat(read.slice()).usingRecursiveComparison().isEqualTo(slice);
  }

  @ParameterizedTest
  @MethodSource("serializers")
  void reasons(Serializer serializer) {
    Outcome diverged =
        Outcome.ofReplica(
            () -> {
              throw new NonFiniteException("the loss became ∞");
            });
    Outcome read = travelled(diverged, serializer);
    assertThat(read.diverged()).isTrue();
    assertThatThrownBy(read::contribution)
        .isInstanceOf(NonFiniteException.class)
        .hasMessage("the loss became ∞");
  }

  @ParameterizedTest
  @MethodSource("serializers")
  void whatIsLeftInPlaceTravelsWithoutContent(Serializer serializer) {
    Outcome read = travelled(Outcome.LEFT_IN_PLACE, serializer);
    assertThat(read.diverged()).isFalse();
    assertThatThrownBy(read::contribution).isInstanceOf(IllegalStateException.class);
  }

  private static <T> T travelled(T value, Serializer serializer) {
    ClassTag<T> type = ClassTag.apply(value.getClass());
    ByteBuffer bytes = serializer.newInstance().serialize(value, type);
    return serializer.newInstance().deserialize(bytes, type);
  }
}
