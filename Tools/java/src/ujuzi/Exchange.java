package ujuzi;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.util.function.Supplier;

/**
 * An exchange: one thread sends requests, another (or the same, in turns) reads the answers.
 *
 * <p>Never begun again by itself: only the caller knows which requests were answered. Whoever sends
 * without reading waits for good once the server's credit is used up: read meanwhile.
 */
public final class Exchange<Q extends Message, A extends Message> extends Incoming<A> {
  Exchange(Channel channel, Supplier<Call> calls, Parser<A> reply) {
    super(reply);
    Call begun = calls.get();
    connection = channel.ready(begun.deadline);
    call = begun;
    connection.begin(begun);
  }

  /** Sends one request, once there is credit for it. False: the server has ended the exchange. */
  public boolean send(Q request) {
    return connection.send(call, request.toByteArray());
  }

  /** No more requests come. */
  public void finish() {
    connection.finish(call);
  }

  @Override
  byte[] first() {
    return connection.next(call);
  }
}
