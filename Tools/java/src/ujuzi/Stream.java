package ujuzi;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.util.function.Supplier;

/** The messages of a streaming method. It begins again by itself before its first message only. */
public final class Stream<A extends Message> extends Incoming<A> {
  private final Channel channel;
  private final Retry retry;
  private final Supplier<Call> calls;

  Stream(Channel channel, Retry retry, Supplier<Call> calls, Parser<A> reply) {
    super(reply);
    this.channel = channel;
    this.retry = retry;
    this.calls = calls;
  }

  @Override
  byte[] first() {
    for (int attempt = 1; ; attempt++) {
      Call begun = calls.get();
      try {
        connection = channel.ready(begun.deadline);
        call = begun;
        connection.begin(begun);
        return connection.next(begun);
      } catch (StatusException error) {
        long wait = retry.waitMs(attempt, error, true);
        boolean isTooLate =
            begun.deadline != 0
                && System.nanoTime() + wait * 1_000_000 - begun.deadline >= 0;
        if (wait < 0 || isTooLate) {
          throw error;
        }
        pause(wait);
      }
    }
  }

  private static void pause(long ms) {
    try {
      Thread.sleep(ms);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw StatusException.of(Code.CANCELLED, "", "The thread was interrupted.", false);
    }
  }
}
