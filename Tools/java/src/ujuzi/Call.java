package ujuzi;

import java.util.ArrayDeque;
import java.util.concurrent.Future;

/** A call as its connection keeps it. What is not final is guarded by the connection's lock. */
final class Call {
  /** What happens of its own accord. Called without locks held. */
  interface Waiting {
    /** The call ended: with the last of its messages, where it has one, or with an error. */
    void ended(byte[] last, StatusException error);
  }

  final Method method;
  final byte[] message;
  final byte[] metadata;
  /** Of {@code System.nanoTime()}; 0: none. */
  final long deadline;
  /** Null for a call whose messages are taken one by one. */
  final Waiting waiting;

  /** 0 until it was begun. */
  int id;

  /** Gives up when the time has passed; null where there is none. */
  Future<?> timer;

  boolean hasEnded;
  StatusException error;
  final ArrayDeque<byte[]> arrived = new ArrayDeque<>();

  Call(Method method, byte[] message, byte[] metadata, long deadline, Waiting waiting) {
    this.method = method;
    this.message = message;
    this.metadata = metadata;
    this.deadline = deadline;
    this.waiting = waiting;
  }
}
