package io.lockstep.spark;

import io.lockstep.ps.StateCodec;
import io.lockstep.train.RoundResult;
import io.lockstep.train.RoundStart;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.apache.spark.SparkEnv;
import org.apache.spark.network.buffer.ManagedBuffer;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManager;
import org.apache.spark.storage.BlockManagerId;
import org.apache.spark.storage.BlockManagerMaster;
import org.apache.spark.storage.StorageLevel;
import org.apache.spark.storage.TempLocalBlockId;
import org.apache.spark.util.io.ChunkedByteBuffer;
import scala.reflect.ClassTag;

/**
 * As {@link ByBlocks}, in pieces, for states that are large: nobody holds a second copy of a whole
 * for having sent or received it.
 *
 * <p>Executors read the state piece by piece as it arrives. What a replica brings stays with its
 * executor, cut into slices; when all replicas are done the driver fetches a slice of each, merges
 * them and goes on with the next. An executor that dies in between has taken its slices along; then
 * the round is done again, by all.
 *
 * @param home of the state's pieces, the driver
 * @param run of which this is a passage
 * @param number of this passage in the run
 * @param tasks number of replicas
 * @param slices into which contributions are cut
 * @param values length of a contribution's vector
 * @param updater length of its optimizer state
 */
record ByPieces(Home home, long run, int number, int tasks, Slices slices, int values, int updater)
    implements Travelling {
  private static final ClassTag<byte[]> BYTES = ClassTag.apply(byte[].class);
  private static final StorageLevel LEVEL = StorageLevel.MEMORY_AND_DISK_SER();

  /** Bytes of a piece, at most. */
  static final int PIECE_BYTES = 4 << 20;

  /** Stands for the driver, beside the numbers of replicas. */
  private static final int START = -1;

  /** Slices that the driver fetches and merges at a time. */
  private static final int AT_A_TIME = 2;

  /**
   * A block manager.
   *
   * @param executor what Spark calls its executor
   * @param host where it listens
   * @param port there
   */
  record Home(String executor, String host, int port) implements java.io.Serializable {
    static Home here() {
      BlockManagerId itself = blocks().blockManagerId();
      return new Home(itself.executorId(), itself.host(), itself.port());
    }

    ArrivingBlock fetch(BlockId id) {
      var arriving = new ArrivingBlock();
      blocks()
          .blockTransferService()
          .fetchBlocks(host, port, executor, new String[] {id.name()}, arriving, null);
      return arriving;
    }
  }

  /**
   * Puts the start where executors fetch it.
   *
   * @throws IllegalStateException if the driver has no place for it, neither in memory nor on disk
   */
  static ByPieces open(RoundStart start, int tasks, long run, int number) {
    Slices slices = Slices.of(tasks, StateCodec.bytes(start.state()), (long) PIECE_BYTES * tasks);
    var passage =
        new ByPieces(
            Home.here(),
            run,
            number,
            tasks,
            slices,
            start.state().parameters().length,
            start.state().updater().length);
    var travelling = new TravellingStart(start);
    try (var out =
            new PiecesOutput(PIECE_BYTES, (piece, bytes) -> passage.put(START, piece, bytes));
        var data = new DataOutputStream(out)) {
      data.writeInt(PiecesOutput.count(Integer.BYTES + travelling.bytes(), PIECE_BYTES));
      travelling.write(data);
    } catch (IOException e) {
      throw new UncheckedIOException("laying out the state", e);
    }
    return passage;
  }

  @Override
  public ByPieces at(int otherNumber) {
    return new ByPieces(home, run, otherNumber, tasks, slices, values, updater);
  }

  @Override
  public RoundStart start(Arrivals arrivals) {
    return arrivals.of(this, this::fetched);
  }

  private RoundStart fetched() {
    try (var in = new DataInputStream(new PiecesInput(piece -> home.fetch(block(START, piece))))) {
      var travelling = new TravellingStart();
      travelling.readFields(in);
      return travelling.start();
    } catch (IOException e) {
      throw new UncheckedIOException("fetching the state from the driver", e);
    }
  }

  @Override
  public Reply send(int k, Reply reply) {
    if (reply instanceof Reply.Diverged) {
      return reply;
    }
    slices.cut(reply).forEachRemaining(slice -> put(k, slice._1(), slice._2()));
    Home here = Home.here();
    return new Reply.KeptAt(here.executor(), here.host(), here.port());
  }

  private void put(int whose, int piece, byte[] bytes) {
    var buffer = new ChunkedByteBuffer(ByteBuffer.wrap(bytes));
    // The driver's books know of it, so that it can be removed wherever it is.
    if (!blocks().putBytes(block(whose, piece), buffer, LEVEL, true, BYTES)) {
      throw new IllegalStateException(
          "there is no place for %,d bytes, neither in memory nor under spark.local.dir"
              .formatted(bytes.length));
    }
  }

  @Override
  public Reply receive(int k, Reply returned) {
    return returned; // where it is; what is there comes slice by slice
  }

  @Override
  public RoundResult merged(DoneRound[] done) {
    for (DoneRound each : done) {
      if (each.reply() instanceof Reply.Diverged diverged) {
        diverged.contribution(); // says why there is none
      }
    }
    Slices.Joining joining = slices.new Joining(values, updater);
    for (int from = 0; from < slices.count(); from += AT_A_TIME) {
      List<List<ArrivingBlock>> arriving = new ArrayList<>();
      for (int slice = from; slice < Math.min(from + AT_A_TIME, slices.count()); slice++) {
        arriving.add(fetch(done, slice));
      }
      int first = from;
      List<Reply> merged =
          IntStream.range(0, arriving.size())
              .parallel()
              .mapToObj(i -> merge(arriving.get(i)))
              .toList();
      IntStream.range(0, merged.size()).forEach(i -> joining.add(first + i, merged.get(i)));
    }
    return joining.result();
  }

  private List<ArrivingBlock> fetch(DoneRound[] done, int slice) {
    List<ArrivingBlock> arriving = new ArrayList<>();
    for (DoneRound each : done) {
      Reply.KeptAt at = (Reply.KeptAt) each.reply();
      var where = new Home(at.executor(), at.host(), at.port());
      arriving.add(where.fetch(block(each.replica(), slice)));
    }
    return arriving;
  }

  private static Reply merge(List<ArrivingBlock> slice) {
    List<Reply> replies = new ArrayList<>();
    for (ArrivingBlock each : slice) {
      ManagedBuffer arrived = await(each);
      try (var in = new DataInputStream(arrived.createInputStream())) {
        replies.add(Reply.read(in));
      } catch (IOException e) {
        throw new UncheckedIOException("a damaged slice", e);
      } finally {
        arrived.release();
      }
    }
    return Slices.mergedOf(replies);
  }

  private static ManagedBuffer await(ArrivingBlock slice) {
    try {
      return slice.await();
    } catch (IllegalStateException e) {
      throw new LostPieceException("what a replica brought is gone: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    BlockManager own = blocks();
    BlockManagerMaster everywhere = own.master();
    own.getMatchingBlockIds(id -> id instanceof TempLocalBlockId piece && isOf(piece))
        .foreach(
            id -> {
              own.removeBlock(id, false);
              return null;
            });
    for (int k = 0; k < tasks; k++) {
      if (everywhere.getLocations(block(k, 0)).isEmpty()) {
        continue; // it brought nothing, or only a reason
      }
      for (int slice = 0; slice < slices.count(); slice++) {
        everywhere.removeBlock(block(k, slice));
      }
    }
  }

  private boolean isOf(TempLocalBlockId id) {
    return id.id().getMostSignificantBits() == run
        && id.id().getLeastSignificantBits() >>> Integer.SIZE == number;
  }

  private BlockId block(int whose, int piece) {
    long within = (long) (whose + 1) << 24 | piece;
    return new TempLocalBlockId(new UUID(run, (long) number << Integer.SIZE | within));
  }

  private static BlockManager blocks() {
    return SparkEnv.get().blockManager();
  }
}
