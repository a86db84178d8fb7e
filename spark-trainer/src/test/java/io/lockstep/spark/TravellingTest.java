package io.lockstep.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.ps.Contribution;
import io.lockstep.ps.TrainingState;
import io.lockstep.train.NonFiniteException;
import io.lockstep.train.RoundResult;
import io.lockstep.train.RoundStart;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.SerializableWritable;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.KryoSerializer;
import org.apache.spark.serializer.Serializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import scala.reflect.ClassTag;

/** States arrive as they left under each of Spark's serializers, and replies as bytes. */
class TravellingTest {
  private static final float[] VALUES = {1.5f, -0f, Float.MIN_VALUE, -3e38f};
  private static final float[] UPDATER = {7, 8};
  private static final float[] CARRY = {9};

  /** Kryo as a user has it who demands registration and has never heard of us. */
  static Stream<Serializer> serializers() {
    SparkConf strict = new SparkConf(false).set("spark.kryo.registrationRequired", "true");
    return Stream.of(new KryoSerializer(strict), new JavaSerializer(strict));
  }

  @ParameterizedTest
  @MethodSource("serializers")
  void starts(Serializer serializer) {
    var state = new TrainingState(VALUES, UPDATER, 1L << 40, 3);
    var start = new RoundStart(state, List.of(CARRY, VALUES));
    RoundStart read =
        travelled(new SerializableWritable<>(new TravellingStart(start)), serializer)
            .value()
            .start();
    assertThat(read.state().sameBits(state)).isTrue();
    assertThat(read.carries()).usingRecursiveComparison().isEqualTo(start.carries());
  }

  @Test
  void contributions() {
    var contribution = new Contribution(2, 64, 0.5, 3, 0.25, -9, CARRY, VALUES, UPDATER);
    Reply read = decoded(new Reply.Contributed(contribution));
    assertThat(read.contribution()).usingRecursiveComparison().isEqualTo(contribution);
  }

  @Test
  void slices() {
    var shares =
        List.of(
            new RoundResult.Share(0, 60, 2, 11, CARRY),
            new RoundResult.Share(1, 4, 1, -12, new float[0]));
    var slice = new RoundResult(VALUES, UPDATER, 2, 0.5, shares);
    Reply read = decoded(Reply.ofSlice(() -> slice));
    assertThat(read.slice()).usingRecursiveComparison().isEqualTo(slice);
    assertThat(read.slice().examples()).isEqualTo(64);
  }

  @Test
  void reasons() {
    Reply diverged =
        Reply.ofReplica(
            () -> {
              throw new NonFiniteException("the loss became ∞");
            });
    assertThatThrownBy(decoded(diverged)::contribution)
        .isInstanceOf(NonFiniteException.class)
        .hasMessage("the loss became ∞");
  }

  @Test
  void whatIsLeftInPlaceTravelsWithoutContent() {
    assertThat(Reply.leftInPlace().encode()).hasSize(1);
    assertThatThrownBy(decoded(Reply.leftInPlace())::contribution)
        .isInstanceOf(IllegalStateException.class);
  }

  /** 200 million parameters with Adam are 2.4 GB: no slice may be more than an array holds. */
  @Test
  void noTaskMergesMoreThanItsLimitHoweverLargeTheModel() {
    long bytes = 3L * 200_000_000 * Float.BYTES;
    for (int replicas : new int[] {1, 4, 64}) {
      int count = Slices.of(replicas, bytes, 128L << 20).count();
      assertThat(bytes / count * replicas).isLessThanOrEqualTo(128L << 20);
    }
    assertThat(Slices.of(4, 1000, 128L << 20).count()).isEqualTo(4);
  }

  private static Reply decoded(Reply reply) {
    return Reply.decode(reply.encode());
  }

  private static <T> T travelled(T value, Serializer serializer) {
    ClassTag<T> type = ClassTag.apply(value.getClass());
    ByteBuffer bytes = serializer.newInstance().serialize(value, type);
    return serializer.newInstance().deserialize(bytes, type);
  }
}
