package io.lockstep.data.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lockstep.data.Labels;
import io.lockstep.data.block.Block;
import io.lockstep.data.block.BlockBuilder;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.block.Schema;
import io.lockstep.data.normalize.Normalizer;
import io.lockstep.data.normalize.Standardization;
import io.lockstep.data.order.Deal;
import io.lockstep.data.order.Part;
import io.lockstep.data.source.Range;
import io.lockstep.data.source.Settled;
import io.lockstep.data.source.SourceLayout;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.SplitReport;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What was read is what is trained: each example once, at its place, with its own values. */
class ExchangeTest {
  private static final Schema SCHEMA =
      Schema.of(Field.of("x", ElementType.FLOAT64, 2), Field.of("class", ElementType.INT32));

  /** Splits of these sizes; example i of all has the values 1.7e9 + i and i, and class i mod 3. */
  private static List<Block> splits(int... sizes) {
    List<Block> splits = new ArrayList<>();
    int id = 0;
    for (int size : sizes) {
      var builder = new BlockBuilder(SCHEMA, size);
      for (int row = 0; row < size; row++, id++) {
        builder.begin(row);
        builder.put(0, 1.7e9 + id);
        builder.put(0, (double) id);
        builder.put(1, 2 - id % 3); // ids of the split's own names: c, b, a
        builder.end();
      }
      splits.add(builder.build());
    }
    return splits;
  }

  private static Settled settled(List<Block> splits) {
    return settledOf(splits.stream().map(block -> (long) block.size()).toList());
  }

  private static Settled settledOf(List<Long> sizes) {
    List<SplitReport> reports =
        sizes.stream()
            .map(
                size ->
                    new SplitReport(
                        size,
                        0,
                        0,
                        List.of("c", "b", "a"),
                        Range.NONE,
                        Range.NONE,
                        "00".repeat(32),
                        0,
                        OptionalLong.empty(),
                        List.of()))
            .toList();
    List<SourceSplit> layout =
        IntStream.range(0, sizes.size()).mapToObj(i -> new SourceSplit(i, "f", i, i)).toList();
    return Settled.of(
        new SourceLayout(layout, SCHEMA, List.of(), List.of(), List.of(), 0),
        reports,
        new Labels.Classes(List.of("a", "b", "c")),
        true);
  }

  private static List<Block> exchanged(Exchange exchange, List<Block> splits) {
    Map<Integer, List<Block>> arrived = new HashMap<>();
    for (int split = 0; split < splits.size(); split++) {
      exchange
          .route(split, List.of(splits.get(split)).iterator())
          .forEachRemaining(
              routed ->
                  arrived
                      .computeIfAbsent(routed.destination(), key -> new ArrayList<>())
                      .add(0, routed.rows()));
    }
    return IntStream.range(0, exchange.destinations())
        .mapToObj(i -> exchange.assemble(i, arrived.getOrDefault(i, List.of()).iterator()))
        .toList();
  }

  @Test
  void eachExampleArrivesOnceAtItsPlaceWithItsValues() {
    List<Block> splits = splits(13, 0, 40, 7);
    Deal deal = Deal.training(60, 0.2, 7, 42);
    var exchange = new Exchange(settled(splits), deal, new Normalizer.Identity(), 4);
    List<Block> blocks = exchanged(exchange, splits);

    int seen = 0;
    for (int number = 0; number < blocks.size(); number++) {
      Exchange.Destination to = exchange.destination(number);
      assertThat(exchange.first(to.part(), to.piece()) + to.block()).isEqualTo(number);
      Block block = blocks.get(number);
      for (int row = 0; row < block.size(); row++, seen++) {
        long id = deal.places().id(to.part(), to.piece(), 4L * to.block() + row);
        assertThat(block.id(row)).isEqualTo(id);
        assertThat(block.values(0).at(2 * row + 1)).isEqualTo((double) id);
        assertThat(block.values(1).at(row)).isEqualTo((double) (id % 3));
      }
    }
    assertThat(seen).isEqualTo(60);
    assertThat(exchange.first(Part.TEST, 7)).isEqualTo(blocks.size());
  }

  /** As 32-bit floats 1700000001 and 1700000002 are the same number. */
  @Test
  void largeNumbersKeepTheirDifferencesWhenTheyAreStandardised() {
    List<Block> splits = splits(50, 50);
    Deal deal = Deal.training(100, 0.1, 3, 1);
    var unfitted = new Exchange(settled(splits), deal, new Normalizer.Identity(), 16);
    var fit = new StandardizationFit(2);
    List<Fit.Part> parts = new ArrayList<>();
    for (int split = 1; split >= 0; split--) { // in any order
      unfitted
          .collect(fit, split, List.of(splits.get(split)).iterator())
          .forEachRemaining(parts::add);
    }
    Standardization standardization = fit.finish(List.of(fit.merge(parts.iterator())));
    double mean =
        IntStream.range(0, 100)
            .filter(id -> deal.places().of(id).part() == Part.TRAINING)
            .average()
            .orElseThrow();
    assertThat(standardization.mean()[1])
        .isCloseTo(mean, org.assertj.core.data.Offset.offset(1e-9));
    var exchange = new Exchange(unfitted.settled(), deal, standardization, 16);
    for (Block block : exchanged(exchange, splits)) {
      assertThat(block.schema().inputs().get(0).type()).isEqualTo(ElementType.FLOAT32);
      for (int row = 0; row < block.size(); row++) {
        assertThat(block.values(0).at(2 * row))
            .isCloseTo(block.values(0).at(2 * row + 1), org.assertj.core.data.Offset.offset(1e-6));
      }
    }
  }

  @Test
  void aBlockThatLacksAnExampleOrHasOneTwiceIsRefused() {
    List<Block> splits = splits(20);
    Deal deal = Deal.training(20, 0, 1, 1);
    var exchange = new Exchange(settled(splits), deal, new Normalizer.Identity(), 32);
    Block all = exchange.route(0, splits.iterator()).next().rows();

    assertThatThrownBy(() -> exchange.assemble(0, List.of(all, all).iterator()))
        .isInstanceOf(IllegalStateException.class);
    Block some = all.select(new int[] {0, 1, 2});
    assertThatThrownBy(() -> exchange.assemble(0, List.of(some).iterator()))
        .isInstanceOf(IllegalStateException.class);
  }

  /** What the driver keeps of the data, and sends with every task. */
  @Test
  void whatIsKnownOfAHundredMillionExamplesIsAsMuchAsOfOne() throws IOException {
    assertThat(bytesKnown(100_000_000)).isEqualTo(bytesKnown(1));
  }

  private static int bytesKnown(long examples) throws IOException {
    Deal deal = Deal.training(examples, 0, 4, 1);
    var exchange =
        new Exchange(settledOf(List.of(examples)), deal, new Normalizer.Identity(), 1 << 16);
    assertThat(exchange.deal().count(Part.TRAINING)).isEqualTo(examples);
    var bytes = new ByteArrayOutputStream();
    try (var out = new ObjectOutputStream(bytes)) {
      out.writeObject(exchange);
    }
    return bytes.size();
  }
}
