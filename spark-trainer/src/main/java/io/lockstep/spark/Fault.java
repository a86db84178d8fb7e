package io.lockstep.spark;

import io.lockstep.train.Workbench;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.storage.BlockId;
import org.apache.spark.storage.BlockManager;

/** What can happen to a replica at work, from within its executor and without a shell. */
public enum Fault {
  /** Its executor dies, as by {@code kill -9}: at once, or so many milliseconds later. */
  DEATH {
    @Override
    String strike(long millis, Workbench bench) {
      if (millis == 0) {
        Runtime.getRuntime().halt(KILLED);
      }
      var killer =
          new Thread(
              () -> {
                pause(millis);
                Runtime.getRuntime().halt(KILLED);
              },
              "lockstep kills this process");
      killer.setDaemon(true);
      killer.start();
      return "";
    }
  },
  /** Its task fails. */
  FAILURE {
    @Override
    String strike(long millis, Workbench bench) {
      throw new IllegalStateException("this task was ordered to fail");
    }
  },
  /** It goes on so many milliseconds later, unless its task is killed before. */
  DELAY {
    @Override
    String strike(long millis, Workbench bench) {
      for (long left = millis; left > 0 && isWanted(); left -= LOOK_MILLIS) {
        pause(Math.min(left, LOOK_MILLIS));
      }
      return "";
    }
  },
  /** It does not go on, until its task is killed. */
  HANG {
    @Override
    String strike(long millis, Workbench bench) {
      while (isWanted()) {
        pause(LOOK_MILLIS);
      }
      return "";
    }
  },
  /** What its executor keeps of the data is gone, in memory and on disk, copies elsewhere too. */
  LOST_BLOCKS {
    @Override
    String strike(long millis, Workbench bench) {
      return dropBlocks(bench) + " cached blocks dropped";
    }
  },
  /** So are the files of shuffles of its executor, of which the blocks could be made again. */
  LOST_FILES {
    @Override
    String strike(long millis, Workbench bench) {
      int blocks = dropBlocks(bench);
      int files = 0;
      for (File file : ScalaCollections.list(blocks().diskBlockManager().getAllFiles())) {
        files += file.getName().startsWith("shuffle_") && file.delete() ? 1 : 0;
      }
      return "%d cached blocks, %d files of shuffles dropped".formatted(blocks, files);
    }
  },
  /** Its executor's heap is used up; the task fails where it asks for more. */
  MEMORY {
    @Override
    String strike(long millis, Workbench bench) {
      try {
        while (true) {
          HELD.add(new byte[1 << 16]);
        }
      } catch (OutOfMemoryError e) {
        return ""; // Spark would not let the task see it
      }
    }
  };

  /** What a process leaves that was killed. */
  private static final int KILLED = 128 + 9;

  private static final List<byte[]> HELD = new ArrayList<>();
  private static final long LOOK_MILLIS = 100;

  /** For how long dropped blocks are waited for; they are dropped all the same. */
  private static final long DROPPED_MILLIS = 5_000;

  /**
   * Happens, in the thread of the task.
   *
   * @param millis how long, where that means something
   * @param bench of the run
   * @return what came of it, if that can be said
   */
  abstract String strike(long millis, Workbench bench);

  private static boolean isWanted() {
    return !TaskContext.get().isInterrupted();
  }

  private static BlockManager blocks() {
    return SparkEnv.get().blockManager();
  }

  /** By way of the driver, which does not wait for those who read: nor must this. */
  private static int dropBlocks(Workbench bench) {
    bench.forget();
    List<BlockId> kept =
        ScalaCollections.list(blocks().getMatchingBlockIds(BlockId::isRDD)).stream()
            .distinct()
            .toList();
    kept.forEach(block -> blocks().master().removeBlock(block));
    for (long waited = 0;
        waited < DROPPED_MILLIS && kept.stream().anyMatch(it -> blocks().getStatus(it).isDefined());
        waited += LOOK_MILLIS) {
      pause(LOOK_MILLIS);
    }
    return kept.size();
  }

  private static void pause(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
