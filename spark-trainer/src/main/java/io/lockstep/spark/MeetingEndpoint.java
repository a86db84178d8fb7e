package io.lockstep.spark;

import java.util.UUID;
import org.apache.spark.rpc.RpcCallContext;
import org.apache.spark.rpc.RpcEndpoint;
import org.apache.spark.rpc.RpcEndpointRef;
import org.apache.spark.rpc.RpcEnv;
import scala.PartialFunction;
import scala.runtime.AbstractPartialFunction;
import scala.runtime.BoxedUnit;

/** The driver's end of {@link MeetingByRpc}: passes on what replicas ask. Thread-safe. */
final class MeetingEndpoint implements RpcEndpoint, AutoCloseable {
  private final String name = "lockstep-" + UUID.randomUUID();
  private final RpcEnv rpc;
  private final Stays stays;
  private final RpcEndpointRef itself;

  /** An endpoint that executors find by its {@link #name}, until it is closed. */
  MeetingEndpoint(RpcEnv rpc, Stays stays) {
    this.rpc = rpc;
    this.stays = stays;
    this.itself = rpc.setupEndpoint(name, this);
  }

  String name() {
    return name;
  }

  @Override
  public RpcEnv rpcEnv() {
    return rpc;
  }

  @Override
  public PartialFunction<Object, BoxedUnit> receiveAndReply(RpcCallContext call) {
    return new AbstractPartialFunction<>() {
      @Override
      public boolean isDefinedAt(Object message) {
        return message instanceof byte[];
      }

      @Override
      public BoxedUnit apply(Object message) {
        DoneRound done = DoneRound.decode((byte[]) message);
        stays.ask(done, next -> call.reply(next.encode()));
        return BoxedUnit.UNIT;
      }
    };
  }

  @Override
  public void close() {
    rpc.stop(itself);
  }
}
