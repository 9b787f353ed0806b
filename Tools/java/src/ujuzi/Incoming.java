package ujuzi;

import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import java.util.Iterator;
import java.util.NoSuchElementException;

/**
 * The messages that a server sends in one call, for one thread. {@code hasNext} and {@code next}
 * wait, and throw StatusException where the call failed.
 *
 * <p>The server may send on while a message is used, by no more than the stream's credit.
 */
abstract class Incoming<A extends Message> implements Iterator<A>, AutoCloseable {
  private final Parser<A> reply;
  Connection connection;
  Call call;
  private byte[] ahead;
  private int unconsumed;
  private boolean hasBegun;
  private boolean isComplete;

  Incoming(Parser<A> reply) {
    this.reply = reply;
  }

  /** Takes the first message; null where there is none. */
  abstract byte[] first();

  @Override
  public boolean hasNext() {
    if (ahead == null && !isComplete) {
      try {
        ahead = hasBegun ? afterOne() : first();
        hasBegun = true;
        isComplete = ahead == null;
      } catch (StatusException error) {
        isComplete = true;
        close();
        throw error;
      }
    }
    return ahead != null;
  }

  private byte[] afterOne() {
    if (unconsumed > 0) {
      connection.consumed(call, unconsumed);
      unconsumed = 0;
    }
    return connection.next(call);
  }

  @Override
  public A next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    byte[] message = ahead;
    ahead = null;
    unconsumed = message.length;
    return Channel.parsed(reply, message);
  }

  /** Cancels what is left. */
  @Override
  public void close() {
    isComplete = true;
    if (call != null) {
      int left = unconsumed + (ahead == null ? 0 : ahead.length);
      ahead = null;
      unconsumed = 0;
      connection.give(call, StatusException.of(Code.CANCELLED, "", "Closed.", false));
      connection.consumed(call, left);
    }
  }
}
