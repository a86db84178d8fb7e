package io.lockstep.app;

import io.lockstep.compute.Arithmetic;
import io.lockstep.run.Provenance;
import io.lockstep.train.Lockstep;
import io.lockstep.train.PreparedRun;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;

/** What decides the bits of a run beside its plan, as things are in this process. */
final class Circumstances {
  private Circumstances() {}

  static Provenance of(PreparedRun run) {
    return new Provenance(
        data(run),
        Lockstep.build(),
        run.plan().compute().kernels().name().toLowerCase(Locale.ROOT),
        Arithmetic.describe());
  }

  /** The content of each source of the plan, by its name there. */
  static SortedMap<String, String> data(PreparedRun run) {
    var hashes = new TreeMap<String, String>();
    hashes.put("train", run.data().settled().hash());
    run.data().test().ifPresent(test -> hashes.put("test", test.settled().hash()));
    return hashes;
  }
}
