package io.lockstep.run;

import io.lockstep.data.file.Sha256;
import io.lockstep.ps.TrainingState;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.apache.hadoop.fs.Path;

/**
 * A run directory as the first version of its layout was: one round, and two that did not count.
 */
final class FirstVersion {
  static final Position POSITION = new Position(1, 0, 1, 7, 0.5);

  private FirstVersion() {}

  static void write(Files files, Path run) throws IOException {
    files.write(new Path(run, "plan.yaml"), Runs.RECORDED.yaml());
    files.write(
        new Path(run, "run.json"),
        """
        {
          "format" : "lockstep-run",
          "version" : 1,
          "plan" : "%s"
        }
        """
            .formatted(Runs.PLAN));
    var events = new StringBuilder("{\"segment\":1,\"version\":1,\"continues\":[]}\n");
    var ledger = new StringBuilder(events);
    for (int round = 0; round < 3; round++) {
      events.append("{\"event\":\"round\",\"time\":\"2026-11-21T12:00:00Z\",\"round\":");
      events.append(round).append("}\n");
      ledger.append("{\"round\":%d,\"epoch\":0,\"shares\":[".formatted(round));
      for (LedgerRound.Share share : Runs.ledger(round).shares()) {
        ledger.append(share.replica() == 0 ? "" : ",");
        ledger.append(
            "[%d,%d,%d,\"%s\"]"
                .formatted(share.replica(), share.from(), share.to(), IdHash.text(share.hash())));
      }
      ledger.append("]}\n");
    }
    files.write(new Path(run, "events/00001.jsonl"), events.toString());
    files.write(new Path(run, "ledger/00001.jsonl"), ledger.toString());
    byte[] state = state();
    files.write(new Path(run, "checkpoints/000000000001-00001.state"), out -> out.write(state));
    files.write(
        new Path(run, "checkpoints/000000000001-00001.json"),
        """
        {
          "events" : [ { "session" : 1, "lines" : 1 } ],
          "ledger" : [ { "session" : 1, "lines" : 1 } ],
          "format" : "lockstep-checkpoint",
          "version" : 1,
          "plan" : "%s",
          "round" : 1,
          "epoch" : 0,
          "bytes" : %d,
          "sha256" : "%s"
        }
        """
            .formatted(Runs.PLAN, state.length, Sha256.hex(state)));
  }

  private static byte[] state() {
    byte[] plan = Runs.PLAN.getBytes(StandardCharsets.UTF_8);
    TrainingState state = Runs.checkpoint(1).state();
    ByteBuffer bytes =
        ByteBuffer.allocate(8 + plan.length + 60 + 12 + 12 + 4 * (70 + 140))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(new byte[] {'L', 'S', 'K', '1'}).putInt(plan.length).put(plan);
    bytes.putLong(1).putInt(0).putInt(1).putLong(7).putDouble(0.5);
    bytes.putInt(0).putDouble(0).putLong(0).putInt(0).putInt(0);
    bytes.putLong(2).putInt(0).putInt(70).putInt(140).putInt(0);
    for (float value : state.parameters()) {
      bytes.putFloat(value);
    }
    for (float value : state.updater()) {
      bytes.putFloat(value);
    }
    return bytes.array();
  }
}
